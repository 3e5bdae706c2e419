import { useState } from 'react';
import { Button } from '../../../components/Button';
import { Avatar } from '../../../components/avatar/Avatar';
import { RadioRows } from '../../../components/Choices';
import { Dialog } from '../../../components/Dialog';
import { Field } from '../../../components/Field';
import { Note } from '../../../components/Note';
import { useClient, useConnection } from '../../../lib';
import { PeoplePicker, type Pick } from '../../people/components/PeoplePicker';
import { useDeed } from '../../people/hooks/useDeed';

type Door = 'invited' | 'listed';

export function NewGroupDialog({ onClose, onOpen }: { readonly onClose: () => void; readonly onOpen: (id: string) => void }) {
  const client = useClient();
  const { limits } = useConnection();
  const deed = useDeed();
  const [title, setTitle] = useState('');
  const [door, setDoor] = useState<Door>('invited');
  const [people, setPeople] = useState<readonly Pick[]>([]);
  const make = () =>
    deed.run(async () => {
      const members = people.map(one => one.id);
      const id = await client.conversations.create({
        kind: door === 'listed' ? 'channel' : 'group',
        title: title.trim(),
        ...(members.length > 0 && { members }),
        ...(door === 'listed' && { listed: true }),
      });
      onClose();
      onOpen(id);
    });
  return (
    <Dialog
      title="New group"
      onClose={onClose}
      full
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={deed.busy} disabled={title.trim() === ''} onClick={make}>
            Make the group
          </Button>
        </>
      }
    >
      <div className="stacked">
        <div className="row gap-12">
          <Avatar of={title.trim() || 'group'} kind="group" size="x64" />
          <div className="grow">
            <Field label="Name" size="l" value={title} maxLength={limits.titleChars} placeholder="Night swim" data-autofocus onChange={event => setTitle(event.target.value)} />
          </div>
        </div>
        <div>
          <span className="label">Who can come in</span>
          <RadioRows<Door>
            label="Who can come in"
            value={door}
            onChange={setDoor}
            options={[
              { value: 'invited', label: 'People I add or invite', hint: 'Nobody else sees that it exists' },
              { value: 'listed', label: 'Everyone on this server', hint: 'Anyone here can find it and join' },
            ]}
          />
        </div>
        <PeoplePicker
          label="People"
          picked={people}
          onPick={pick => setPeople(now => [...now, pick])}
          onDrop={pick => setPeople(now => now.filter(one => one.id !== pick.id))}
        />
        {deed.problem && (
          <Note tone="danger" live>
            {deed.problem}
          </Note>
        )}
      </div>
    </Dialog>
  );
}
