import { Button } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import { Note } from '../../../components/Note';
import { useClient, type ConversationItem } from '../../../lib';
import { useDeed } from '../../people/hooks/useDeed';

export function LeaveDialog({ item, title, onClose, onLeft }: { item: ConversationItem; title: string; onClose: () => void; onLeft: () => void }) {
  const client = useClient();
  const deed = useDeed();
  const leave = () =>
    deed.run(async () => {
      await client.conversations.get(item.id).leave();
      onClose();
      onLeft();
    });
  return (
    <Dialog
      title={`Leave ${title}?`}
      question
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            Stay
          </Button>
          <Button look="final" busy={deed.busy} onClick={leave}>
            Leave
          </Button>
        </>
      }
    >
      <p className="dim">What you wrote stays. You come back only if somebody adds or invites you.</p>
      {deed.problem && (
        <Note tone="danger" live>
          {deed.problem}
        </Note>
      )}
    </Dialog>
  );
}
