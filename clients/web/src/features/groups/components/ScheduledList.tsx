import { useQueryClient } from '@tanstack/react-query';
import { IconButton } from '../../../components/Button';
import { until } from '../../../components/time';
import { useToast } from '../../../components/Toast';
import { toFailure, useClient, useScheduled, type ScheduledMessage } from '../../../lib';

/** One's own messages that wait for their time here. */
export function ScheduledList({ conversationId }: { readonly conversationId: string }) {
  const waiting = (useScheduled().data ?? []).filter(one => one.conversationId === conversationId);
  if (waiting.length === 0) return null;
  return (
    <section aria-label="Scheduled messages">
      <div className="ptitle">
        <span>Waiting to be sent</span>
      </div>
      {waiting.map(one => (
        <Row key={one.commandId} message={one} />
      ))}
    </section>
  );
}

function Row({ message }: { readonly message: ScheduledMessage }) {
  const client = useClient();
  const queries = useQueryClient();
  const toast = useToast();
  const cancel = () =>
    void client.conversations
      .cancelScheduled(message)
      .then(
        () => toast({ text: 'It won’t be sent' }),
        (error: unknown) => toast({ text: toFailure(error).detail, icon: 'warn' }),
      )
      .finally(() => void queries.invalidateQueries({ queryKey: ['scheduled'] }));
  return (
    <div className="prow">
      <span className="grow">
        <span className="t1 block" dir="auto">
          {message.content.text ?? 'A file'}
        </span>
        <time className="tiny dim3 block" dateTime={message.scheduledFor}>
          {until(message.scheduledFor)}
        </time>
      </span>
      <IconButton icon="x" label="Don’t send" small onClick={cancel} />
    </div>
  );
}
