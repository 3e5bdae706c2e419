import { IconButton } from '../../../components/Button';
import { Menu, type MenuItem } from '../../../components/Menu';
import type { Anchor } from '../../../components/placement';
import type { ConversationItem, MessageItem } from '../../../lib';
import { QUICK } from '../emoji';
import { rightsOver, type MessageDeeds } from '../hooks/useMessageActions';

export interface MessageMenuProps {
  readonly item: MessageItem;
  readonly conversation: ConversationItem | undefined;
  readonly anchor: Anchor;
  readonly deeds: MessageDeeds;
  readonly onMoreEmoji: (anchor: Anchor) => void;
  readonly onClose: () => void;
}

export function MessageMenu({ item, conversation, anchor, deeds, onMoreEmoji, onClose }: MessageMenuProps) {
  const rights = rightsOver(item, conversation);
  const text = item.message.content?.text;
  const items: (MenuItem | 'line' | false)[] = [
    rights.write && { icon: 'reply', label: 'Reply', letter: 'R', onSelect: () => deeds.reply(item) },
    rights.write && deeds.thread !== undefined && { icon: 'thread', label: 'Reply in thread', letter: 'T', onSelect: () => deeds.thread?.(item) },
    rights.edit && { icon: 'edit', label: 'Edit', letter: 'E', onSelect: () => deeds.edit(item) },
    item.message.content !== undefined && item.message.seq > 0 && { icon: 'forward', label: 'Forward', letter: 'F', onSelect: () => deeds.forward(item) },
    Boolean(text) && { icon: 'copy', label: 'Copy text', letter: 'C', onSelect: () => deeds.copy(item) },
    rights.pin && { icon: 'pin', label: item.message.pinned ? 'Unpin' : 'Pin', letter: 'P', onSelect: () => deeds.pin(item, !item.message.pinned) },
    !item.mine && item.message.seq > 0 && { icon: 'markread', label: 'Mark unread', letter: 'U', onSelect: () => deeds.markUnread(item) },
    item.message.content !== undefined && item.message.seq > 0 && { icon: 'info', label: 'Details', letter: 'D', onSelect: () => deeds.details(item) },
    rights.remove && 'line',
    rights.remove && { icon: 'trash', label: 'Delete', danger: true, onSelect: () => deeds.askDelete(item) },
    item.send?.state === 'failed' && { icon: 'refresh', label: 'Send again', onSelect: () => deeds.resend(item) },
    (item.send?.state === 'failed' || item.send?.state === 'waiting') && { icon: 'trash', label: 'Don’t send', danger: true, onSelect: () => deeds.discard(item) },
  ];
  const shown = items.filter(one => one !== false);
  const mine = new Set((item.message.reactions ?? []).filter(one => one.mine).map(one => one.key));
  return (
    <Menu
      label="Message"
      anchor={anchor}
      onClose={onClose}
      items={shown.length > 0 ? shown : [{ icon: 'x', label: 'Nothing to do here', onSelect: onClose }]}
      top={
        rights.write && (
          <div className="embar" role="group" aria-label="React">
            {QUICK.map(emoji => (
              <button
                key={emoji}
                type="button"
                className="e"
                aria-label={`React with ${emoji}`}
                aria-pressed={mine.has(emoji)}
                onClick={() => {
                  onClose();
                  deeds.react(item, emoji, !mine.has(emoji));
                }}
              >
                {emoji}
              </button>
            ))}
            <IconButton
              icon="plus"
              label="More emoji"
              onClick={() => {
                onClose();
                onMoreEmoji(anchor);
              }}
            />
          </div>
        )
      }
    />
  );
}
