/** How one event changes one message: pure, so that the fold's order rules stand alone. */
import type { ChatEvent, MessageBody, MessageView, PollResult, ReactionCount, Uuid } from '../api/types';

interface RefBody {
  readonly messageId?: Uuid;
  readonly reason?: string;
  readonly key?: string;
  readonly options?: readonly number[];
}

/** The message that an event is about; the event names it, or its body does. */
export function targetOf(event: ChatEvent): Uuid | undefined {
  if (event.type === 'message.sent') return event.messageId ?? event.commandId;
  return event.messageId ?? (event.body as RefBody | undefined)?.messageId;
}

export function messageFrom(event: ChatEvent): MessageView {
  const body = event.body as MessageBody | undefined;
  return {
    messageId: event.messageId ?? event.commandId,
    conversationId: event.conversationId,
    seq: event.seq,
    ordinal: event.ordinal ?? 0,
    sender: event.sender,
    at: event.at,
    ...(body ? { content: body.content } : { deleted: 'erased' }),
    ...(body?.replyTo !== undefined && { replyTo: body.replyTo }),
    ...(body?.thread !== undefined && { thread: body.thread }),
    ...(body?.mentions !== undefined && { mentions: body.mentions }),
    ...(body?.forwardedFrom !== undefined && { forwardedFrom: body.forwardedFrom }),
    ...(body?.expiresAt !== undefined && { expiresAt: body.expiresAt }),
    ...(body?.content.poll && { poll: { counts: body.content.poll.options.map(() => 0), voters: 0 } }),
  };
}

/** The message after the event, the same object when nothing changed, or 'ask' when only the server can tell the new state. */
export function changeMessage(message: MessageView, event: ChatEvent, me: Uuid): MessageView | 'ask' {
  const body = event.body as (MessageBody & RefBody) | undefined;
  switch (event.type) {
    case 'message.edited':
      return edited(message, event, body);
    case 'message.deleted':
      return tombstone(message, body?.reason ?? 'erased');
    case 'message.pinned':
      return message.deleted === undefined ? { ...message, pinned: true } : message;
    case 'message.unpinned':
      return without(message, 'pinned');
    case 'reaction.added':
    case 'reaction.removed':
      if (message.deleted !== undefined) return message;
      if (body?.key === undefined) return 'ask';
      return withReactions(message, countReaction(message.reactions ?? [], body.key, event.type === 'reaction.added', event.sender === me));
    case 'poll.voted':
      return voted(message, event, body, me);
    case 'poll.closed':
      return message.poll ? { ...message, poll: { ...message.poll, closed: true } } : message;
    default:
      return message;
  }
}

function edited(message: MessageView, event: ChatEvent, body: MessageBody | undefined): MessageView {
  if (message.deleted !== undefined) return message;
  // An edit whose body was erased belongs to a message that is about to be deleted further on in the log.
  if (!body) return tombstone(message, 'erased');
  const base = { ...without(message, 'mentions'), editedAt: event.at, edits: (message.edits ?? 0) + 1 };
  return { ...base, content: body.content, ...(body.mentions && { mentions: body.mentions }) };
}

/** What the server keeps of a message whose body was erased. */
export function tombstone(message: MessageView, reason: string): MessageView {
  const { messageId, conversationId, seq, ordinal, sender, at, replies } = message;
  return { messageId, conversationId, seq, ordinal, sender, at, deleted: reason, ...(replies !== undefined && { replies }) };
}

function countReaction(reactions: readonly ReactionCount[], key: string, add: boolean, own: boolean): ReactionCount[] {
  const step = add ? 1 : -1;
  const known = reactions.find(reaction => reaction.key === key);
  if (!known) return add ? [...reactions, { key, count: 1, mine: own }] : [...reactions];
  const next = { key, count: known.count + step, mine: own ? add : known.mine };
  return reactions.flatMap(reaction => (reaction !== known ? [reaction] : next.count > 0 ? [next] : [])).sort((a, b) => b.count - a.count);
}

function withReactions(message: MessageView, reactions: readonly ReactionCount[]): MessageView {
  return reactions.length > 0 ? { ...message, reactions } : without(message, 'reactions');
}

/** Another person's vote replaces one that a materialised page does not tell; only one's own can be counted here. */
function voted(message: MessageView, event: ChatEvent, body: RefBody | undefined, me: Uuid): MessageView | 'ask' {
  if (!message.poll || message.deleted !== undefined) return message;
  if (event.sender !== me || !body?.options) return 'ask';
  const before = message.poll.mine ?? [];
  const after = body.options;
  const counts = message.poll.counts.map((count, i) => count + (after.includes(i) ? 1 : 0) - (before.includes(i) ? 1 : 0));
  const voters = message.poll.voters + (after.length > 0 ? 1 : 0) - (before.length > 0 ? 1 : 0);
  const poll: PollResult = { ...without(message.poll, 'mine'), counts, voters, ...(after.length > 0 && { mine: after }) };
  return { ...message, poll };
}

/** Faces shown beside a thread, latest first. */
const FACES = 3;

/** The thread's root after one more reply. */
export function withReply(root: MessageView, reply: ChatEvent): MessageView {
  const others = (root.replies?.participants ?? []).filter(user => user !== reply.sender);
  return {
    ...root,
    replies: {
      count: (root.replies?.count ?? 0) + 1,
      lastSeq: reply.seq,
      lastAt: reply.at,
      participants: [reply.sender, ...others].slice(0, FACES),
    },
  };
}

/** The thread's root after a reply was deleted. */
export function withoutReply(root: MessageView): MessageView {
  if (!root.replies) return root;
  const count = root.replies.count - 1;
  return count > 0 ? { ...root, replies: { ...root.replies, count } } : without(root, 'replies');
}

export function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> & Partial<Pick<T, K>> {
  if (!(key in value)) return value;
  const copy = { ...value };
  delete copy[key];
  return copy;
}
