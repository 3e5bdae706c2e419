import type { ReactNode } from 'react';
import { Icon } from '../../../components/Icon';
import { timeOfDay } from '../../../components/time';
import { useProfile, type MessageItem } from '../../../lib';
import { nameOf } from '../../people/hooks/usePerson';
import type { GroupPosition } from '../hooks/rows';
import type { MessageDeeds } from '../hooks/useMessageActions';
import { Attachments } from './Attachments';
import { MessageMeta } from './MessageMeta';
import { MessageText } from './MessageText';
import { PollCard } from './PollCard';
import { Quote } from './Quote';

const GONE: Record<string, string> = {
  author: 'Message deleted by its author',
  moderator: 'Message deleted by a moderator',
  expired: 'Message disappeared',
  erased: 'Message erased with its account',
};

export interface BubbleProps {
  readonly item: MessageItem;
  readonly position: GroupPosition;
  readonly find: (messageId: string) => MessageItem | undefined;
  readonly deeds: MessageDeeds;
  readonly children?: ReactNode;
}

export function Bubble({ item, position, find, deeds, children }: BubbleProps) {
  const { message } = item;
  const content = item.pending?.edit ?? message.content;
  if (!content || item.pending?.deleted)
    return (
      <div className="b tomb">
        <Icon name="trash" size="s" />
        <span>
          {GONE[message.deleted ?? 'author'] ?? GONE.author}, {timeOfDay(message.at)}
        </span>
      </div>
    );
  const last = position === 'only' || position === 'last';
  const meta = <MessageMeta item={item} hidden={!last && !item.mine} />;
  const media = content.type === 'image' || content.type === 'video';
  const answered = message.replyTo ?? message.thread;
  const quote = answered && <Quote conversationId={message.conversationId} messageId={answered} known={find(answered)?.message} onJump={deeds.jump} />;
  const text = content.text ? <MessageText message={message} text={content.text} /> : null;
  if (media)
    return (
      <div className="b media">
        {children}
        {quote}
        <Attachments content={content} />
        <div className="cap">
          {text}
          {meta}
        </div>
      </div>
    );
  return (
    <div className={item.send?.state === 'failed' ? 'b failed' : 'b'}>
      {children}
      {message.forwardedFrom && <Forwarded sender={message.forwardedFrom.sender} />}
      {quote}
      <Attachments content={content} />
      {content.type === 'poll' && <PollCard item={item} onVote={options => deeds.vote(item, options)} />}
      {content.type === 'encrypted' && <p className="dim">This message is encrypted for another version. Update to see it.</p>}
      {text}
      {meta}
    </div>
  );
}

function Forwarded({ sender }: { readonly sender: string | undefined }) {
  return (
    <div className="small dim row">
      <Icon name="forward" size="s" />
      <span>Forwarded{sender && <ForwardedName id={sender} />}</span>
    </div>
  );
}

function ForwardedName({ id }: { readonly id: string }) {
  return <> from {nameOf(useProfile(id))}</>;
}
