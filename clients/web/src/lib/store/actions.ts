import type { ChatApi } from '../api/chat';
import type { Command, ConversationChanges, MemberPreferences, MessageView, Role, Uuid } from '../api/types';
import type { ConversationActions, ThreadActions } from '../clientTypes';
import { CoolChatError } from '../errors';
import { uuidv7 } from '../ids';
import type { Draft } from '../model';
import type { ChatStore } from './chatStore';
import type { Conversation } from './conversation';

const TYPING_EVERY_MS = 3000;
const DRAFT_SETTLES_MS = 1500;

/** Omit that keeps a union a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Deed = Without<Command, 'commandId' | 'conversationId'>;

export interface ActionsOptions {
  readonly store: ChatStore;
  readonly api: ChatApi;
  readonly tellTyping: (conversationId: Uuid) => Promise<unknown>;
}

/** What a person can do in one conversation. */
export class Actions implements ConversationActions {
  readonly id: Uuid;
  readonly timeline: ConversationActions['timeline'];
  readonly conversation: ConversationActions['conversation'];

  readonly #options: ActionsOptions;
  readonly #conversation: Conversation;
  #typedAt = -Infinity;
  #draftTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: Uuid, options: ActionsOptions) {
    this.id = id;
    this.#options = options;
    this.#conversation = options.store.get(id);
    this.timeline = this.#conversation.main.timeline;
    this.conversation = this.#conversation.item;
  }

  open(): () => void {
    return this.#conversation.main.open();
  }

  thread(rootId: Uuid): ThreadActions {
    const window = this.#conversation.thread(rootId);
    return {
      timeline: window.timeline,
      open: () => window.open(),
      loadOlder: () => window.loadOlder(),
      loadNewer: () => window.loadNewer(),
    };
  }

  loadOlder(): Promise<void> {
    return this.#conversation.main.loadOlder();
  }

  loadNewer(): Promise<void> {
    return this.#conversation.main.loadNewer();
  }

  async jumpTo(target: Parameters<ConversationActions['jumpTo']>[0]): Promise<void> {
    if (target === 'end') {
      if (this.#conversation.main.fold?.hasNewer !== false) await this.#conversation.main.load({});
      return;
    }
    if (target === 'unread') return this.#around((this.#conversation.view?.readSeq ?? 0) + 1);
    if ('seq' in target) return this.#around(target.seq);
    const message = await this.message(target.messageId);
    if (!message) throw new CoolChatError({ code: 'not_found', detail: 'This message is not there any more.' });
    await this.#around(message.seq);
  }

  send(draft: Draft): Uuid {
    const commandId = uuidv7();
    this.#options.store.outbox.add({ commandId, conversationId: this.id, type: 'message.send', ...draft });
    return commandId;
  }

  resend(messageId: Uuid): void {
    const { outbox } = this.#options.store;
    const entry = outbox.get(messageId);
    if (entry?.state !== 'failed' || entry.command.type !== 'message.send') return;
    // The server remembers its refusal under this commandId: the same words go out as a new message.
    outbox.discard(messageId);
    outbox.add({ ...entry.command, commandId: uuidv7() });
  }

  discard(messageId: Uuid): void {
    this.#options.store.outbox.discard(messageId);
  }

  edit(messageId: Uuid, draft: Pick<Draft, 'content' | 'mentions'>): Promise<void> {
    return this.#run({ type: 'message.edit', messageId, ...draft });
  }

  remove(messageId: Uuid): Promise<void> {
    return this.#run({ type: 'message.delete', messageId });
  }

  react(messageId: Uuid, key: string, add: boolean): Promise<void> {
    return this.#run({ type: add ? 'reaction.add' : 'reaction.remove', messageId, key });
  }

  pin(messageId: Uuid, pinned: boolean): Promise<void> {
    return this.#run({ type: pinned ? 'message.pin' : 'message.unpin', messageId });
  }

  vote(messageId: Uuid, options: readonly number[]): Promise<void> {
    return this.#run({ type: 'poll.vote', messageId, options });
  }

  closePoll(messageId: Uuid): Promise<void> {
    return this.#run({ type: 'poll.close', messageId });
  }

  markRead(seq?: number): void {
    this.#options.store.markRead(this.id, seq);
  }

  typing(): void {
    const now = Date.now();
    if (now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    void this.#options.tellTyping(this.id).catch(() => undefined); // a hint, worth nothing later
  }

  setDraft(text: string): void {
    this.#conversation.draft = text;
    this.#options.store.refresh(this.id);
    clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => {
      // It stays in this tab when the server is away; the next change tries again.
      void this.#options.api.setPreferences(this.id, { draft: text }).catch(() => undefined);
    }, DRAFT_SETTLES_MS);
  }

  async setPreferences(changes: MemberPreferences): Promise<void> {
    await this.#options.api.setPreferences(this.id, changes);
    const { markedUnread, ...preferences } = changes;
    this.#options.store.update(this.id, view => ({
      ...view,
      preferences: { ...view.preferences, ...preferences },
      ...(markedUnread !== undefined && { markedUnread }),
    }));
  }

  change(changes: ConversationChanges): Promise<void> {
    return this.#run({ type: 'conversation.change', changes });
  }

  addMembers(members: readonly string[], role?: Role): Promise<void> {
    return this.#run({ type: 'member.add', members, ...(role && { role }) });
  }

  removeMember(userId: Uuid): Promise<void> {
    return this.#run({ type: 'member.remove', userId });
  }

  setRole(userId: Uuid, role: Role): Promise<void> {
    return this.#run({ type: 'member.role', userId, role });
  }

  async leave(): Promise<void> {
    await this.#run({ type: 'member.leave' });
    this.#options.store.update(this.id, view => ({ ...view, removed: true }));
  }

  createInvite(options: { readonly expiresIn?: number; readonly maxUses?: number } = {}) {
    return this.#options.api.createInvite(this.id, options);
  }

  async invites() {
    return (await this.#options.api.invites(this.id)).items;
  }

  async revokeInvite(inviteId: Uuid): Promise<void> {
    await this.#options.api.revokeInvite(this.id, inviteId);
  }

  members(next?: string) {
    return this.#options.api.members(this.id, next);
  }

  async pins() {
    return (await this.#options.api.pins(this.id)).items;
  }

  async edits(messageId: Uuid) {
    return (await this.#options.api.edits(this.id, messageId)).items;
  }

  reactors(messageId: Uuid, key: string, next?: string) {
    return this.#options.api.reactors(this.id, messageId, key, next);
  }

  async message(messageId: Uuid): Promise<MessageView | undefined> {
    const known = this.#conversation.message(messageId);
    if (known) return known;
    try {
      return await this.#options.api.message(this.id, messageId);
    } catch (error) {
      if (error instanceof CoolChatError && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  async #around(seq: number): Promise<void> {
    const { main } = this.#conversation;
    const fold = main.fold;
    const first = fold?.messages[0]?.seq ?? Infinity;
    const last = fold?.hasNewer === false ? Infinity : (fold?.messages.at(-1)?.seq ?? 0);
    if (seq >= first && seq <= last) return;
    await main.load({ around: seq });
  }

  #run(deed: Deed): Promise<void> {
    return this.#options.store.outbox.run({ commandId: uuidv7(), conversationId: this.id, ...deed });
  }
}
