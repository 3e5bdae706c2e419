import { Glass } from '../../../components/Glass';
import { Icon } from '../../../components/Icon';
import { timeOfDay } from '../../../components/time';
import type { MessageItem } from '../../../lib';

export function MessageMeta({ item, hidden }: { readonly item: MessageItem; readonly hidden?: boolean }) {
  const { message, send } = item;
  const words = send?.of !== undefined && send.readBy !== undefined && send.state !== 'stored' ? `Read by ${send.readBy} of ${send.of}` : undefined;
  return (
    <span className={hidden ? 'meta hid' : 'meta'}>
      {message.pinned && <Icon name="pin" size="s" />}
      {(message.editedAt ?? item.pending?.edit) && 'edited '}
      <time dateTime={message.at} title={new Date(message.at).toLocaleString()}>
        {timeOfDay(message.at)}
      </time>
      {send && <Glass state={send.state} {...(words && { label: words })} />}
    </span>
  );
}
