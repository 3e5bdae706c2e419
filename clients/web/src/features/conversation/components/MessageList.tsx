import { useCallback, useMemo, useState, type ReactNode } from 'react';
import type { ConversationItem, MessageItem, Timeline } from '../../../lib';
import type { Anchor } from '../../../components/placement';
import { Popover } from '../../../components/Popover';
import type { NewLine } from '../hooks/rows';
import { buildRows } from '../hooks/rows';
import type { MessageDeeds } from '../hooks/useMessageActions';
import { useMessageWindow, type WindowActions } from '../hooks/useMessageWindow';
import { EmojiBoard } from './EmojiBoard';
import { JumpButton } from './JumpButton';
import { MessageMenu } from './MessageMenu';
import { MessageRow } from './MessageRow';

export interface MessageListProps {
  readonly title: string;
  readonly conversation: ConversationItem | undefined;
  readonly timeline: Timeline;
  readonly actions: WindowActions;
  readonly deeds: MessageDeeds;
  readonly newLine: NewLine | undefined;
  /** Instead of the conversation's own beginning. */
  readonly beginning?: ReactNode;
  /** A message to show and light up, from a quote or a search. */
  readonly target: { readonly messageId: string; readonly nonce: number } | undefined;
}

interface Asked {
  readonly item: MessageItem;
  readonly anchor: Anchor;
  readonly what: 'menu' | 'emoji';
}

export function MessageList({ title, conversation, timeline, actions, deeds, newLine, beginning, target }: MessageListProps) {
  const rows = useMemo(
    () => buildRows(timeline.items, { atStart: timeline.status === 'ready' && !timeline.hasOlder, loading: timeline.hasOlder, newLine }),
    [timeline.items, timeline.status, timeline.hasOlder, newLine],
  );
  const win = useMessageWindow({ rows, timeline, actions, target });
  const [asked, setAsked] = useState<Asked>();
  const [focusKey, setFocusKey] = useState<string>();

  const byId = useMemo(() => {
    const map = new Map<string, MessageItem>();
    for (const item of timeline.items) if (item.kind === 'message') map.set(item.message.messageId, item);
    return map;
  }, [timeline.items]);
  const find = useCallback((messageId: string) => byId.get(messageId), [byId]);
  const openMenu = useCallback((item: MessageItem, anchor: Anchor) => setAsked({ item, anchor, what: 'menu' }), []);
  const openEmoji = useCallback((item: MessageItem, anchor: Anchor) => setAsked({ item, anchor, what: 'emoji' }), []);

  const messageKeys = useMemo(() => rows.filter(row => row.kind === 'message').map(row => row.key), [rows]);
  const focusable = focusKey !== undefined && messageKeys.includes(focusKey) ? focusKey : messageKeys.at(-1);
  const { moveTo } = win;
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = focusable === undefined ? -1 : messageKeys.indexOf(focusable);
    const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: messageKeys.length - 1 }[event.key];
    if (next === undefined || !(event.target instanceof HTMLElement) || !event.target.matches('article')) return;
    const key = messageKeys[next];
    if (key === undefined) return;
    event.preventDefault();
    setFocusKey(key);
    moveTo(key);
  };
  // What was asked about may have changed meanwhile (edited, deleted): the menu always shows it as it is now.
  const askedNow = asked && (find(asked.item.message.messageId) ?? asked.item);

  return (
    <>
      {/* The log takes arrow keys for its articles, which are the focusable things. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div className="msgs" role="log" aria-live="off" aria-label={`Messages in ${title}`} ref={win.scroller} onScroll={win.onScroll} onKeyDown={onKeyDown}>
        <div className="msgs-space" style={{ blockSize: win.height }}>
          {win.visible.map(({ row, top, index }) => (
            <div key={row.key} className="msgs-row" data-index={index} ref={win.measure} style={{ transform: `translateY(${top}px)` }}>
              <MessageRow
                row={row}
                beginning={beginning}
                conversation={conversation}
                deeds={deeds}
                focusable={row.key === focusable}
                lit={row.key === win.lit}
                lands={win.landed.has(row.key)}
                find={find}
                onMenu={openMenu}
                onEmoji={openEmoji}
                onFocus={setFocusKey}
              />
            </div>
          ))}
        </div>
      </div>
      {win.away && <JumpButton fresh={beginning ? 0 : (conversation?.unread ?? 0)} onJump={win.toEnd} />}
      {asked?.what === 'menu' && askedNow && (
        <MessageMenu
          item={askedNow}
          conversation={conversation}
          anchor={asked.anchor}
          deeds={deeds}
          onMoreEmoji={anchor => setAsked({ item: askedNow, anchor, what: 'emoji' })}
          onClose={() => setAsked(undefined)}
        />
      )}
      {asked?.what === 'emoji' && askedNow && (
        <Popover label="Pick an emoji" anchor={asked.anchor} onClose={() => setAsked(undefined)}>
          <EmojiBoard
            onPick={emoji => {
              setAsked(undefined);
              deeds.react(askedNow, emoji, true);
            }}
          />
        </Popover>
      )}
    </>
  );
}
