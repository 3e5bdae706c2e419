import type { ReactNode } from 'react';
import { SendingRing } from '../../../components/Glass';
import { count } from '../../../components/time';
import type { ConversationItem } from '../../../lib';
import { ConversationAvatar } from '../../people/components/ConversationAvatar';
import { useMe } from '../../people/hooks/usePerson';
import { useTitle } from '../../people/hooks/useTitle';
import type { Row } from '../hooks/rows';
import { Message, type MessageProps } from './Message';
import { SystemLine } from './SystemLine';

export type MessageRowProps = Omit<MessageProps, 'item' | 'position'> & { readonly row: Row; readonly beginning?: ReactNode };

export function MessageRow({ row, beginning, ...rest }: MessageRowProps) {
  switch (row.kind) {
    case 'begin':
      if (beginning) return beginning;
      return rest.conversation ? <Beginning item={rest.conversation} /> : null;
    case 'more':
      return (
        <div className="sys" aria-label="Loading earlier messages">
          <SendingRing />
        </div>
      );
    case 'day':
      return (
        <div className="day" role="separator" aria-label={row.label}>
          <span>{row.label}</span>
        </div>
      );
    case 'new':
      return (
        <div className="newline" role="separator" aria-label={count(row.count, 'new message')}>
          {count(row.count, 'new message')}
        </div>
      );
    case 'system':
      return <SystemLine item={row.item} />;
    case 'message':
      return <Message {...rest} item={row.item} position={row.position} />;
  }
}

function Beginning({ item }: { readonly item: ConversationItem }) {
  const me = useMe();
  const title = useTitle(item);
  const words = item.peer === me.userId ? 'Only you can read what you put here.' : item.peer ? 'This is where you two begin.' : 'Nothing came before this. Say what this place is for.';
  return (
    <div className="begin">
      <ConversationAvatar item={item} size="x64" />
      <b>
        <bdi>{title}</bdi>
      </b>
      {item.topic ?? words}
    </div>
  );
}
