import { memo } from 'react';
import { Link } from 'wouter';
import { routes } from '../../../app/routes';
import { Badge, MentionBadge } from '../../../components/Badge';
import { Glass } from '../../../components/Glass';
import { Icon } from '../../../components/Icon';
import { listTime } from '../../../components/time';
import type { ConversationItem } from '../../../lib';
import { ConversationAvatar } from '../../people/components/ConversationAvatar';
import { useTitle } from '../../people/hooks/useTitle';
import { usePreview } from '../hooks/usePreview';

export interface ConversationRowProps {
  readonly item: ConversationItem;
  readonly here: boolean;
  /** Offline: what may be stale (typing) is hidden. */
  readonly quiet: boolean;
  readonly position: number;
  readonly total: number;
}

export const ConversationRow = memo(function ConversationRow({ item, here, quiet, position, total }: ConversationRowProps) {
  const title = useTitle(item);
  const preview = usePreview(item, quiet);
  const unread = item.unread > 0 || Boolean(item.markedUnread);
  const time = preview.at ? listTime(preview.at) : '';
  const classes = ['lr', here && 'on', unread && 'unread', item.muted && 'muted'].filter(Boolean).join(' ');
  const spoken = [
    title,
    item.unread > 0 ? `${item.unread} unread` : unread && 'marked unread',
    item.mentions > 0 && 'you are mentioned',
    item.muted && 'muted',
    time,
    preview.kind === 'draft' ? `draft: ${preview.text}` : preview.text,
  ].filter(Boolean);
  return (
    <Link
      href={routes.conversation(item.id)}
      className={classes}
      aria-label={spoken.join(', ')}
      aria-current={here ? 'page' : undefined}
      aria-setsize={total}
      aria-posinset={position}
      data-conversation={item.id}
    >
      <ConversationAvatar item={item} size="row-a" presence />
      <div className="col">
        <div className="nm">
          <bdi className="t1">{title}</bdi>
          {item.muted && <Icon name="belloff" />}
        </div>
        <div className="pv">
          {preview.kind === 'draft' && <span className="draft">Draft:</span>}
          <bdi className={preview.kind === 'typing' ? 't1 typing-t' : 't1'}>{preview.text}</bdi>
        </div>
      </div>
      <div className="end">
        <span className="tm">
          {preview.state && <Glass state={preview.state} />}
          {time}
        </span>
        <span className="bd">
          {item.mentions > 0 && <MentionBadge />}
          {item.unread > 0 ? <Badge count={item.unread} quiet={item.muted} /> : item.markedUnread && <span className="badge dot" aria-hidden="true" />}
          {item.favourite && <Icon name="star" size="s" />}
        </span>
      </div>
    </Link>
  );
});
