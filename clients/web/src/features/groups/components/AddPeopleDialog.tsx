import { useState } from 'react';
import { Button } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import { Note } from '../../../components/Note';
import { useClient, type ConversationItem } from '../../../lib';
import { PeoplePicker, type Pick } from '../../people/components/PeoplePicker';
import { useDeed } from '../../people/hooks/useDeed';

export function AddPeopleDialog({ item, onClose }: { readonly item: ConversationItem; readonly onClose: () => void }) {
  const client = useClient();
  const deed = useDeed();
  const [people, setPeople] = useState<readonly Pick[]>([]);
  const add = () =>
    deed.run(async () => {
      await client.conversations.get(item.id).addMembers(people.map(one => one.id));
      onClose();
    });
  return (
    <Dialog
      title="Add people"
      onClose={onClose}
      full
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={deed.busy} disabled={people.length === 0} onClick={add}>
            Add
          </Button>
        </>
      }
    >
      <PeoplePicker
        label="People"
        picked={people}
        exclude={new Set(item.members?.map(member => member.userId))}
        onPick={pick => setPeople(now => [...now, pick])}
        onDrop={pick => setPeople(now => now.filter(one => one.id !== pick.id))}
      />
      {deed.problem && (
        <Note tone="danger" live>
          {deed.problem}
        </Note>
      )}
    </Dialog>
  );
}
