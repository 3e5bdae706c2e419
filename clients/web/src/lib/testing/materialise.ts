/**
 * The naive materialiser of the test server: everything is recomputed from the whole log as it was before bodies were erased, nothing is
 * brought forward.
 */
import type { ChatEvent, MessageBody, MessageView, ReactionCount, Uuid } from '../api/types';

interface Votes {
  readonly counts: readonly number[];
  readonly voters: number;
  readonly mine?: readonly number[];
  readonly closed?: boolean;
}

export function materialise(log: readonly ChatEvent[], viewer: Uuid): MessageView[] {
  return log.filter(event => event.type === 'message.sent').map(sent => one(sent, log, viewer));
}

function one(sent: ChatEvent, log: readonly ChatEvent[], viewer: Uuid): MessageView {
  const about = log.filter(event => event.seq > sent.seq && idOf(event) === sent.commandId);
  const deletion =
    about.find(event => event.type === 'message.deleted') ??
    log.find(event => event.type === 'member.erased' && event.seq > sent.seq && event.sender === sent.sender);
  const replies = log.filter(event => event.type === 'message.sent' && (event.body as MessageBody).thread === sent.commandId);
  const deleted = new Set(log.filter(event => event.type === 'message.deleted').map(idOf));
  const count = replies.filter(reply => !deleted.has(reply.commandId)).length;
  const body = sent.body as MessageBody;
  const identity = {
    messageId: sent.commandId,
    conversationId: sent.conversationId,
    seq: sent.seq,
    ordinal: sent.ordinal ?? 0,
    sender: sent.sender,
    at: sent.at,
    ...(count > 0 && { replies: { ...summary(replies), count } }),
  };
  if (deletion) return { ...identity, deleted: (deletion.body as { reason?: string }).reason ?? 'erased' };
  const edits = about.filter(event => event.type === 'message.edited');
  const latest = (edits.at(-1)?.body ?? sent.body) as MessageBody;
  const reactions = countReactions(about, viewer);
  const pin = about.filter(event => event.type === 'message.pinned' || event.type === 'message.unpinned').at(-1);
  const editedAt = edits.at(-1)?.at;
  return {
    ...identity,
    content: latest.content,
    ...(body.thread && { thread: body.thread }),
    ...(body.replyTo && { replyTo: body.replyTo }),
    ...(latest.mentions && { mentions: latest.mentions }),
    ...(editedAt !== undefined && { editedAt, edits: edits.length }),
    ...(reactions.length > 0 && { reactions }),
    ...(pin?.type === 'message.pinned' && { pinned: true }),
    ...(body.content.poll && { poll: countVotes(about, body.content.poll.options.length, viewer) }),
  };
}

const idOf = (event: ChatEvent) => (event.body as { messageId?: Uuid } | undefined)?.messageId;

function summary(replies: readonly ChatEvent[]) {
  const last = replies.at(-1) ?? replies[0];
  if (!last) throw new Error('no replies');
  const participants = [...new Set(replies.map(reply => reply.sender).reverse())].slice(0, 3);
  return { lastSeq: last.seq, lastAt: last.at, participants };
}

function countReactions(events: readonly ChatEvent[], viewer: Uuid): ReactionCount[] {
  const by = new Map<string, Set<Uuid>>();
  for (const event of events) {
    const { key } = event.body as { key: string };
    if (event.type === 'reaction.added') by.set(key, (by.get(key) ?? new Set()).add(event.sender));
    if (event.type !== 'reaction.removed') continue;
    by.get(key)?.delete(event.sender);
    if (by.get(key)?.size === 0) by.delete(key);
  }
  return [...by].map(([key, people]) => ({ key, count: people.size, mine: people.has(viewer) })).sort((a, b) => b.count - a.count);
}

function countVotes(events: readonly ChatEvent[], options: number, viewer: Uuid): Votes {
  const votes = new Map<Uuid, readonly number[]>();
  for (const event of events) {
    if (event.type === 'poll.voted') votes.set(event.sender, (event.body as { options: readonly number[] }).options);
  }
  for (const [voter, chosen] of votes) if (chosen.length === 0) votes.delete(voter);
  const mine = votes.get(viewer);
  return {
    counts: Array.from({ length: options }, (_, i) => [...votes.values()].filter(chosen => chosen.includes(i)).length),
    voters: votes.size,
    ...(mine && { mine }),
    ...(events.some(event => event.type === 'poll.closed') && { closed: true }),
  };
}
