import { Icon } from '../../../components/Icon';
import { Select } from '../../../components/MenuButton';
import { useToast } from '../../../components/Toast';
import { toFailure, useClient, type ConversationItem } from '../../../lib';
import { lifetimeName, LIFETIMES } from '../lifetimes';

/** How long new messages of the conversation stay, for everybody. */
export function LifetimeRow({ item, may }: { readonly item: ConversationItem; readonly may: boolean }) {
  const client = useClient();
  const toast = useToast();
  const now = item.expiresAfter ?? 0;
  const options = LIFETIMES.includes(now) ? LIFETIMES : [...LIFETIMES, now];
  const change = (seconds: number) =>
    void client.conversations
      .get(item.id)
      .change({ expiresAfter: seconds })
      .catch((error: unknown) => toast({ text: toFailure(error).detail, icon: 'warn' }));
  return (
    <div className="prow">
      <Icon name="clock" />
      <span className="grow">Messages disappear</span>
      {may ? (
        <Select
          label="Messages disappear"
          value={String(now)}
          options={options.map(seconds => ({ value: String(seconds), label: lifetimeName(seconds) }))}
          onChange={value => change(Number(value))}
        />
      ) : (
        <span className="dim">{lifetimeName(now)}</span>
      )}
    </div>
  );
}
