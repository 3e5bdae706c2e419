import { useEffect, useRef, useState, type DragEvent } from 'react';
import { useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { Button } from '../../../components/Button';
import { EmptyState } from '../../../components/Note';
import { MessagesSkeleton } from '../../../components/Skeleton';
import { useConnection, useConversation, useClient, type ConversationItem, type Failure, type MessageItem } from '../../../lib';
import { useTitle } from '../../people/hooks/useTitle';
import { useCandidates } from '../hooks/useCandidates';
import { useComposer } from '../hooks/useComposer';
import { canWrite, useMessageActions } from '../hooks/useMessageActions';
import { useNewLine } from '../hooks/useNewLine';
import { Announcer } from './Announcer';
import { Composer } from './Composer';
import { ConnectionStrip } from './ConnectionStrip';
import { ConversationHeader } from './ConversationHeader';
import { DeleteDialog } from './DeleteDialog';
import { DetailsDialog } from './DetailsDialog';
import { ForwardDialog } from './ForwardDialog';
import { MessageList } from './MessageList';
import { PinnedStrip } from './PinnedStrip';
import { TypingLine } from './TypingLine';

export function ConversationPage({ id, panelOpen, messageId }: { readonly id: string; readonly panelOpen: boolean; readonly messageId?: string | undefined }) {
  const { conversation, timeline, actions } = useConversation(id);
  if (timeline.status === 'missing' || conversation?.removed) return <Missing />;
  if (!conversation)
    return timeline.status === 'failed' ? (
      <main className="sheet main">
        <ConnectionStrip />
        <Failed failure={timeline.failure} onRetry={() => void actions.jumpTo('end')} />
      </main>
    ) : (
      <main className="sheet main" aria-busy="true">
        <header className="head" />
        <ConnectionStrip />
        <MessagesSkeleton />
      </main>
    );
  return <Open key={id} conversation={conversation} timeline={timeline} actions={actions} panelOpen={panelOpen} messageId={messageId} />;
}

type OpenProps = Omit<Required<ReturnType<typeof useConversation>>, 'conversation'> & {
  readonly conversation: ConversationItem;
  readonly panelOpen: boolean;
  readonly messageId: string | undefined;
};

function Open({ conversation, timeline, actions, panelOpen, messageId }: OpenProps) {
  const id = conversation.id;
  const client = useClient();
  const title = useTitle(conversation);
  const [, navigate] = useLocation();
  const { state } = useConnection();
  const quiet = state.status !== 'online';
  const [target, setTarget] = useState<{ messageId: string; nonce: number }>();
  const [deleting, setDeleting] = useState<MessageItem>();
  const [forwarding, setForwarding] = useState<MessageItem>();
  const [detailed, setDetailed] = useState<MessageItem>();
  const [pinsHidden, setPinsHidden] = useState(false);
  const [dragging, setDragging] = useState(false);
  const newLine = useNewLine(id, timeline, conversation.unread);
  const candidates = useCandidates(conversation);
  const composing = useComposer(actions, conversation, candidates);
  const writable = canWrite(conversation);

  const jump = (to: string) => {
    const show = () => setTarget(last => ({ messageId: to, nonce: (last?.nonce ?? 0) + 1 }));
    if (timeline.items.some(item => item.kind === 'message' && item.message.messageId === to)) show();
    else void client.conversations.get(id).jumpTo({ messageId: to }).then(show);
  };
  // The address names a message: from a search, a thread, a link.
  const ready = timeline.status === 'ready';
  const jumpNow = useRef(jump);
  useEffect(() => {
    jumpNow.current = jump;
  });
  useEffect(() => {
    if (messageId && ready) jumpNow.current(messageId);
  }, [messageId, ready]);
  const deeds = useMessageActions(actions, {
    onReply: item => composing.setMode({ kind: 'reply', item }),
    onEdit: item => composing.setMode({ kind: 'edit', item }),
    onDelete: setDeleting,
    onThread: item => navigate(routes.thread(id, item.message.messageId)),
    onForward: setForwarding,
    onDetails: setDetailed,
    onJump: jump,
  });
  const editLast = () => {
    const last = timeline.items.findLast((item): item is MessageItem => item.kind === 'message' && item.mine && item.message.seq > 0 && item.message.content?.text !== undefined);
    if (last) composing.setMode({ kind: 'edit', item: last });
  };
  const drag = {
    onDragOver: (event: DragEvent) => {
      if (!writable || !event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      setDragging(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (event.currentTarget === event.target) setDragging(false);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setDragging(false);
      if (writable) composing.files.add(event.dataTransfer.files);
    },
  };

  return (
    <main className="sheet main" {...drag}>
      <ConversationHeader item={conversation} panelOpen={panelOpen} />
      <ConnectionStrip />
      {!quiet && !pinsHidden && <PinnedStrip conversationId={id} items={timeline.items} onJump={jump} onHide={() => setPinsHidden(true)} />}
      {timeline.status === 'loading' && <MessagesSkeleton />}
      {timeline.status === 'failed' && <Failed failure={timeline.failure} onRetry={() => void actions.jumpTo('end')} />}
      {timeline.status === 'ready' && (
        <MessageList title={title} conversation={conversation} timeline={timeline} actions={actions} deeds={deeds} newLine={newLine} target={target} />
      )}
      <Announcer items={timeline.items} />
      <div className="feet">
        <TypingLine item={conversation} quiet={quiet} />
        {writable ? (
          <Composer
            composing={composing}
            placeholder={state.status === 'offline' ? 'Goes out when you’re back' : `Message ${title}`}
            candidates={candidates}
            onEditLast={editLast}
            onEscape={() => void actions.jumpTo('end').then(() => actions.markRead())}
          />
        ) : (
          <p className="readonly">You can read here but not write. A moderator can change that.</p>
        )}
      </div>
      {dragging && <div className="dropzone">Drop files here to send them</div>}
      {deleting && (
        <DeleteDialog item={deleting} onClose={() => setDeleting(undefined)} onDelete={item => void actions.remove(item.message.messageId).catch(() => undefined)} />
      )}
      {detailed && <DetailsDialog item={detailed} conversation={conversation} onClose={() => setDetailed(undefined)} />}
      {forwarding && <ForwardDialog item={forwarding} onClose={() => setForwarding(undefined)} onSent={to => navigate(routes.conversation(to))} />}
    </main>
  );
}

function Missing() {
  const [, navigate] = useLocation();
  return (
    <main className="sheet main">
      <EmptyState title="Nothing is here for you" actions={<Button onClick={() => navigate(routes.home)}>Back to your chats</Button>}>
        <p>This conversation ended, or you are not in it any more.</p>
      </EmptyState>
    </main>
  );
}

function Failed({ failure, onRetry }: { readonly failure: Failure | undefined; readonly onRetry: () => void }) {
  const server = failure?.code !== 'unreachable';
  return (
    <EmptyState
      title="This conversation didn’t load"
      actions={
        <Button look="primary" size="l" icon="refresh" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p>{server ? (failure?.detail ?? 'The server answered, but its storage didn’t. Nothing was lost.') : 'The server can’t be reached. What you wrote is safe on this device.'}</p>
    </EmptyState>
  );
}
