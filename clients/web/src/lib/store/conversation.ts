import type { ChatReads } from '../api/chat';
import type { ChatEvent, ConversationView, MessageView, Uuid } from '../api/types';
import { CoolChatError } from '../errors';
import type { ConversationItem } from '../model';
import { Cell } from '../readable';
import { conversationItem, sameFields } from './listItem';
import type { Outbox } from './outbox';
import { foldSummary, mergeSummary } from './summary';
import { Window, type WindowContext } from './window';

const TYPING_MS = 6000;

export interface ConversationContext {
  readonly me: Uuid;
  readonly api: ChatReads;
  readonly outbox: Outbox;
  readonly online: () => boolean;
  readonly now: () => number;
  /** The snapshots of this conversation are out of date. */
  readonly changed: (conversation: Conversation) => void;
}

/** One conversation: its summary always, its windows of messages while they are open. */
export class Conversation {
  readonly id: Uuid;
  readonly item = new Cell<ConversationItem | undefined>(undefined);
  readonly main: Window;
  view: ConversationView | undefined;
  /** Written here and perhaps not yet at the server. */
  draft: string | undefined;

  readonly #context: ConversationContext;
  readonly #windowContext: WindowContext;
  readonly #threads = new Map<Uuid, Window>();
  readonly #typing = new Map<Uuid, number>();
  #asking: Promise<void> | undefined;

  constructor(id: Uuid, context: ConversationContext) {
    this.id = id;
    this.#context = context;
    const { me, api, outbox, online } = context;
    this.#windowContext = {
      id,
      me,
      api,
      outbox,
      online,
      view: () => this.view,
      ask: () => this.ask(),
      changed: () => context.changed(this),
    };
    this.main = new Window(this.#windowContext);
  }

  /** The messages of a thread, by its root's messageId. */
  thread(rootId: Uuid): Window {
    let window = this.#threads.get(rootId);
    if (!window) {
      window = new Window(this.#windowContext, rootId);
      this.#threads.set(rootId, window);
    }
    return window;
  }

  /** A message that is held here. */
  message(messageId: Uuid): MessageView | undefined {
    for (const window of this.#windows()) {
      const message = window.fold?.message(messageId);
      if (message) return message;
    }
    const last = this.view?.lastMessage;
    return last?.messageId === messageId ? last : undefined;
  }

  /** Live events of this conversation, in any order. */
  receive(events: readonly ChatEvent[]): void {
    for (const event of events) this.#typing.delete(event.sender);
    let ask = this.view === undefined;
    for (const event of events) {
      if (!this.view) break;
      const folded = foldSummary(this.view, event, this.#context.me, id => this.message(id));
      this.view = folded.view;
      ask ||= folded.ask;
    }
    if (ask) void this.ask();
    const ours = events.filter(event => this.view === undefined || event.epoch === this.view.epoch);
    for (const window of this.#windows()) window.receive(ours);
    this.#context.changed(this);
  }

  /** The server's summary: from sync, from a notice, or because it was asked. */
  receiveView(server: ConversationView): void {
    const before = this.view;
    const merged = mergeSummary(before, server);
    this.view = merged.view;
    const restored = before !== undefined && before.epoch !== server.epoch;
    for (const window of this.#windows()) {
      if (restored) window.startAgain();
      else if (!window.fold || server.lastSeq > window.fold.appliedSeq) void window.catchUp();
    }
    if (merged.ask) void this.ask();
    this.#context.changed(this);
  }

  /** Asks the server for the summary; one question at a time. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async catchUp(): Promise<void> {
    await Promise.all(this.#windows().map(window => window.catchUp()));
  }

  setTyping(userId: Uuid): void {
    this.#typing.set(userId, this.#context.now() + TYPING_MS);
    setTimeout(() => this.#context.changed(this), TYPING_MS + 50);
    this.#context.changed(this);
  }

  /** Brings the snapshots up to date; called once for any number of changes. */
  publish(): void {
    this.#publishItem();
    for (const window of this.#windows()) window.publish();
  }

  async #ask(): Promise<void> {
    try {
      this.receiveView(await this.#context.api.conversation(this.id));
    } catch (error) {
      // Anything else is asked again with the next event or sync.
      if (error instanceof CoolChatError && error.code === 'not_found' && this.view) this.view = { ...this.view, removed: true };
      this.#context.changed(this);
    }
  }

  #publishItem(): void {
    if (!this.view) return;
    const { me, outbox, online, now } = this.#context;
    const next = conversationItem({
      me,
      view: this.view,
      outbox: outbox.of(this.id).filter(entry => !this.message(entry.command.commandId)),
      online: online(),
      now: now(),
      typing: this.#typing,
      draft: this.draft,
    });
    if (!sameFields(this.item.get(), next)) this.item.set(next);
  }

  #windows(): Window[] {
    return [this.main, ...this.#threads.values()];
  }
}
