import type { ChatReads, MessageRange } from '../api/chat';
import type { ChatEvent, ConversationView, MessageView, Uuid } from '../api/types';
import { CoolChatError, toFailure } from '../errors';
import type { ConversationItem, Failure, Timeline } from '../model';
import { Cell } from '../readable';
import { Fold } from './fold';
import { eventRange } from './eventRange';
import { conversationItem, sameFields } from './listItem';
import type { Outbox } from './outbox';
import { foldSummary, mergeSummary } from './summary';
import { TimelineItems } from './timeline';

const PAGE = 50;
const EVENTS = 200;
/** Past this many missed events a fresh page is cheaper than the events. */
const RELOAD_PAST = 1000;
const TYPING_MS = 6000;

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

export interface ConversationContext {
  readonly me: Uuid;
  readonly api: ChatReads;
  readonly outbox: Outbox;
  readonly online: () => boolean;
  readonly now: () => number;
  /** The snapshots of this conversation are out of date. */
  readonly changed: (conversation: Conversation) => void;
}

/** One conversation: its summary always, its window of messages while it is open. */
export class Conversation {
  readonly id: Uuid;
  readonly timeline = new Cell<Timeline>(LOADING);
  readonly item = new Cell<ConversationItem | undefined>(undefined);
  view: ConversationView | undefined;
  /** Written here and perhaps not yet at the server. */
  draft: string | undefined;

  readonly #context: ConversationContext;
  readonly #items = new TimelineItems();
  readonly #typing = new Map<Uuid, number>();
  #fold: Fold | undefined;
  #opens = 0;
  #early: ChatEvent[] = [];
  #failure: Failure | undefined;
  #missing = false;
  #readSeqAtOpen = 0;
  #loading: 'reset' | 'older' | 'newer' | undefined;
  #generation = 0;
  #pulling: Promise<void> | undefined;
  #asking: Promise<void> | undefined;

  constructor(id: Uuid, context: ConversationContext) {
    this.id = id;
    this.#context = context;
  }

  get isOpen(): boolean {
    return this.#opens > 0;
  }

  get fold(): Fold | undefined {
    return this.#fold;
  }

