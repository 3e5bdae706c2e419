import { useState } from 'react';
import { FullAddress } from '../../../components/Address';
import { Button } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import { Check } from '../../../components/Choices';
import { Area, Field } from '../../../components/Field';
import { Note } from '../../../components/Note';
import { useToast } from '../../../components/Toast';
import { useClient } from '../../../lib';
import { PersonAvatar } from '../../people/components/Person';
import { useDeed } from '../../people/hooks/useDeed';
import { useMe } from '../../people/hooks/usePerson';

export function ProfileSettings() {
  const me = useMe();
  const client = useClient();
  const toast = useToast();
  const deed = useDeed();
  const [name, setName] = useState(me.displayName ?? '');
  const [status, setStatus] = useState(me.status?.text ?? '');
  const [bio, setBio] = useState(me.bio ?? '');
  const changed = name !== (me.displayName ?? '') || status !== (me.status?.text ?? '') || bio !== (me.bio ?? '');
  const save = () =>
    deed.run(async () => {
      await client.account.update({ displayName: name.trim(), status: { ...me.status, text: status.trim() }, bio: bio.trim() });
      toast({ text: 'Saved' });
    });
  return (
    <>
      <h1>Profile</h1>
      <p className="dim settings-lead">What others see beside your tile. The tile comes from your address and stays.</p>
      <div className="card row settings-card">
        <PersonAvatar profile={me} id={me.userId} size="x64" />
        <div className="grow">
          <FullAddress of={me.address} />
          <div>
            <Button size="s" icon="copy" onClick={() => void navigator.clipboard.writeText(me.address).then(() => toast({ text: 'Address copied' }))}>
              Copy
            </Button>
          </div>
        </div>
      </div>
      <form
        className="stacked settings-form"
        onSubmit={event => {
          event.preventDefault();
          save();
        }}
      >
        <Field label="Name" value={name} maxLength={40} placeholder="Anna Vale" autoComplete="nickname" onChange={event => setName(event.target.value)} />
        <Field label="Status" value={status} maxLength={80} placeholder="Out on the boat" onChange={event => setStatus(event.target.value)} />
        <Area label="About you" value={bio} maxLength={300} onChange={setBio} />
        {deed.problem && (
          <Note tone="danger" live>
            {deed.problem}
          </Note>
        )}
        <div className="savebar">
          <Button type="submit" look="primary" busy={deed.busy} disabled={!changed}>
            Save
          </Button>
        </div>
      </form>
      <YourData />
    </>
  );
}

function YourData() {
  const client = useClient();
  const deed = useDeed();
  const [leaving, setLeaving] = useState(false);
  const download = () =>
    deed.run(async () => {
      const url = URL.createObjectURL(await client.account.exportData());
      const link = document.createElement('a');
      link.href = url;
      link.download = 'coolchat-export.zip';
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    });
  return (
    <>
      <h2>Your data</h2>
      <div className="row wrap">
        <Button icon="dl" busy={deed.busy} onClick={download}>
          Download everything about me
        </Button>
        <Button look="danger" icon="trash" onClick={() => setLeaving(true)}>
          Delete my account
        </Button>
      </div>
      {deed.problem && (
        <Note tone="danger" live>
          {deed.problem}
        </Note>
      )}
      {leaving && <DeleteAccountDialog onClose={() => setLeaving(false)} />}
    </>
  );
}

function DeleteAccountDialog({ onClose }: { readonly onClose: () => void }) {
  const client = useClient();
  const deed = useDeed();
  const [erase, setErase] = useState(false);
  return (
    <Dialog
      title="Delete your account?"
      question
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            Keep it
          </Button>
          <Button look="final" busy={deed.busy} onClick={() => deed.run(() => client.account.deleteAccount({ eraseMessages: erase }))}>
            Delete
          </Button>
        </>
      }
    >
      <div className="stacked">
        <p className="dim">Your name, profile and contacts are erased here, and every device is signed out. This cannot be taken back.</p>
        <Check on={erase} label="Also erase the words of my messages" onChange={setErase} />
        {deed.problem && (
          <Note tone="danger" live>
            {deed.problem}
          </Note>
        )}
      </div>
    </Dialog>
  );
}
