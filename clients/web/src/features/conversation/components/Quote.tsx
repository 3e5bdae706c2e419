import { useMessage, type MessageView } from '../../../lib';
import { messageSummary } from '../../list/hooks/usePreview';
import { PersonNameById } from '../../people/components/Person';
import { useMe } from '../../people/hooks/usePerson';

export function QuoteLines({ message }: { readonly message: MessageView }) {
  const me = useMe();
  return (
    <>
      <b>{message.sender === me.userId ? 'You' : <PersonNameById id={message.sender} />}</b>
      <span className="t1 block">{messageSummary(message)}</span>
    </>
  );
}

/** The message that one answers; a click goes there. */
export function Quote({ conversationId, messageId, known, onJump }: { conversationId: string; messageId: string; known: MessageView | undefined; onJump: (messageId: string) => void }) {
  const asked = useMessage(conversationId, known ? undefined : messageId);
  const message = known ?? asked.data ?? undefined;
  return (
    <button type="button" className="quote" onClick={() => onJump(messageId)}>
      {message ? <QuoteLines message={message} /> : asked.isLoading ? '…' : 'A message you cannot see'}
    </button>
  );
}
