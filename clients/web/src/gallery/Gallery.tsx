import { useState } from 'react';
import { Router } from 'wouter';
import { Door, Frame } from '../app/App';
import { Avatar } from '../components/avatar/Avatar';
import { Badge, MentionBadge, Tag } from '../components/Badge';
import { Button, IconButton } from '../components/Button';
import { Check, RadioRows, Segment, Toggle } from '../components/Choices';
import { Field } from '../components/Field';
import { Glass } from '../components/Glass';
import { Select } from '../components/MenuButton';
import { Note } from '../components/Note';
import type { SendState } from '../lib';
import { PROFILES } from './sample';
import { sampleClient } from './sampleClient';

const STATES: readonly SendState[] = ['waiting', 'sending', 'stored', 'delivered', 'read', 'failed'];

/** /gallery shows the components, /gallery/app the screens with invented people. */
export default function Gallery() {
  const [client] = useState(() => sampleClient(new URLSearchParams(location.search)));
  if (location.pathname.startsWith('/gallery/app'))
    return (
      <Router base="/gallery/app">
        <Frame client={client}>
          <Door />
        </Frame>
      </Router>
    );
  return <Board />;
}

function Board() {
  const [on, setOn] = useState(true);
  const [choice, setChoice] = useState('regular');
  const options = ['airy', 'regular', 'compact'].map(value => ({ value, label: value }));
  return (
    <main className="gallery">
      <div className="row wrap">
        {(['primary', 'plain', 'ghost', 'danger', 'final'] as const).map(look => (
          <Button key={look} look={look}>
            {look}
          </Button>
        ))}
        <Button busy>busy</Button>
        <Button disabled>off</Button>
        <Button size="s" icon="copy">
          small
        </Button>
        <Button size="l" look="primary" icon="link">
          large
        </Button>
        <IconButton icon="gear" label="Settings" />
        <IconButton icon="info" label="About" on />
      </div>
      <div className="stacked">
        <Field label="Name or address" icon="search" placeholder="Mira or 0x…" />
        <Field label="Address" defaultValue="0x7a3F…c91" problem="One character is missing: an address has 40." />
      </div>
      <div className="row wrap">
        <Toggle on={on} label="A toggle" onChange={setOn} />
        <Check on={on} label="A check" onChange={setOn} />
        <Segment label="Density" value={choice} options={options} onChange={setChoice} />
        <Select label="Density" value={choice} options={options} onChange={setChoice} />
        <Badge count={2} />
        <Badge count={1200} />
        <Badge count={128} quiet />
        <MentionBadge />
        <Tag>bot</Tag>
        <Tag tone="a">owner</Tag>
        <Tag tone="d">not Mira</Tag>
        {STATES.map(state => (
          <Glass key={state} state={state} />
        ))}
      </div>
      <RadioRows label="Density" value={choice} options={options} onChange={setChoice} />
      <div className="row wrap">
        {[...PROFILES.values()].map(profile => (
          <Avatar key={profile.userId} of={profile.address} label={profile.displayName ?? profile.address} presence="on" />
        ))}
        <Avatar of="group" kind="group" />
        <Avatar of="bot" kind="bot" />
        <Avatar of="contract" kind="contract" />
        <Avatar of="who" unknown />
      </div>
      <div className="stacked">
        <Note tone="info">Reconnecting, next try in 4 s.</Note>
        <Note tone="warn">New sign-in today at 08:51. Was that you?</Note>
        <Note tone="danger">The file is larger than this server allows (2 GB).</Note>
      </div>
    </main>
  );
}
