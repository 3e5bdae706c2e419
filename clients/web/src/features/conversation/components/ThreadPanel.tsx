import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { IconButton } from '../../../components/Button';
import { EmptyState } from '../../../components/Note';
import { MessagesSkeleton } from '../../../components/Skeleton';
import { count } from '../../../components/time';
import { useClient, useConversationItem, useMessage, useThread, type ConversationItem, type MessageItem } from '../../../lib';
import { useMe } from '../../people/hooks/usePerson';
import { useTitle } from '../../people/hooks/useTitle';
import { useCandidates } from '../hooks/useCandidates';
import { useComposer } from '../hooks/useComposer';
import { canWrite, useMessageActions, type MessageDeeds } from '../hooks/useMessageActions';
import { Composer } from './Composer';
import { DeleteDialog } from './DeleteDialog';
import { DetailsDialog } from './DetailsDialog';
import { ForwardDialog } from './ForwardDialog';
import { Message } from './Message';
import { MessageList } from './MessageList';

/** The replies under one message, beside their conversation. */
export function ThreadPanel({ id, rootId }: { readonly id: string; readonly rootId: string }) {
  const conversation = useConversationItem(id);
  return conversation ? <Open key={rootId} conversation={conversation} rootId={rootId} /> : <aside className="sheet panel" aria-label="Thread" aria-busy="true" />;
}

function Open({ conversation, rootId }: { readonly conversation: ConversationItem; readonly rootId: string }) {
  const id = conversation.id;
  const client = useClient();
  const title = useTitle(conversation);
  const [, navigate] = useLocation();
  const { timeline, actions: window } = useThread(id, rootId);
  const actions = client.conversations.get(id);
  const candidates = useCandidates(conversation);
  const composing = useComposer(actions, conversation, candidates, rootId);
  const [deleting, setDeleting] = useState<MessageItem>();
  const [forwarding, setForwarding] = useState<MessageItem>();
  const [detailed, setDetailed] = useState<MessageItem>();
  const deeds = useMessageActions(actions, {
    onReply: item => composing.setMode({ kind: 'reply', item }),
    onEdit: item => composing.setMode({ kind: 'edit', item }),
    onDelete: setDeleting,
    onForward: setForwarding,
    onDetails: setDetailed,
    onJump: messageId => navigate(`${routes.conversation(id)}?m=${messageId}`),
  });
  const close = () => navigate(routes.conversation(id));
  return (
    <aside className="sheet panel" aria-label="Thread">
      <header className="head">
        <IconButton icon="cleft" label="Back" only="phone" onClick={close} />
        <div className="grow">
          <h2>Thread</h2>
          <div className="sub t1">
            {title}, {count(timeline.items.length, 'reply', 'replies')}
          </div>
        </div>
        <IconButton icon="x" label="Close" only="desk" onClick={close} />
      </header>
      {timeline.status === 'loading' && <MessagesSkeleton />}
      {(timeline.status === 'failed' || timeline.status === 'missing') && (
        <EmptyState title="This thread didn’t load">
          <p>{timeline.failure?.detail}</p>
        </EmptyState>
      )}
      {timeline.status === 'ready' && (
        <MessageList
          title={`the thread in ${title}`}
          conversation={conversation}
          timeline={timeline}
          actions={window}
          deeds={deeds}
          newLine={undefined}
          target={undefined}
          beginning={<Root conversation={conversation} rootId={rootId} deeds={deeds} />}
        />
      )}
      {canWrite(conversation) && (
        <div className="feet">
          <Composer composing={composing} placeholder="Reply in thread" candidates={candidates} onEditLast={() => undefined} onEscape={close} />
        </div>
      )}
      {deleting && <DeleteDialog item={deleting} onClose={() => setDeleting(undefined)} onDelete={item => void actions.remove(item.message.messageId).catch(() => undefined)} />}
      {detailed && <DetailsDialog item={detailed} conversation={conversation} onClose={() => setDetailed(undefined)} />}
      {forwarding && <ForwardDialog item={forwarding} onClose={() => setForwarding(undefined)} onSent={to => navigate(routes.conversation(to))} />}
    </aside>
  );
}

const nothing = () => undefined;

/** The message that the thread hangs on. */
function Root({ conversation, rootId, deeds }: { readonly conversation: ConversationItem; readonly rootId: string; readonly deeds: MessageDeeds }) {
  const me = useMe();
  const root = useMessage(conversation.id, rootId).data;
  const item = useMemo((): MessageItem | undefined => (root ? { kind: 'message', key: `root ${rootId}`, message: root, mine: root.sender === me.userId } : undefined), [root, rootId, me.userId]);
  return item ? (
    <Message
      item={item}
      position="only"
      conversation={conversation}
      deeds={deeds}
      focusable={false}
      lit={false}
      lands={false}
      find={nothing}
      onMenu={nothing}
      onEmoji={nothing}
      onFocus={nothing}
    />
  ) : null;
}
