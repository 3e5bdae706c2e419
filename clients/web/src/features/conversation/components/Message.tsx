import { memo, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { Button, IconButton } from '../../../components/Button';
import { Icon } from '../../../components/Icon';
import { anchorOf, type Anchor } from '../../../components/placement';
import { timeOfDay } from '../../../components/time';
import { useProfile, type ConversationItem, type MessageItem } from '../../../lib';
import { messageSummary } from '../../list/hooks/usePreview';
import { PersonAvatar, PersonName } from '../../people/components/Person';
import { nameOf } from '../../people/hooks/usePerson';
import { QUICK } from '../emoji';
import type { GroupPosition } from '../hooks/rows';
import { rightsOver, type MessageDeeds } from '../hooks/useMessageActions';
import { Bubble } from './Bubble';
import { Reactions } from './Reactions';
import { ThreadChip } from './ThreadChip';

export interface MessageProps {
  readonly item: MessageItem;
  readonly position: GroupPosition;
  readonly conversation: ConversationItem | undefined;
  readonly deeds: MessageDeeds;
  readonly focusable: boolean;
  readonly lit: boolean;
  readonly lands: boolean;
  /** A message of the window by id, for quotes. */
  readonly find: (messageId: string) => MessageItem | undefined;
  readonly onMenu: (item: MessageItem, anchor: Anchor) => void;
  readonly onEmoji: (item: MessageItem, anchor: Anchor) => void;
  readonly onFocus: (key: string) => void;
}

const LONG_PRESS_MS = 450;

export const Message = memo(function Message(props: MessageProps) {
  const { item, position, conversation, deeds, lit, lands } = props;
  const { message, mine } = item;
  const profile = useProfile(message.sender);
  const press = useLongPress(anchor => props.onMenu(item, anchor));
  const showName = !mine && (position === 'only' || position === 'first');
  const showAvatar = !mine && (position === 'only' || position === 'last');
  const rights = rightsOver(item, conversation);
  const failed = item.send?.state === 'failed';
  const label = `${mine ? 'You' : nameOf(profile)}: ${messageSummary(message)}, ${timeOfDay(message.at)}${message.editedAt ? ', edited' : ''}`;

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const anchor = anchorOf(event.currentTarget.querySelector('.b') ?? event.currentTarget);
    const key = event.key.toLowerCase();
    if (key === 'r' && rights.write) deeds.reply(item);
    else if (key === 't' && rights.write && deeds.thread) deeds.thread(item);
    else if (key === 'e' && rights.write) props.onEmoji(item, anchor);
    else if (key === 'f') deeds.forward(item);
    else if (key === 'c') deeds.copy(item);
    else if (key === 'p' && rights.pin) deeds.pin(item, !message.pinned);
    else if (key === 'u' && !mine) deeds.markUnread(item);
    else if (key === 'delete' && rights.remove) deeds.askDelete(item);
    else if (key === 'enter' || key === 'contextmenu') props.onMenu(item, anchor);
    else return;
    event.preventDefault();
  };

  const classes = ['grp', mine && 'me', lit && 'lit', lands && 'lands'].filter(Boolean).join(' ');
  return (
    // Messages take the focus by arrow keys (roving tabindex): single letters act on the one that has it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      className={classes}
      data-pos={position}
      data-key={item.key}
      aria-label={label}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={props.focusable ? 0 : -1}
      onFocus={() => props.onFocus(item.key)}
      onKeyDown={onKeyDown}
      onContextMenu={event => {
        if (event.target instanceof Element && event.target.closest('a, img, video')) return;
        event.preventDefault();
        if (event.nativeEvent instanceof globalThis.PointerEvent && event.nativeEvent.pointerType === 'touch') return;
        props.onMenu(item, { x: event.clientX, y: event.clientY });
      }}
      {...press}
    >
      {!mine && (showAvatar ? <PersonAvatar profile={profile} id={message.sender} size="msg-a" /> : <span />)}
      <div className="stack">
        {showName && (
          <div className="who">
            <PersonName profile={profile} />
          </div>
        )}
        <Bubble item={item} position={position} find={props.find} deeds={deeds}>
          {message.content && rights.write && (
            <div className="hoverbar">
              <button type="button" className="em" tabIndex={-1} aria-label={`React with ${QUICK[0]}`} onClick={() => deeds.react(item, QUICK[0], true)}>
                {QUICK[0]}
              </button>
              <IconButton icon="smile" label="React" tabIndex={-1} onClick={event => props.onEmoji(item, anchorOf(event.currentTarget))} />
              <IconButton icon="reply" label="Reply" tabIndex={-1} onClick={() => deeds.reply(item)} />
              <IconButton icon="more" label="More" tabIndex={-1} aria-haspopup="menu" onClick={event => props.onMenu(item, anchorOf(event.currentTarget))} />
            </div>
          )}
        </Bubble>
        <Reactions item={item} onToggle={(key, add) => deeds.react(item, key, add)} onAdd={element => props.onEmoji(item, anchorOf(element))} />
        {message.replies && deeds.thread && <ThreadChip replies={message.replies} onOpen={() => deeds.thread?.(item)} />}
        {item.broken && (
          <span className="broken">
            <Icon name="warn" size="s" />
            This part of the history doesn’t match its proof.
          </span>
        )}
        {failed && (
          <div className="failrow">
            <span>Not sent. {item.send?.failure?.detail ?? ''}</span>
            <Button size="s" look="danger" icon="refresh" onClick={() => deeds.resend(item)}>
              Send again
            </Button>
          </div>
        )}
      </div>
    </article>
  );
});

/** A long press by touch opens the menu, where the mouse has its other button. */
function useLongPress(open: (anchor: Anchor) => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = useRef({ x: 0, y: 0 });
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.pointerType !== 'touch') return;
      start.current = { x: event.clientX, y: event.clientY };
      stop();
      timer.current = setTimeout(() => open(start.current), LONG_PRESS_MS);
    },
    onPointerMove: (event: PointerEvent) => {
      if (Math.hypot(event.clientX - start.current.x, event.clientY - start.current.y) > 10) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  };
}
