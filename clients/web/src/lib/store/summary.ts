/** A conversation in the list, brought forward by events. Pure: the summary after the event, or 'ask' when the server must be asked. */
import type {
  ChatEvent,
  ConversationChanges,
  ConversationView,
  Member,
  Mentions,
  MessageView,
  ReceiptMark,
  Role,
  Uuid,
} from '../api/types';
import { changeMessage, messageFrom, targetOf, tombstone, without } from './message';

const NIL = '00000000-0000-0000-0000-000000000000';

export interface Folded {
  readonly view: ConversationView;
  /** Something in it is not certain: ask the server for it. */
  readonly ask: boolean;
}

/** `lookup` finds a message that is on screen: a deletion says only which message, not whether it counted as unread. */
export function foldSummary(
  view: ConversationView,
  event: ChatEvent,
  me: Uuid,
  lookup: (messageId: Uuid) => MessageView | undefined,
): Folded {
  if (event.epoch !== view.epoch) return { view, ask: true };
  if (event.seq <= view.lastSeq) return { view, ask: false };
  if (event.seq > view.lastSeq + 1) return { view, ask: true };
  const base: ConversationView = { ...view, lastSeq: event.seq, updatedAt: event.at };
  switch (event.type) {
    case 'message.sent':
      return { view: withMessage(base, event, me), ask: false };
    case 'message.edited':
      // An edit may call somebody who was not called before.
      return { view: withLastMessage(base, event, me), ask: base.unread > 0 };
    case 'member.erased':
      return withErasure(base, event);
    case 'message.deleted':
      return withDeletion(base, event, me, lookup);
    case 'member.added':
    case 'member.removed':
    case 'member.role':
      return withMembers(base, event, me);
    case 'conversation.changed':
      return event.body ? { view: withChanges(base, event.body), ask: false } : { view: base, ask: true };
    default:
      return { view: withLastMessage(base, event, me), ask: false };
  }
}

function withMessage(view: ConversationView, event: ChatEvent, me: Uuid): ConversationView {
  const message = messageFrom(event);
  const next: ConversationView = { ...view, lastMessage: message, ...(event.ordinal !== undefined && { lastOrdinal: event.ordinal }) };
  // Sending by hand moves one's own mark, on every device.
  if (event.sender === me) return { ...without(next, 'markedUnread'), readSeq: event.seq, unread: 0, mentions: 0 };
  if (event.ordinal === undefined) return next;
  return { ...next, unread: view.unread + 1, mentions: view.mentions + (calls(message.mentions, me) ? 1 : 0) };
}

export function calls(mentions: Mentions | undefined, me: Uuid): boolean {
  return mentions?.everyone === true || (mentions?.users?.includes(me) ?? false);
}

function withDeletion(view: ConversationView, event: ChatEvent, me: Uuid, lookup: (id: Uuid) => MessageView | undefined): Folded {
  const target = targetOf(event);
  const last = view.lastMessage;
  const message = target === undefined ? undefined : target === last?.messageId ? last : lookup(target);
  const next = withLastMessage(view, event, me);
  if (view.unread === 0) return { view: next, ask: false };
  if (!message) return { view: next, ask: true };
  const counted = message.seq > view.readSeq && message.sender !== me && message.deleted === undefined;
  if (!counted) return { view: next, ask: false };
  return {
    view: {
      ...next,
      unread: Math.max(0, view.unread - 1),
      mentions: Math.max(0, view.mentions - (calls(message.mentions, me) ? 1 : 0)),
    },
    ask: false,
  };
}

function withErasure(view: ConversationView, event: ChatEvent): Folded {
  const last = view.lastMessage;
  const erased = last?.sender === event.sender && last.deleted === undefined;
  return { view: erased ? { ...view, lastMessage: tombstone(last, 'erased') } : view, ask: view.unread > 0 };
}

function withLastMessage(view: ConversationView, event: ChatEvent, me: Uuid): ConversationView {
  if (!view.lastMessage || targetOf(event) !== view.lastMessage.messageId) return view;
  const changed = changeMessage(view.lastMessage, event, me);
  return changed === 'ask' || changed === view.lastMessage ? view : { ...view, lastMessage: changed };
}

