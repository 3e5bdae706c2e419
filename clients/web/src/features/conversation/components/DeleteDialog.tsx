import { Button } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import type { MessageItem } from '../../../lib';

export function DeleteDialog({ item, onDelete, onClose }: { item: MessageItem; onDelete: (item: MessageItem) => void; onClose: () => void }) {
  return (
    <Dialog
      title="Delete for everyone?"
      question
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            Keep it
          </Button>
          <Button
            look="final"
            onClick={() => {
              onClose();
              onDelete(item);
            }}
          >
            Delete
          </Button>
        </>
      }
    >
      <p className="dim">The words go, a trace stays: others see that a message was here.</p>
    </Dialog>
  );
}
