import type { ChatEvent, MessageBody, MessagePage, MessageView, Uuid } from '../api/types';
import { provesItself } from '../chain/hashChain';
import { changeMessage, messageFrom, targetOf, tombstone, withoutReply, withReply } from './message';
import { systemChange, type SystemLine } from './system';

/** Events kept to bring pages up to date that arrive after them. */
const KEPT_EVENTS = 2000;

interface Entry {
  message: MessageView;
  /** The message shows every event up to this seq; later ones still have to be applied. */
  asOf: number;
}

export interface FoldOptions {
  /** Events that arrived while the page was on its way. */
  readonly events?: Iterable<ChatEvent>;
  /** The page is of this thread: only its messages are appended. */
  readonly thread?: Uuid;
}

/** What the fold can't settle from what it has. */
export interface Needs {
  /** Events after `appliedSeq` are missing: pull them. */
  readonly gap: boolean;
  /** Messages (by seq, ascending) whose state only the server knows now. */
  readonly ask: readonly number[];
}

/**
 * The messages of one conversation that are on screen: a window of materialised pages, brought forward by events.
 *
 * What makes it right in any order: events are applied strictly in the order of seq, those past a gap wait in `ahead`; each message
 * carries the seq up to which it is current, so that a page that is newer than the events, or older, is met by exactly the events that
 * it lacks; applying an event twice changes nothing. An event of another epoch is never given to a fold: the owner makes a new one.
 */
export class Fold {
  /** Every event up to here is in the window. */
  appliedSeq: number;
  hasOlder: boolean;
  hasNewer: boolean;
  /** Countable messages that came after the window's end while the window did not reach the end. */
  newerCount = 0;
  /** Counts changes: equal versions, equal content. */
  version = 0;

  readonly #me: Uuid;
  readonly #thread: Uuid | undefined;
  /** Roots of the threads that messages stand in, also of those whose bodies were erased since. */
  readonly #rootOf = new Map<Uuid, Uuid>();
  #entries: Entry[] = [];
  readonly #byId = new Map<Uuid, Entry>();
  readonly #system = new Map<number, SystemLine>();
  readonly #broken = new Set<number>();
  readonly #ahead = new Map<number, ChatEvent>();
  readonly #ask = new Set<number>();
  /** The last applied events, without holes, ending at appliedSeq. */
  #log: ChatEvent[] = [];

  constructor(me: Uuid, page: MessagePage, options: FoldOptions = {}) {
    this.#me = me;
    this.#thread = options.thread;
    this.appliedSeq = page.upTo;
    this.hasOlder = page.hasBefore;
    this.hasNewer = page.hasAfter;
    this.#put(page);
    this.receive(options.events ?? []);
  }

  get messages(): readonly MessageView[] {
    return this.#entries.map(entry => entry.message);
  }

