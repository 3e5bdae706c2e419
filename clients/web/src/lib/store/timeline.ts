import type { Command, ConversationView, MessageView, SendMessage, Uuid } from '../api/types';
import type { MessageItem, PendingChanges, SendStatus, SystemItem, TimelineItem } from '../model';
import type { Fold } from './fold';
import type { OutboxEntry } from './outbox';

export interface TimelineInput {
  readonly me: Uuid;
  readonly fold: Fold;
  readonly view: ConversationView | undefined;
  readonly outbox: readonly OutboxEntry[];
  /** With a connection, what waits is about to be sent. */
  readonly online: boolean;
  /** The window is of this thread. */
  readonly thread?: Uuid | undefined;
}

/** What an item was made from: unchanged reasons, unchanged item. */
interface Made {
  readonly item: TimelineItem;
  readonly reasons: readonly unknown[];
}

/** Builds the items of a timeline, and gives back the earlier object for each item that did not change. */
export class TimelineItems {
  #items: readonly TimelineItem[] = [];
  #made = new Map<string, Made>();
  #next = new Map<string, Made>();

  build(input: TimelineInput): readonly TimelineItem[] {
    const { fold, view, me, thread } = input;
    const pending = pendingChanges(input.outbox);
    const next: TimelineItem[] = [];
    this.#next = new Map();
    for (const message of fold.messages) {
      const [changes, broken] = [pending.get(message.messageId), fold.isBroken(message.seq)];
      const marks = message.sender === me ? [view?.receipts, view?.memberCount] : [];
      next.push(this.#keep(message.messageId, [message, broken, changes, ...marks], () => confirmedItem(message, input, changes)));
    }
    for (const line of thread === undefined ? fold.systemLines : []) {
      const broken = fold.isBroken(line.seq);
      const key = `s${line.seq}`;
      next.push(this.#keep(key, [line, broken], () => ({ kind: 'system', key, ...line, ...(broken && { broken }) })));
    }
    next.sort((a, b) => seqOf(a) - seqOf(b));
    if (!fold.hasNewer) next.push(...this.#outgoing(input));
    this.#made = this.#next;
    const same = next.length === this.#items.length && next.every((item, i) => item === this.#items[i]);
    if (!same) this.#items = next;
    return this.#items;
  }

  #outgoing({ outbox, fold, thread, me, online }: TimelineInput): TimelineItem[] {
    return outbox.flatMap(entry => {
      const { command } = entry;
      if (command.type !== 'message.send' || fold.message(command.commandId)) return [];
      // It goes elsewhere once the server has it; one that waits for a connection or was refused has no other place.
      if (command.scheduledFor !== undefined && entry.state === 'sending') return [];
      if (thread !== undefined && command.thread !== thread) return [];
      return [this.#keep(command.commandId, [entry, online], () => outgoingItem(command, entry, me, online))];
    });
  }

  /** The item of before when it was made for the same reasons, or came out the same. */
  #keep(key: string, reasons: readonly unknown[], make: () => TimelineItem): TimelineItem {
    const known = this.#made.get(key);
    if (known && known.reasons.length === reasons.length && known.reasons.every((reason, i) => reason === reasons[i])) {
      this.#next.set(key, known);
      return known.item;
    }
    const made = make();
    const item = known && sameItem(known.item, made) ? known.item : made;
    this.#next.set(key, { item, reasons });
    return item;
  }
}

const seqOf = (item: TimelineItem) => (item.kind === 'message' ? item.message.seq : item.seq);

function confirmedItem(message: MessageView, input: TimelineInput, pending: PendingChanges | undefined): MessageItem {
  const mine = message.sender === input.me;
  const broken = input.fold.isBroken(message.seq);
  return {
    kind: 'message',
    key: message.messageId,
    message,
    mine,
    ...(mine && { send: receiptStatus(message.seq, input.view, input.me) }),
    ...(pending && { pending }),
    ...(broken && { broken }),
  };
}

/** A message of the outbox, as it will look. */
export function outgoingItem(command: SendMessage, entry: OutboxEntry, me: Uuid, online: boolean): MessageItem {
  const { commandId, conversationId, content, replyTo, thread, mentions, forwardedFrom } = command;
  return {
    kind: 'message',
    key: commandId,
    message: {
      messageId: commandId,
      conversationId,
      seq: entry.seq ?? 0,
      ordinal: 0,
      sender: me,
      at: entry.at ?? new Date(entry.createdAt).toISOString(),
      content,
      ...(replyTo !== undefined && { replyTo }),
      ...(thread !== undefined && { thread }),
      ...(mentions && { mentions }),
      ...(forwardedFrom && { forwardedFrom }),
    },
    mine: true,
    send: outgoingStatus(entry, online),
  };
}

function outgoingStatus(entry: OutboxEntry, online: boolean): SendStatus {
  switch (entry.state) {
    case 'failed':
      return { state: 'failed', ...(entry.failure && { failure: entry.failure }) };
    case 'waiting':
      return { state: online ? 'sending' : 'waiting', ...(entry.failure && { failure: entry.failure }) };
    case 'stored':
      return { state: 'stored' };
    default:
      return { state: 'sending' };
  }
}

/** How far an own message has come, from the marks that the server told. */
export function receiptStatus(seq: number, view: ConversationView | undefined, me: Uuid): SendStatus {
  const marks = (view?.receipts ?? []).filter(mark => mark.userId !== me);
  if (!view || marks.length === 0) return { state: 'stored' };
  if (view.kind === 'direct') {
    if (marks.some(mark => mark.readSeq >= seq)) return { state: 'read' };
    return { state: marks.some(mark => mark.deliveredSeq >= seq) ? 'delivered' : 'stored' };
  }
  const of = Math.max(marks.length, view.memberCount - 1);
  const readBy = marks.filter(mark => mark.readSeq >= seq).length;
  return { state: readBy >= of ? 'read' : readBy > 0 ? 'delivered' : 'stored', readBy, of };
}

function pendingChanges(outbox: readonly OutboxEntry[]): Map<Uuid, PendingChanges> {
  const pending = new Map<Uuid, PendingChanges>();
  for (const { command, state } of outbox) {
    if (state === 'failed' || !('messageId' in command)) continue;
    pending.set(command.messageId, withPending(pending.get(command.messageId) ?? {}, command));
  }
  return pending;
}

function withPending(changes: PendingChanges, command: Command): PendingChanges {
  switch (command.type) {
    case 'message.edit':
      return { ...changes, edit: command.content };
    case 'message.delete':
      return { ...changes, deleted: true };
    case 'message.pin':
    case 'message.unpin':
      return { ...changes, pinned: command.type === 'message.pin' };
    case 'poll.vote':
      return { ...changes, vote: command.options };
    case 'reaction.add':
    case 'reaction.remove': {
      const others = (changes.reactions ?? []).filter(reaction => reaction.key !== command.key);
      return { ...changes, reactions: [...others, { key: command.key, add: command.type === 'reaction.add' }] };
    }
    default:
      return changes;
  }
}

function sameItem(a: TimelineItem, b: TimelineItem): boolean {
  if (a.kind === 'system' || b.kind === 'system') return sameSystem(a, b);
  return (
    a.mine === b.mine &&
    a.broken === b.broken &&
    sameMessage(a, b) &&
    JSON.stringify(a.send) === JSON.stringify(b.send) &&
    JSON.stringify(a.pending) === JSON.stringify(b.pending)
  );
}

function sameMessage(a: MessageItem, b: MessageItem): boolean {
  if (a.message === b.message) return true;
  // Outgoing items are made anew each time; their command never changes.
  return a.message.ordinal === 0 && b.message.ordinal === 0 && a.message.content === b.message.content && a.message.at === b.message.at;
}

function sameSystem(a: TimelineItem, b: TimelineItem): boolean {
  const [x, y] = [a, b] as [SystemItem, SystemItem];
  return a.kind === b.kind && x.change === y.change && x.broken === y.broken;
}