function withMembers(view: ConversationView, event: ChatEvent, me: Uuid): Folded {
  const base = { ...view, membershipVersion: event.seq };
  if (!event.body) return { view: base, ask: true };
  if (event.type === 'member.added') {
    const added = (event.body as { readonly members: readonly Member[] }).members;
    const kept = view.members?.filter(member => !added.some(other => other.userId === member.userId));
    const own = added.find(member => member.userId === me);
    return {
      view: {
        ...base,
        memberCount: view.memberCount + added.length,
        ...(kept && { members: [...kept, ...added] }),
        ...(own && { role: own.role }),
      },
      ask: own !== undefined,
    };
  }
  const { userId, role } = event.body as { readonly userId: Uuid; readonly role?: Role };
  if (event.type === 'member.removed') {
    const members = view.members?.filter(member => member.userId !== userId);
    const next = { ...base, memberCount: Math.max(0, view.memberCount - 1), ...(members && { members }) };
    return userId === me ? { view: { ...without(next, 'role'), removed: true }, ask: false } : { view: next, ask: false };
  }
  if (role === undefined) return { view: base, ask: true };
  // Handing over also changes the role of the one who did: the server knows to what.
  const members = view.members?.map(member => (member.userId === userId ? { ...member, role } : member));
  return { view: { ...base, ...(members && { members }), ...(userId === me && { role }) }, ask: role === 'owner' };
}

function withChanges(view: ConversationView, changes: ConversationChanges): ConversationView {
  let next = view;
  if (changes.title !== undefined) next = { ...next, title: changes.title };
  if (changes.topic !== undefined) next = changes.topic === '' ? without(next, 'topic') : { ...next, topic: changes.topic };
  if (changes.picture !== undefined) next = changes.picture === NIL ? without(next, 'picture') : { ...next, picture: changes.picture };
  if (changes.historyVisibility !== undefined) next = { ...next, historyVisibility: changes.historyVisibility };
  if (changes.listed !== undefined) next = { ...next, listed: changes.listed };
  if (changes.expiresAfter !== undefined) {
    next = changes.expiresAfter === 0 ? without(next, 'expiresAfter') : { ...next, expiresAfter: changes.expiresAfter };
  }
  if (changes.slowMode !== undefined) next = changes.slowMode === 0 ? without(next, 'slowMode') : { ...next, slowMode: changes.slowMode };
  return next;
}

/** The server's summary against the one held here: neither log nor marks ever go back within an epoch. */
export function mergeSummary(local: ConversationView | undefined, server: ConversationView): Folded {
  if (!local || local.epoch !== server.epoch) return { view: server, ask: false };
  const receipts = mergeMarks(local.receipts, server.receipts);
  if (server.lastSeq >= local.lastSeq) {
    const view = { ...server, ...(receipts && { receipts }) };
    return { view: local.readSeq > server.readSeq ? withReadMark(view, local.readSeq, local) : view, ask: false };
  }
  // An answer that was overtaken by events: only what is not in the log counts, and what is derived from both is asked again.
  const ahead = server.readSeq > local.readSeq;
  const view: ConversationView = {
    ...without(without(local, 'preferences'), 'markedUnread'),
    readSeq: Math.max(local.readSeq, server.readSeq),
    ...(receipts && { receipts }),
    ...(server.preferences && { preferences: server.preferences }),
    ...(server.markedUnread !== undefined && { markedUnread: server.markedUnread }),
  };
  return { view, ask: ahead };
}

/** The summary once everything up to `seq` was read here; how much is left is known only at the end, or from `known`. */
export function withReadMark(view: ConversationView, seq: number, known?: Pick<ConversationView, 'unread' | 'mentions'>): ConversationView {
  if (seq <= view.readSeq) return view;
  const read = { ...without(view, 'markedUnread'), readSeq: seq };
  if (seq >= view.lastSeq) return { ...read, unread: 0, mentions: 0 };
  return {
    ...read,
    unread: Math.min(view.unread, known?.unread ?? view.unread),
    mentions: Math.min(view.mentions, known?.mentions ?? view.mentions),
  };
}

export function mergeMarks(
  a: readonly ReceiptMark[] | undefined,
  b: readonly ReceiptMark[] | undefined,
): readonly ReceiptMark[] | undefined {
  if (!a || a.length === 0) return b ?? a;
  if (!b || b.length === 0) return a;
  const marks = new Map(a.map(mark => [mark.userId, mark]));
  let changed = false;
  for (const mark of b) {
    const known = marks.get(mark.userId);
    const deliveredSeq = Math.max(known?.deliveredSeq ?? 0, mark.deliveredSeq ?? 0);
    const readSeq = Math.max(known?.readSeq ?? 0, mark.readSeq ?? 0);
    if (known?.deliveredSeq === deliveredSeq && known.readSeq === readSeq) continue;
    marks.set(mark.userId, { userId: mark.userId, deliveredSeq, readSeq });
    changed = true;
  }
  return changed ? [...marks.values()] : a;
}
