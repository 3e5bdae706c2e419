import type { ChatReads, MessageRange } from '../api/chat';
import type { ChatEvent, ConversationView, Uuid } from '../api/types';
import { toFailure } from '../errors';
import type { Failure, Timeline } from '../model';
import { Cell } from '../readable';
import { eventRange } from './eventRange';
import { Fold } from './fold';
import { sameFields } from './listItem';
import type { Outbox } from './outbox';
import { TimelineItems } from './timeline';

const PAGE = 50;
const EVENTS = 200;
/** Past this many missed events a fresh page is cheaper than the events. */
const RELOAD_PAST = 1000;

const LOADING: Timeline = {
  status: 'loading',
  items: [],
  hasOlder: false,
  hasNewer: false,
  loadingOlder: false,
  loadingNewer: false,
  newerCount: 0,
  readSeqAtOpen: 0,
  broken: [],
};

export interface WindowContext {
  readonly id: Uuid;
  readonly me: Uuid;
  readonly api: ChatReads;
  readonly outbox: Outbox;
  readonly online: () => boolean;
  /** The conversation's summary, once it is known. */
  readonly view: () => ConversationView | undefined;
  /** Asks the server for the summary. */
  readonly ask: () => Promise<void>;
  /** The snapshot is out of date. */
  readonly changed: () => void;
}

/** A window that nobody shows any more is kept this long, so that coming back shows it at once. */
const KEEP_MS = 5 * 60_000;

/**
 * The messages on screen, of a conversation or of one thread in it: loads pages, keeps them complete while open, and forgets them a while
 * after the last one who showed it has gone.
 */
export class Window {
  readonly timeline = new Cell<Timeline>(LOADING);
  readonly #context: WindowContext;
  readonly #thread: Uuid | undefined;
  readonly #items = new TimelineItems();
  #fold: Fold | undefined;
  #opens = 0;
  #early: ChatEvent[] = [];
  #failure: Failure | undefined;
  #readSeqAtOpen: number | undefined;
  #loading: 'reset' | 'older' | 'newer' | undefined;
  /** Counts resets: what was asked for before one is of no use after it. */
  #generation = 0;
  #pulling: Promise<void> | undefined;
  #forgetting: ReturnType<typeof setTimeout> | undefined;

  constructor(context: WindowContext, thread?: Uuid) {
    this.#context = context;
    this.#thread = thread;
  }

  get isOpen(): boolean {
    return this.#opens > 0;
  }

  get fold(): Fold | undefined {
    return this.#fold;
  }