  open(): () => void {
    if (this.#opens++ === 0) {
      this.#readSeqAtOpen = this.view?.readSeq ?? 0;
      if (this.#fold) void this.pull();
      else void this.load({});
    }
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      if (--this.#opens === 0) this.#forgetWindow();
    };
  }

  message(messageId: Uuid): MessageView | undefined {
    const last = this.view?.lastMessage;
    return this.#fold?.message(messageId) ?? (last?.messageId === messageId ? last : undefined);
  }

  /** Loads the window afresh: the end, or around a seq. */
  async load(range: Pick<MessageRange, 'around'>): Promise<void> {
    const generation = ++this.#generation;
    this.#loading = 'reset';
    this.#context.changed(this);
    try {
      const page = await this.#context.api.messages(this.id, { ...range, limit: PAGE });
      if (!this.view) await this.ask();
      if (generation !== this.#generation) return;
      const held = this.#fold?.events ?? [];
      this.#fold = new Fold(
        this.#context.me,
        page,
        [...held, ...this.#early].filter(event => this.#inEpoch(event)),
      );
      this.#early = [];
      this.#failure = undefined;
      this.#missing = false;
      if (this.#readSeqAtOpen === 0) this.#readSeqAtOpen = this.view?.readSeq ?? 0;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#failure = toFailure(error);
      this.#missing = this.#failure.code === 'not_found';
    } finally {
      if (generation === this.#generation) this.#loading = undefined;
      this.#context.changed(this);
    }
    if (generation === this.#generation && this.#fold) {
      void this.pull();
      void this.#prove(this.#fold, 0);
    }
  }

  async loadOlder(): Promise<void> {
    const fold = this.#fold;
    const first = fold?.messages[0];
    if (!fold?.hasOlder || !first) return;
    const added = await this.#extend(fold, 'older', { before: first.seq });
    if (added) void this.#prove(fold, first.seq);
  }

  async loadNewer(): Promise<void> {
    const fold = this.#fold;
    const last = fold?.messages.at(-1);
    if (!fold?.hasNewer || !last) return;
    await this.#extend(fold, 'newer', { after: last.seq });
  }

  /** Live events of this conversation, in any order. */
  receive(events: readonly ChatEvent[]): void {
    for (const event of events) this.#typing.delete(event.sender);
    if (this.view) {
      let ask = false;
      for (const event of events) {
        const folded = foldSummary(this.view, event, this.#context.me, id => this.message(id));
        this.view = folded.view;
        ask ||= folded.ask;
      }
      if (ask) void this.ask();
    } else {
      void this.ask();
    }
    const ours = events.filter(event => this.#inEpoch(event));
    if (this.#fold) {
      this.#fold.receive(ours);
      if (this.#fold.needs.gap || this.#fold.needs.ask.length > 0) void this.pull();
    } else if (this.#loading === 'reset') {
      this.#early.push(...ours);
    }
    this.#context.changed(this);
  }

  /** The server's summary: from sync, from a notice, or because it was asked. */
  receiveView(server: ConversationView): void {
    const before = this.view;
    const merged = mergeSummary(before, server);
    this.view = merged.view;
    if (before && before.epoch !== server.epoch) this.#startAgain();
    else if (this.isOpen && this.#fold && server.lastSeq > this.#fold.appliedSeq) void this.pull();
    if (merged.ask) void this.ask();
    this.#context.changed(this);
  }

  /** Asks the server for the summary; one question at a time. */
  ask(): Promise<void> {
    this.#asking ??= this.#context.api
      .conversation(this.id)
      .then(
        view => this.receiveView(view),
        (error: unknown) => {
          if (error instanceof CoolChatError && error.code === 'not_found' && this.view) this.view = { ...this.view, removed: true };
          this.#context.changed(this);
        },
      )
      .finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Fetches what the window lacks: missing events, then messages whose state only the server knows. One at a time. */
  pull(): Promise<void> {
    this.#pulling ??= this.#pull().finally(() => {
      this.#pulling = undefined;
      this.#context.changed(this);
    });
    return this.#pulling;
  }

  setTyping(userId: Uuid): void {
    this.#typing.set(userId, this.#context.now() + TYPING_MS);
    setTimeout(() => this.#context.changed(this), TYPING_MS + 50);
    this.#context.changed(this);
  }

  /** Brings the snapshots up to date; called once for any number of changes. */
  publish(): void {
    this.#publishItem();
    if (this.isOpen) this.#publishTimeline();
  }

  #publishTimeline(): void {
    const fold = this.#fold;
    const base = { ...LOADING, readSeqAtOpen: this.#readSeqAtOpen };
    if (this.#missing) this.timeline.set({ ...base, status: 'missing' });
    else if (!fold) this.timeline.set(this.#failure ? { ...base, status: 'failed', failure: this.#failure } : base);
    else {
      const { me, outbox, online } = this.#context;
      const next: Timeline = {
        status: 'ready',
        ...(this.#failure && { failure: this.#failure }),
        items: this.#items.build({ me, fold, view: this.view, outbox: outbox.of(this.id), online: online() }),
        hasOlder: fold.hasOlder,
        hasNewer: fold.hasNewer,
        loadingOlder: this.#loading === 'older',
        loadingNewer: this.#loading === 'newer',
        newerCount: fold.newerCount,
        readSeqAtOpen: this.#readSeqAtOpen,
        broken: fold.broken,
      };
      if (!sameFields(this.timeline.get(), next)) this.timeline.set(next);
    }
  }

  #publishItem(): void {
    if (!this.view) return;
    const { me, outbox, online, now } = this.#context;
    const next = conversationItem({
      me,
      view: this.view,
      outbox: outbox.of(this.id).filter(entry => !this.#fold?.message(entry.command.commandId)),
      online: online(),
      now: now(),
      typing: this.#typing,
      draft: this.draft,
    });
    if (!sameFields(this.item.get(), next)) this.item.set(next);
  }

  async #extend(fold: Fold, where: 'older' | 'newer', range: MessageRange): Promise<boolean> {
    if (this.#loading !== undefined) return false;
    const generation = this.#generation;
    this.#loading = where;
    this.#context.changed(this);
    try {
      // A page older than the events that are held can't be brought forward: the next one is newer.
      for (let tries = 0; tries < 3; tries++) {
        const page = await this.#context.api.messages(this.id, { ...range, limit: PAGE });
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
      if (generation === this.#generation) this.#loading = undefined;
      this.#context.changed(this);
      if (fold === this.#fold) void this.pull();
    }
  }

  async #pull(): Promise<void> {
    try {
      for (let fold = this.#fold; fold && fold === this.#fold && this.isOpen; fold = this.#fold) {
        const target = Math.max(this.view?.lastSeq ?? 0, fold.appliedSeq + (fold.needs.gap ? 1 : 0));
        if (target - fold.appliedSeq > RELOAD_PAST) return void (await this.load({}));
        if (target > fold.appliedSeq) {
          const { events } = await this.#context.api.events(this.id, { after: fold.appliedSeq, limit: EVENTS });
          if (events.some(event => !this.#inEpoch(event))) return void (await this.ask());
          if (events.length === 0) return;
          fold.receive(events);
          for (const event of events) this.#context.outbox.confirm(event);
        } else if (!(await this.#settle(fold))) {
          return;
        }
        this.#context.changed(this);
      }
    } catch {
      // The connection is going, or the server is: what is missing is fetched again after the next sync.
    }
  }

  /** Asks for the first message whose state the events don't tell. False: there is none. */
  async #settle(fold: Fold): Promise<boolean> {
    const seq = fold.needs.ask[0];
    if (seq === undefined) return false;
    const page = await this.#context.api.messages(this.id, { around: seq, limit: 1 });
    fold.add(page, 'refresh');
    return !fold.needs.ask.includes(seq);
  }

  /** Pulls the raw events behind the window, from its first message to the seq that was proven before (0: to its end). */
  async #prove(fold: Fold, upTo: number): Promise<void> {
    const from = fold.hasOlder ? fold.messages[0]?.seq : this.view?.firstSeq;
    const to = upTo > 0 ? upTo : fold.appliedSeq;
    if (from === undefined || to - from > RELOAD_PAST) return;
    try {
      const events = await eventRange(this.#context.api, this.id, from, to, () => fold === this.#fold);
      if (fold !== this.#fold) return;
      fold.addHistory(events.filter(event => this.#inEpoch(event)));
      this.#context.changed(this);
    } catch {
      // Nothing is claimed about what could not be checked.
    }
  }

  #inEpoch(event: ChatEvent): boolean {
    return this.view === undefined || event.epoch === this.view.epoch;
  }

  #startAgain(): void {
    this.#fold = undefined;
    this.#early = [];
    if (this.isOpen) void this.load({});
  }

  #forgetWindow(): void {
    this.#generation++;
    this.#fold = undefined;
    this.#early = [];
    this.#loading = undefined;
    this.#failure = undefined;
    this.timeline.set(LOADING);
  }
}
