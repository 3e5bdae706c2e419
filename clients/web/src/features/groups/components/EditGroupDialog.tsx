import { useState } from 'react';
import { Button } from '../../../components/Button';
import { Toggle } from '../../../components/Choices';
import { Dialog } from '../../../components/Dialog';
import { Area, Field } from '../../../components/Field';
import { Icon } from '../../../components/Icon';
import { Note } from '../../../components/Note';
import { Row, Rows } from '../../../components/Rows';
import { useClient, useConnection, type ConversationItem } from '../../../lib';
import { useDeed } from '../../people/hooks/useDeed';

export function EditGroupDialog({ item, onClose }: { readonly item: ConversationItem; readonly onClose: () => void }) {
  const client = useClient();
  const { limits } = useConnection();
  const deed = useDeed();
  const [title, setTitle] = useState(item.title ?? '');
  const [topic, setTopic] = useState(item.topic ?? '');
  const [older, setOlder] = useState(item.historyVisibility === 'shared');
  const save = () =>
    deed.run(async () => {
      const visibility = older ? 'shared' : 'joined';
      const changes = {
        ...(title.trim() !== item.title && { title: title.trim() }),
        ...(topic.trim() !== (item.topic ?? '') && { topic: topic.trim() }),
        ...(visibility !== item.historyVisibility && { historyVisibility: visibility } as const),
      };
      if (Object.keys(changes).length > 0) await client.conversations.get(item.id).change(changes);
      onClose();
    });
  return (
    <Dialog
      title="Name and topic"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={deed.busy} disabled={title.trim() === ''} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <div className="stacked">
        <Field label="Name" value={title} maxLength={limits.titleChars} data-autofocus onChange={event => setTitle(event.target.value)} />
        <Area label="Topic" value={topic} maxLength={limits.topicChars} rows={2} onChange={setTopic} />
        <Rows>
          <Row
            start={<Icon name="eye" />}
            title="Older messages are open to newcomers"
            detail="If off, they start on the day they join"
            end={<Toggle label="Older messages are open to newcomers" on={older} onChange={setOlder} />}
          />
        </Rows>
        {deed.problem && (
          <Note tone="danger" live>
            {deed.problem}
          </Note>
        )}
      </div>
    </Dialog>
  );
}
