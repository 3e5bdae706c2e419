import { Button } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import { Note } from '../../../components/Note';
import { useClient } from '../../../lib';
import { useDeed } from '../hooks/useDeed';
import { useMe } from '../hooks/usePerson';
import { PeoplePicker } from './PeoplePicker';

export function NewDirectDialog({ onClose, onOpen }: { readonly onClose: () => void; readonly onOpen: (id: string) => void }) {
  const client = useClient();
  const me = useMe();
  const deed = useDeed();
  const open = (id: string) =>
    deed.run(async () => {
      const conversation = await client.conversations.openDirect(id);
      onClose();
      onOpen(conversation);
    });
  return (
    <Dialog
      title="Write to someone"
      onClose={onClose}
      full
      footer={
        <Button look="ghost" icon="user" disabled={deed.busy} onClick={() => open(me.userId)}>
          Notes to yourself
        </Button>
      }
    >
      <PeoplePicker label="Who" onPick={pick => open(pick.id)} />
      {deed.problem && (
        <Note tone="danger" live>
          {deed.problem}
        </Note>
      )}
    </Dialog>
  );
}
