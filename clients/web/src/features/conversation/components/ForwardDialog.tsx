import { useState } from 'react';
import { Dialog } from '../../../components/Dialog';
import { Field } from '../../../components/Field';
import { useClient, useConversations, type ConversationItem, type MessageItem } from '../../../lib';
import { ConversationAvatar } from '../../people/components/ConversationAvatar';
import { useTitle } from '../../people/hooks/useTitle';
import { canWrite } from '../hooks/useMessageActions';

/** Where a message goes on to. */
export function ForwardDialog({ item, onClose, onSent }: { item: MessageItem; onClose: () => void; onSent: (conversationId: string) => void }) {
  const client = useClient();
  const [query, setQuery] = useState('');
  const targets = useConversations().items.filter(one => canWrite(one) && !one.archived);
  const send = (to: string) => {
    const { content, conversationId, messageId, sender, forwardedFrom } = item.message;
    if (!content) return;
    client.conversations.get(to).send({ content, forwardedFrom: forwardedFrom ?? { conversationId, messageId, sender } });
    onClose();
    onSent(to);
  };
  return (
    <Dialog title="Forward to" onClose={onClose} full>
      <Field label="Find a conversation" hideLabel icon="search" placeholder="Name" value={query} onChange={event => setQuery(event.target.value)} data-autofocus />
      <div className="results">
        {targets.map(one => (
          <Target key={one.id} item={one} query={query} onChoose={() => send(one.id)} />
        ))}
      </div>
    </Dialog>
  );
}

function Target({ item, query, onChoose }: { readonly item: ConversationItem; readonly query: string; readonly onChoose: () => void }) {
  const title = useTitle(item);
  if (!title.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase())) return null;
  return (
    <button type="button" className="pi" onClick={onChoose}>
      <ConversationAvatar item={item} size="x32" />
      <bdi className="grow t1">{title}</bdi>
    </button>
  );
}
