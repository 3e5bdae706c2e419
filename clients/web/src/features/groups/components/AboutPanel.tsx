import { useState } from 'react';
import { useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { FullAddress } from '../../../components/Address';
import { Button, IconButton } from '../../../components/Button';
import { Toggle } from '../../../components/Choices';
import { Icon } from '../../../components/Icon';
import { useToast } from '../../../components/Toast';
import { useClient, useConversationItem, useProfile, toFailure, type ConversationItem } from '../../../lib';
import { ConversationAvatar } from '../../people/components/ConversationAvatar';
import { useMe } from '../../people/hooks/usePerson';
import { useTitle } from '../../people/hooks/useTitle';
import { useKnown } from '../../people/hooks/useKnown';
import { AddPeopleDialog } from './AddPeopleDialog';
import { EditGroupDialog } from './EditGroupDialog';
import { InviteDialog } from './InviteDialog';
import { LeaveDialog } from './LeaveDialog';
import { LifetimeRow } from './LifetimeRow';
import { MemberList } from './MemberList';
import { ScheduledList } from './ScheduledList';

const FOREVER = '9999-12-31T00:00:00Z';
type Opened = 'invite' | 'add' | 'edit' | 'leave';

export function AboutPanel({ id }: { readonly id: string }) {
  const item = useConversationItem(id);
  const [, navigate] = useLocation();
  const close = () => navigate(routes.conversation(id));
  return (
    <aside className="sheet panel" aria-label="About this conversation">
      <header className="head">
        <IconButton icon="cleft" label="Back" only="phone" onClick={close} />
        <div className="grow">
          <h2>About</h2>
        </div>
        <IconButton icon="x" label="Close" only="desk" onClick={close} />
      </header>
      {item && <About item={item} />}
    </aside>
  );
}

function About({ item }: { readonly item: ConversationItem }) {
  const client = useClient();
  const me = useMe();
  const title = useTitle(item);
  const toast = useToast();
  const [, navigate] = useLocation();
  const [opened, setOpened] = useState<Opened>();
  const actions = client.conversations.get(item.id);
  const leads = item.role === 'owner' || item.role === 'admin';
  const group = item.kind !== 'direct';
  const set = (changes: Parameters<typeof actions.setPreferences>[0]) =>
    void actions.setPreferences(changes).catch((error: unknown) => toast({ text: toFailure(error).detail, icon: 'warn' }));
  const close = () => setOpened(undefined);

  return (
    <div className="pbody">
      <div className="row gap-12">
        <ConversationAvatar item={item} size="x64" presence />
        <div className="grow">
          <div className="strong about-name">
            <bdi>{title}</bdi>
          </div>
          {item.topic && <div className="small dim">{item.topic}</div>}
        </div>
        {group && leads && <IconButton icon="edit" label="Edit name and topic" onClick={() => setOpened('edit')} />}
      </div>
      {item.peer && item.peer !== me.userId && <Person id={item.peer} />}
      {group && leads && (
        <div className="row about-deeds">
          <Button size="s" grow icon="userplus" onClick={() => setOpened('add')}>
            Add
          </Button>
          <Button size="s" grow icon="link" onClick={() => setOpened('invite')}>
            Invite link
          </Button>
        </div>
      )}
      <div className="ptitle">
        <span>For you</span>
      </div>
      <Switch icon="belloff" label="Mute" on={item.muted} onChange={on => set({ mutedUntil: on ? FOREVER : new Date(0).toISOString() })} />
      <Switch icon="star" label="Favourite" on={item.favourite} onChange={on => set({ favourite: on })} />
      <Switch icon="folder" label="Archive" on={item.archived} onChange={on => set({ archived: on })} />
      {item.role !== undefined && <LifetimeRow item={item} may={!group || leads} />}
      <ScheduledList conversationId={item.id} />
      {group && <MemberList item={item} />}
      {group && item.role !== undefined && (
        <>
          <div className="divider" />
          <Button look="danger" icon="exit" onClick={() => setOpened('leave')}>
            Leave
          </Button>
        </>
      )}
      {opened === 'invite' && <InviteDialog item={item} onClose={close} />}
      {opened === 'add' && <AddPeopleDialog item={item} onClose={close} />}
      {opened === 'edit' && <EditGroupDialog item={item} onClose={close} />}
      {opened === 'leave' && <LeaveDialog item={item} title={title} onClose={close} onLeft={() => navigate(routes.home)} />}
    </div>
  );
}

function Person({ id }: { readonly id: string }) {
  const profile = useProfile(id);
  const toast = useToast();
  if (!profile) return null;
  return (
    <div className="card about-person">
      {profile.status && (
        <p className="small">
          {profile.status.emoji} {profile.status.text}
        </p>
      )}
      {profile.bio && <p className="small dim">{profile.bio}</p>}
      <div className="row wrap">
        <FullAddress of={profile.address} />
        <Button size="s" icon="copy" onClick={() => void navigator.clipboard.writeText(profile.address).then(() => toast({ text: 'Address copied' }))}>
          Copy
        </Button>
      </div>
      <PersonDeeds id={id} />
    </div>
  );
}

function PersonDeeds({ id }: { readonly id: string }) {
  const people = useClient().people;
  const { contacts, blocks } = useKnown();
  const toast = useToast();
  const isContact = contacts.has(id);
  const isBlocked = blocks.has(id);
  const tell = (work: Promise<void>) => void work.catch((error: unknown) => toast({ text: toFailure(error).detail, icon: 'warn' }));
  return (
    <div className="row wrap">
      <Button size="s" icon={isContact ? 'check' : 'userplus'} aria-pressed={isContact} onClick={() => tell(people.setContact(id, !isContact))}>
        {isContact ? 'In your contacts' : 'Add to contacts'}
      </Button>
      <Button size="s" look="danger" aria-pressed={isBlocked} onClick={() => tell(people.setBlocked(id, !isBlocked))}>
        {isBlocked ? 'Unblock' : 'Block'}
      </Button>
    </div>
  );
}

function Switch({ icon, label, on, onChange }: { icon: 'belloff' | 'star' | 'folder'; label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <div className="prow">
      <Icon name={icon} />
      <span className="grow">{label}</span>
      <Toggle on={on} label={label} onChange={onChange} />
    </div>
  );
}