  get systemLines(): readonly SystemLine[] {
    const first = this.#entries[0]?.message.seq;
    const last = this.hasNewer ? this.#entries.at(-1)?.message.seq : undefined;
    return [...this.#system.values()]
      .filter(line => (!this.hasOlder || (first !== undefined && line.seq > first)) && (last === undefined || line.seq < last))
      .sort((a, b) => a.seq - b.seq);
  }

  get broken(): readonly number[] {
    return [...this.#broken].sort((a, b) => a - b);
  }

  get needs(): Needs {
    return { gap: this.#ahead.size > 0, ask: [...this.#ask].sort((a, b) => a - b) };
  }

  /** All events that are held, applied or waiting: what a new fold of the same epoch is given. */
  get events(): readonly ChatEvent[] {
    return [...this.#log, ...this.#ahead.values()];
  }

  message(messageId: Uuid): MessageView | undefined {
    return this.#byId.get(messageId)?.message;
  }

  isBroken(seq: number): boolean {
    return this.#broken.has(seq);
  }

  /** Takes events in any order, with duplicates. */
  receive(events: Iterable<ChatEvent>): void {
    for (const event of events) {
      if (event.seq > this.appliedSeq) this.#ahead.set(event.seq, event);
    }
    for (let next = this.#ahead.get(this.appliedSeq + 1); next; next = this.#ahead.get(this.appliedSeq + 1)) {
      this.#ahead.delete(next.seq);
      this.#verify(next, this.#log.at(-1));
      this.#apply(next);
      this.appliedSeq = next.seq;
      this.#log.push(next);
      if (this.#log.length > 2 * KEPT_EVENTS) this.#log = this.#log.slice(-KEPT_EVENTS);
    }
  }

  /**
   * Adds a page that continues the window, or refreshes messages in it. False: the page is older than the events that are still
   * held, so it cannot be brought up to date: ask for it again.
   */
  add(page: MessagePage, where: 'older' | 'newer' | 'refresh'): boolean {
    const behind = page.upTo < this.appliedSeq;
    if (behind && (this.#log[0]?.seq ?? Infinity) > page.upTo + 1) return false;
    this.#put(page, where === 'refresh');
    if (where === 'older') this.hasOlder = page.hasBefore;
    if (where === 'newer') {
      this.hasNewer = page.hasAfter;
      if (!page.hasAfter) this.newerCount = 0;
    }
    if (behind) for (const event of this.#log) if (event.seq > page.upTo) this.#apply(event);
    this.version++;
    return true;
  }

  /** Raw events of the window's past, without holes: checks their chain, and brings the lines that are no messages. */
  addHistory(events: readonly ChatEvent[]): void {
    for (const [i, event] of events.entries()) {
      const thread = event.type === 'message.sent' ? (event.body as MessageBody | undefined)?.thread : undefined;
      if (thread !== undefined) this.#rootOf.set(event.commandId, thread);
      this.#verify(event, events[i - 1]);
      this.#note(event);
      this.#compare(event);
    }
    const last = events.at(-1);
    const next = this.#log[0];
    if (last && next?.seq === last.seq + 1) this.#verify(next, last);
    this.version++;
  }

  #put(page: MessagePage, onlyKnown = false): void {
    for (const message of page.items) {
      if (message.thread !== undefined) this.#rootOf.set(message.messageId, message.thread);
      const known = this.#byId.get(message.messageId);
      if (known) {
        if (known.asOf > page.upTo) continue;
        known.message = message;
        known.asOf = page.upTo;
      } else if (!onlyKnown) {
        const entry = { message, asOf: page.upTo };
        this.#entries.push(entry);
        this.#byId.set(message.messageId, entry);
      }
      this.#ask.delete(message.seq);
    }
    this.#entries.sort((a, b) => a.message.seq - b.message.seq);
    this.version++;
  }

  #apply(event: ChatEvent): void {
    this.#note(event);
    if (event.type === 'message.sent') this.#append(event);
    else if (event.type === 'member.erased') this.#erase(event);
    else {
      if (event.type === 'message.deleted') this.#takeFromThread(event);
      this.#change(event);
    }
    this.version++;
  }

  #append(event: ChatEvent): void {
    const message = messageFrom(event);
    if (message.thread !== undefined) this.#rootOf.set(message.messageId, message.thread);
    else if (event.body === undefined) this.#askRoots(event, () => true);
    const root = message.thread === undefined ? undefined : this.#byId.get(message.thread);
    if (root && root.asOf < event.seq) {
      root.message = withReply(root.message, event);
      root.asOf = event.seq;
    }
    if (this.#byId.has(message.messageId) || (this.#thread !== undefined && message.thread !== this.#thread)) return;
    if (this.hasNewer) {
      if (event.seq > this.appliedSeq && event.ordinal !== undefined) this.newerCount++;
      return;
    }
    const entry = { message, asOf: event.seq };
    this.#entries.push(entry);
    this.#byId.set(message.messageId, entry);
    // Live events come in order; a re-run after a late page may not.
    if ((this.#entries.at(-2)?.message.seq ?? 0) > event.seq) this.#entries.sort((a, b) => a.message.seq - b.message.seq);
  }

  #change(event: ChatEvent): void {
    const target = targetOf(event);
    const entry = target === undefined ? undefined : this.#byId.get(target);
    if (!entry || entry.asOf >= event.seq) return;
    const changed = changeMessage(entry.message, event, this.#me);
    if (changed === 'ask') {
      this.#ask.add(entry.message.seq);
      return;
    }
    entry.message = changed;
    entry.asOf = event.seq;
  }

  /** A deleted reply no longer counts at its root. */
  #takeFromThread(event: ChatEvent): void {
    const target = targetOf(event);
    if (target === undefined) return;
    const reply = this.#byId.get(target);
    const rootId = this.#rootOf.get(target);
    if (rootId !== undefined) {
      const root = this.#byId.get(rootId);
      if (!root || root.asOf >= event.seq) return;
      root.message = withoutReply(root.message);
      root.asOf = event.seq;
    } else if (reply ? reply.message.deleted !== undefined : this.hasNewer) {
      this.#askRoots(event, message => message.replies !== undefined);
    }
  }

  /** The body is gone, and with it the thread that the message stood in: any root in the window may be meant. */
  #askRoots(event: ChatEvent, which: (message: MessageView) => boolean): void {
    for (const { message, asOf } of this.#entries) {
      const possible = message.thread === undefined && message.seq < event.seq && asOf < event.seq;
      if (possible && which(message)) this.#ask.add(message.seq);
    }
  }

  /** Everything that the sender wrote up to here was erased. */
  #erase(event: ChatEvent): void {
    for (const entry of this.#entries) {
      if (entry.message.sender !== event.sender || entry.message.seq > event.seq || entry.asOf >= event.seq) continue;
      if (entry.message.deleted === undefined) entry.message = tombstone(entry.message, 'erased');
      entry.asOf = event.seq;
    }
  }

  #note(event: ChatEvent): void {
    const change = systemChange(event);
    if (change && !this.#system.has(event.seq)) {
      this.#system.set(event.seq, { seq: event.seq, at: event.at, sender: event.sender, change });
    }
  }

  #verify(event: ChatEvent, previous: ChatEvent | undefined): void {
    const neighbour = previous?.seq === event.seq - 1 ? previous : undefined;
    if (!provesItself(event, neighbour)) this.#broken.add(event.seq);
  }

  /** A materialised message must say what its event says, as long as it was neither edited nor deleted. */
  #compare(event: ChatEvent): void {
    if (event.type !== 'message.sent' || event.body === undefined) return;
    const shown = this.message(event.messageId ?? event.commandId);
    if (!shown || shown.edits || shown.deleted !== undefined) return;
    const proven = messageFrom(event);
    if (shown.sender !== proven.sender || JSON.stringify(sorted(shown.content)) !== JSON.stringify(sorted(proven.content))) {
      this.#broken.add(event.seq);
    }
  }
}

/** Members in one order, so that equal values have equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