  open(): () => void {
    if (this.#opens++ === 0) this.#shown();
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      if (--this.#opens > 0) return;
      // What was left in the middle begins at the end the next time.
      if (this.#fold?.hasNewer) this.#forget();
      else this.#forgetting = setTimeout(() => this.#forget(), KEEP_MS);
    };
  }

  /** Loads the window afresh: the end, or around a seq. */
  async load(range: Pick<MessageRange, 'around'>): Promise<void> {
    const generation = ++this.#generation;
    this.#loading = 'reset';
    this.#context.changed();
    try {
      const page = await this.#page(range);
      if (!this.#context.view()) await this.#context.ask();
      if (generation !== this.#generation) return;
      const held = this.#fold?.events ?? [];
      const events = [...held, ...this.#early].filter(event => this.#inEpoch(event));
      this.#fold = new Fold(this.#context.me, page, { events, ...(this.#thread !== undefined && { thread: this.#thread }) });
      this.#early = [];
      this.#failure = undefined;
      this.#readSeqAtOpen ??= this.#context.view()?.readSeq;
    } catch (error) {
      if (generation === this.#generation) this.#failure = toFailure(error);
    } finally {
      if (generation === this.#generation) {
        this.#loading = undefined;
        this.#context.changed();
        void this.pull();
        if (this.#fold) void this.#prove(this.#fold, 0);
      }
    }
  }

  async loadOlder(): Promise<void> {
    const fold = this.#fold;
    const first = fold?.messages[0];
    if (!fold?.hasOlder || !first) return;
    if (await this.#extend(fold, 'older', { before: first.seq })) void this.#prove(fold, first.seq);
  }

  async loadNewer(): Promise<void> {
    const fold = this.#fold;
    const last = fold?.messages.at(-1);
    if (fold?.hasNewer && last) await this.#extend(fold, 'newer', { after: last.seq });
  }

  /** Live events of the conversation's present epoch, in any order. */
  receive(events: readonly ChatEvent[]): void {
    if (this.#fold) {
      this.#fold.receive(events);
      if (this.#fold.needs.gap || this.#fold.needs.ask.length > 0) void this.pull();
    } else if (this.#loading === 'reset') {
      this.#early.push(...events);
    }
  }

  /** Fetches what the window lacks: missing events, then messages whose state only the server knows. One at a time. */
  pull(): Promise<void> {
    if (!this.isOpen || !this.#fold) return Promise.resolve();
    this.#pulling ??= this.#pull().finally(() => {
      this.#pulling = undefined;
      this.#context.changed();
    });
    return this.#pulling;
  }

  /** The server was heard of: what is missing is fetched, and what could not be loaded is tried again. */
  catchUp(): Promise<void> {
    if (!this.isOpen || this.#loading === 'reset') return Promise.resolve();
    return this.#fold ? this.pull() : this.load({});
  }

  /** The conversation was restored from a backup: nothing held here counts any more. */
  startAgain(): void {
    this.#forget();
    if (this.isOpen) this.#shown();
  }

  publish(): void {
    if (!this.isOpen) return;
    const next = this.#snapshot();
    if (!sameFields(this.timeline.get(), next)) this.timeline.set(next);
  }

  #shown(): void {
    clearTimeout(this.#forgetting);
    this.#readSeqAtOpen = this.#context.view()?.readSeq;
    this.#context.changed();
    if (this.#fold) void this.pull();
    else if (this.#loading !== 'reset') void this.load({});
  }

  #snapshot(): Timeline {
    const fold = this.#fold;
    const failure = this.#failure && { failure: this.#failure };
    const base: Timeline = { ...LOADING, ...failure, readSeqAtOpen: this.#readSeqAtOpen ?? 0 };
    if (!fold)
      return { ...base, status: this.#failure === undefined ? 'loading' : this.#failure.code === 'not_found' ? 'missing' : 'failed' };
    const { me, outbox, online, id, view } = this.#context;
    const thread = this.#thread;
    return {
      ...base,
      status: 'ready',
      items: this.#items.build({ me, fold, view: view(), outbox: outbox.of(id), online: online(), thread }),
      hasOlder: fold.hasOlder,
      hasNewer: fold.hasNewer,
      loadingOlder: this.#loading === 'older',
      loadingNewer: this.#loading === 'newer',
      newerCount: fold.newerCount,
      broken: fold.broken,
    };
  }

  #page(range: MessageRange) {
    return this.#context.api.messages(this.#context.id, {
      ...range,
      limit: range.limit ?? PAGE,
      ...(this.#thread !== undefined && { thread: this.#thread }),
    });
  }

  async #extend(fold: Fold, where: 'older' | 'newer', range: MessageRange): Promise<boolean> {
    if (this.#loading !== undefined) return false;
    const generation = this.#generation;
    this.#loading = where;
    this.#context.changed();
    try {
      // A page older than the events that are held can't be brought forward: the next one is newer.
      for (let tries = 0; tries < 3; tries++) {
        const page = await this.#page(range);
        if (generation !== this.#generation) return false;
        if (fold.add(page, where)) {
          this.#failure = undefined;
          return true;
        }
      }
      return false;
    } catch (error) {
      if (generation === this.#generation) this.#failure = toFailure(error);
      return false;
    } finally {
      if (generation === this.#generation) {
        this.#loading = undefined;
        this.#context.changed();
        void this.pull();
      }
    }
  }

  async #pull(): Promise<void> {
    const { api, id, view } = this.#context;
    try {
      for (let fold = this.#fold; fold && fold === this.#fold && this.isOpen; fold = this.#fold) {
        const target = Math.max(view()?.lastSeq ?? 0, fold.appliedSeq + (fold.needs.gap ? 1 : 0));
        if (target - fold.appliedSeq > RELOAD_PAST) return void (await this.load({}));
        if (target > fold.appliedSeq) {
          const { events } = await api.events(id, { after: fold.appliedSeq, limit: EVENTS });
          if (events.some(event => !this.#inEpoch(event))) return void (await this.#context.ask());
          if (events.length === 0) return;
          fold.receive(events);
          for (const event of events) this.#context.outbox.confirm(event);
        } else if (!(await this.#settle(fold))) {
          return;
        }
        this.#context.changed();
      }
    } catch {
      // The connection is going, or the server is: what is missing is fetched again after the next sync.
    }
  }

  /** Asks for messages whose state the events don't tell. False: there are none, or the answer was too old. */
  async #settle(fold: Fold): Promise<boolean> {
    const seq = fold.needs.ask[0];
    if (seq === undefined) return false;
    const last = fold.needs.ask.at(-1) ?? seq;
    const page = await this.#context.api.messages(this.#context.id, { after: seq - 1, limit: Math.min(EVENTS, last - seq + 1) });
    fold.add(page, 'refresh');
    return !fold.needs.ask.includes(seq);
  }

  /** Pulls the raw events behind the window, from its first message to the seq that was proven before (0: to its end). */
  async #prove(fold: Fold, upTo: number): Promise<void> {
    if (this.#thread !== undefined) return; // a thread's messages are proven with the conversation that they stand in
    const from = fold.hasOlder ? fold.messages[0]?.seq : this.#context.view()?.firstSeq;
    const to = upTo > 0 ? upTo : fold.appliedSeq;
    if (from === undefined || to - from > RELOAD_PAST) return;
    try {
      const events = await eventRange(this.#context.api, this.#context.id, from, to, () => fold === this.#fold);
      if (fold !== this.#fold) return;
      // Events from before a restore keep the epoch in which they were written; the chain runs through.
      fold.addHistory(events);
      this.#context.changed();
    } catch {
      // Nothing is claimed about what could not be checked.
    }
  }

  #inEpoch(event: ChatEvent): boolean {
    const view = this.#context.view();
    return view === undefined || event.epoch === view.epoch;
  }

  #forget(): void {
    clearTimeout(this.#forgetting);
    this.#generation++;
    this.#fold = undefined;
    this.#early = [];
    this.#loading = undefined;
    this.#failure = undefined;
    this.#readSeqAtOpen = undefined;
    this.timeline.set(LOADING);
  }
}
