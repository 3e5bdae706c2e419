import type { ChatReads } from '../api/chat';
import type { ReceiptsNotice, RejectedNotice, TypingNotice } from '../api/hubTypes';
import type { ChatEvent, Command, CommandResult, ConversationView, Uuid } from '../api/types';
import type { ConversationList, MessageItem } from '../model';
import { Cell } from '../readable';
import { Conversation } from './conversation';
import { Marks } from './marks';
import { Outbox } from './outbox';
import type { OutboxStorage } from './outboxStorage';
import { without } from './message';
import { mergeMarks, withReadMark } from './summary';
import { needsUpdate } from './system';
import { outgoingItem } from './timeline';

export interface ChatStoreOptions {
  readonly me: Uuid;
  readonly api: ChatReads;
  readonly storage: OutboxStorage;
  readonly submit: (command: Command) => Promise<CommandResult>;
  readonly markRead: (conversationId: Uuid, seq: number) => Promise<unknown>;
  readonly markDelivered: (conversationId: Uuid, seq: number) => Promise<unknown>;
  /** Told when the numbers that the connection shows change. */
  readonly changed?: () => void;
  readonly now?: () => number;
}

const EMPTY: ConversationList = { loaded: false, items: [], unread: 0, mentions: 0 };

/** Everything that one signed-in person knows of conversations; fed by the connection, read by the screens. */
export class ChatStore {
  readonly list = new Cell<ConversationList>(EMPTY);
  readonly failed = new Cell<readonly MessageItem[]>([]);
  readonly outbox: Outbox;
  /** A critical event came that this version does not know. */
  updateNeeded = false;

  readonly #options: ChatStoreOptions;
  readonly #conversations = new Map<Uuid, Conversation>();
  readonly #dirty = new Set<Conversation>();
  readonly #read: Marks;
  readonly #delivered: Marks;
  #since: string | undefined;
  #syncing: Promise<number> | undefined;
  #loaded = false;
  #online = false;
  #scheduled = false;

  constructor(options: ChatStoreOptions) {
    this.#options = options;
    this.outbox = new Outbox({
      storage: options.storage,
      submit: options.submit,
      changed: id => this.#outboxChanged(id),
    });
    this.#read = new Marks({
      tell: options.markRead,
      delayMs: 300,
      told: (id, seq) => {
        const conversation = this.#conversations.get(id);
        // How much is left after a mark in the middle is the server's to count.
        if (conversation?.view && seq < conversation.view.lastSeq) void conversation.ask();
      },
    });
    this.#delivered = new Marks({ tell: options.markDelivered, delayMs: 1000 });
  }

  get me(): Uuid {
    return this.#options.me;
  }

  get(id: Uuid): Conversation {
    let conversation = this.#conversations.get(id);
    if (!conversation) {
      conversation = new Conversation(id, {
        me: this.#options.me,
        api: this.#options.api,
        outbox: this.outbox,
        online: () => this.#online,
        now: () => this.#now(),
        changed: changed => this.#changed(changed),
      });
      this.#conversations.set(id, conversation);
    }
    return conversation;
  }

  /** Fetches what changed since the last time, until there is no more; answers how many messages were missed. One at a time. */
  sync(): Promise<number> {
    this.#syncing ??= this.#sync().finally(() => (this.#syncing = undefined));
    return this.#syncing;
  }

  setOnline(online: boolean): void {
    this.#online = online;
    this.#read.setOnline(online);
    this.#delivered.setOnline(online);
    this.outbox.setOnline(online);
    for (const conversation of this.#conversations.values()) this.#changed(conversation);
  }

  appended(events: readonly ChatEvent[]): void {
    const byConversation = new Map<Uuid, ChatEvent[]>();
    for (const event of events) {
      byConversation.set(event.conversationId, [...(byConversation.get(event.conversationId) ?? []), event]);
      if (needsUpdate(event) && !this.updateNeeded) {
        this.updateNeeded = true;
        this.#options.changed?.();
      }
    }
    for (const [id, own] of byConversation) {
      const conversation = this.get(id);
      conversation.receive(own);
      for (const event of own) this.outbox.confirm(event);
      const last = own.at(-1);
      if (last && last.sender !== this.#options.me && conversation.view?.lastSeq === last.seq) this.#delivered.move(id, last.seq);
    }
  }

  summaries(views: readonly ConversationView[]): void {
    for (const view of views) {
      const conversation = this.get(view.id);
      if (conversation.view && conversation.view.epoch !== view.epoch) {
        this.#read.forget(view.id);
        this.#delivered.forget(view.id);
      }
      conversation.receiveView(view);
      if (view.unread > 0 && view.removed !== true) this.#delivered.move(view.id, view.lastSeq);
    }
  }

  receipts(notices: readonly ReceiptsNotice[]): void {
    for (const notice of notices) {
      const conversation = this.get(notice.conversationId);
      const view = conversation.view;
      if (!view) continue;
      const receipts = mergeMarks(view.receipts, notice.marks);
      const own = notice.marks.find(mark => mark.userId === this.#options.me)?.readSeq ?? 0;
      conversation.view = withReadMark({ ...view, ...(receipts && { receipts }) }, own);
      if (own > view.readSeq && own < view.lastSeq) void conversation.ask();
      this.#changed(conversation);
    }
  }

  typing(notice: TypingNotice): void {
    if (notice.userId !== this.#options.me) this.get(notice.conversationId).setTyping(notice.userId);
  }

  rejected(notice: RejectedNotice): void {
    this.outbox.rejected(notice);
  }

  /** Events were dropped for this connection. */
  async resync(conversationIds: readonly Uuid[] | undefined): Promise<void> {
    await this.sync();
    const ids = conversationIds ?? [...this.#conversations.keys()];
    await Promise.all(ids.map(id => this.get(id).catchUp()));
  }

  markRead(id: Uuid, seq?: number): void {
    const conversation = this.get(id);
    const view = conversation.view;
    if (!view) return;
    const target = Math.min(seq ?? view.lastSeq, view.lastSeq);
    if (target <= view.readSeq && view.markedUnread !== true) return;
    conversation.view = withReadMark(without(view, 'markedUnread'), target);
    this.#read.move(id, Math.max(target, view.readSeq), view.markedUnread === true);
    this.#changed(conversation);
  }

  /** Takes a changed field of a conversation that the server confirmed. */
  update(id: Uuid, change: (view: ConversationView) => ConversationView): void {
    const conversation = this.get(id);
    if (!conversation.view) return;
    conversation.view = change(conversation.view);
    this.#changed(conversation);
  }

  refresh(id: Uuid): void {
    this.#changed(this.get(id));
  }

  stop(): void {
    this.setOnline(false);
    this.#read.stop();
    this.#delivered.stop();
  }

  async #sync(): Promise<number> {
    const first = this.#since === undefined;
    const { missed, restored } = await this.#syncPages(new Set());
    if (restored && !first) {
      // The server is what it was at a backup: what was made since then is not told as gone, so everything is asked for.
      this.#since = undefined;
      const there = new Set<Uuid>();
      await this.#syncPages(there);
      for (const [id, conversation] of this.#conversations) if (!there.has(id)) await conversation.ask();
    }
    this.#loaded = true;
    this.#schedule();
    await Promise.all([...this.#conversations.values()].map(conversation => conversation.catchUp()));
    return first ? 0 : missed;
  }

  async #syncPages(seen: Set<Uuid>): Promise<{ readonly missed: number; readonly restored: boolean }> {
    let missed = 0;
    let restored = false;
    for (let more = true; more;) {
      const page = await this.#options.api.sync(this.#since);
      for (const view of page.conversations) {
        seen.add(view.id);
        const before = this.#conversations.get(view.id)?.view;
        missed += Math.max(0, view.lastOrdinal - (before?.lastOrdinal ?? 0));
        restored ||= before !== undefined && view.removed !== true && before.removed !== true && before.epoch !== view.epoch;
      }
      this.summaries(page.conversations);
      this.#since = page.since;
      more = page.hasMore;
    }
    return { missed, restored };
  }

  #outboxChanged(id: Uuid): void {
    this.#changed(this.get(id));
    this.#options.changed?.();
  }

  #changed(conversation: Conversation): void {
    this.#dirty.add(conversation);
    this.#schedule();
  }

  /** All changes of one turn become one new snapshot. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#publish();
    });
  }

  #publish(): void {
    for (const conversation of this.#dirty) conversation.publish();
    this.#dirty.clear();
    const items = [...this.#conversations.values()]
      .flatMap(conversation => conversation.item.get() ?? [])
      .filter(item => item.removed !== true && item.role !== undefined)
      .sort((a, b) => (a.updatedAt === b.updatedAt ? (a.id < b.id ? 1 : -1) : a.updatedAt < b.updatedAt ? 1 : -1));
    const before = this.list.get();
    const counted = items.filter(item => !item.muted && !item.archived);
    const unread = counted.reduce((sum, item) => sum + item.unread, 0);
    const mentions = counted.reduce((sum, item) => sum + item.mentions, 0);
    const same = items.length === before.items.length && items.every((item, i) => item === before.items[i]);
    if (!same || before.loaded !== this.#loaded) this.list.set({ loaded: this.#loaded, items, unread, mentions });
    this.#publishFailed();
  }

  #publishFailed(): void {
    const failed = this.outbox.entries.filter(entry => entry.state === 'failed');
    if (failed.length === 0 && this.failed.get().length === 0) return;
    const known = new Map(this.failed.get().map(item => [item.key, item]));
    this.failed.set(
      failed.flatMap(entry =>
        entry.command.type === 'message.send'
          ? [known.get(entry.command.commandId) ?? outgoingItem(entry.command, entry, this.#options.me, this.#online)]
          : [],
      ),
    );
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
