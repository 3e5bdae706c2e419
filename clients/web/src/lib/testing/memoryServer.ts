/** A server in memory that keeps the guarantees of the log: seq without holes, one outcome a commandId, a true hash chain. For tests. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { ChatReads, MessageRange } from '../api/chat';
import type {
  ChatEvent,
  Command,
  CommandResult,
  ConversationView,
  EventPage,
  Member,
  MessageBody,
  MessagePage,
  SyncPage,
  Uuid,
} from '../api/types';
import { concat, toBase64Url, utf8 } from '../bytes';
import { GENESIS, hashHeader } from '../chain/hashChain';
import { canonicalJson } from '../chain/jcs';
import { CoolChatError } from '../errors';
import { uuidv7 } from '../ids';
import { targetOf, without } from '../store/message';
import { materialise } from './materialise';

const BODIES: Record<string, string> = {
  'message.send': 'message.sent',
  'message.edit': 'message.edited',
  'message.delete': 'message.deleted',
  'message.pin': 'message.pinned',
  'message.unpin': 'message.unpinned',
  'reaction.add': 'reaction.added',
  'reaction.remove': 'reaction.removed',
  'poll.vote': 'poll.voted',
  'poll.close': 'poll.closed',
  'conversation.change': 'conversation.changed',
};

export class MemoryConversation {
  readonly id = uuidv7();
  epoch = uuidv7();
  /** What clients may read: erased bodies are gone. */
  readonly log: ChatEvent[] = [];
  /** The same with every body, to materialise from. */
  readonly whole: ChatEvent[] = [];
  readonly outcomes = new Map<Uuid, CommandResult>();
  readonly read = new Map<Uuid, number>();
  readonly members: readonly Member[];
  title = 'Room';

  constructor(members: readonly Uuid[]) {
    this.members = members.map((userId, i) => ({ userId, role: i === 0 ? 'owner' : 'member' }));
    const [owner] = members;
    if (owner === undefined) throw new Error('a conversation has members');
    const body = { kind: 'group', members: this.members, title: this.title, historyVisibility: 'shared' };
    this.append('conversation.created', owner, uuidv7(), body);
  }

  append(type: string, sender: Uuid, commandId: Uuid, body: unknown): ChatEvent {
    const previous = this.log.at(-1);
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const messageId = type === 'message.sent' ? commandId : (body as { messageId?: Uuid }).messageId;
    const event: ChatEvent = {
      conversationId: this.id,
      epoch: this.epoch,
      seq: this.log.length + 1,
      type,
      at: new Date(1_700_000_000_000 + 1000 * this.log.length).toISOString(),
      sender,
      commandId,
      ...(messageId !== undefined && { messageId }),
      ...(type === 'message.sent' && { ordinal: 1 + this.log.filter(earlier => earlier.type === 'message.sent').length }),
      prevHash: previous ? hashHeader(previous) : GENESIS,
      bodyHash: toBase64Url(sha256(concat(salt, utf8(canonicalJson(body))))),
      salt: toBase64Url(salt),
      body,
    };
    this.log.push(event);
    this.whole.push(event);
    if (type === 'message.deleted') this.#erase(earlier => targetOf(earlier) === messageId);
    if (type === 'member.erased') this.#erase(earlier => earlier.sender === sender);
    if (type === 'message.sent') this.read.set(sender, event.seq);
    return event;
  }

  #erase(which: (event: ChatEvent) => boolean): void {
    for (const [i, event] of this.log.entries()) {
      if ((event.type !== 'message.sent' && event.type !== 'message.edited') || !which(event)) continue;
      this.log[i] = { ...without(without(event, 'body'), 'salt'), redacted: true };
    }
  }

  /** Back to what the log was at `seq`, and a new epoch for what follows: what a restore from a backup does. */
  restore(seq: number): void {
    this.epoch = uuidv7();
    for (const log of [this.log, this.whole]) log.length = Math.min(log.length, seq);
    for (const [commandId, outcome] of this.outcomes) if ((outcome.seq ?? 0) > seq) this.outcomes.delete(commandId);
    for (const [userId, mark] of this.read) this.read.set(userId, Math.min(mark, seq));
  }

  view(viewer: Uuid): ConversationView {
    const messages = materialise(this.whole, viewer);
    const readSeq = this.read.get(viewer) ?? 0;
    const unread = messages.filter(message => message.seq > readSeq && message.sender !== viewer && message.deleted === undefined);
    const last = this.log.at(-1);
    const lastMessage = messages.at(-1);
    return {
      id: this.id,
      kind: 'group',
      epoch: this.epoch,
      title: this.title,
      members: this.members,
      memberCount: this.members.length,
      role: this.members.find(member => member.userId === viewer)?.role ?? 'member',
      firstSeq: 1,
      lastSeq: this.log.length,
      lastOrdinal: messages.length,
      readSeq,
      unread: unread.length,
      mentions: unread.filter(message => message.mentions?.everyone || message.mentions?.users?.includes(viewer)).length,
      membershipVersion: 1,
      historyVisibility: 'shared',
      updatedAt: last?.at ?? '',
      ...(lastMessage && { lastMessage }),
    };
  }

  page(viewer: Uuid, range: MessageRange, upTo = this.log.length): MessagePage {
    const all = materialise(this.whole.slice(0, upTo), viewer).filter(
      message => range.thread === undefined || message.thread === range.thread,
    );
    const limit = range.limit ?? 50;
    const at = range.around;
    let items = all;
    if (range.before !== undefined) items = all.filter(message => message.seq < (range.before ?? 0)).slice(-limit);
    else if (range.after !== undefined) items = all.filter(message => message.seq > (range.after ?? 0)).slice(0, limit);
    else if (at !== undefined) {
      const middle = Math.max(
        0,
        all.findIndex(message => message.seq >= at),
      );
      const start = Math.max(0, middle - Math.floor((limit - 1) / 2));
      items = all.slice(start, start + limit);
    } else items = all.slice(-limit);
    const first = items[0]?.seq ?? Infinity;
    const last = items.at(-1)?.seq ?? 0;
    return { items, upTo, hasBefore: all.some(message => message.seq < first), hasAfter: all.some(message => message.seq > last) };
  }
}

export class MemoryServer {
  readonly conversations = new Map<Uuid, MemoryConversation>();
  /** Live fan-out; a test decides what arrives when. */
  fanOut: (events: readonly ChatEvent[]) => void = () => undefined;
  /** How many events behind the log the next pages are materialised: a replica that lags. */
  lag = 0;

  create(members: readonly Uuid[]): MemoryConversation {
    const conversation = new MemoryConversation(members);
    this.conversations.set(conversation.id, conversation);
    return conversation;
  }

  submit(sender: Uuid, command: Command): CommandResult {
    const conversation = this.#find(command.conversationId);
    const known = conversation.outcomes.get(command.commandId);
    if (known) return known;
    const { type, commandId, ...fields } = command as Command & Record<string, unknown>;
    delete (fields as Record<string, unknown>)['conversationId'];
    const eventType = BODIES[type];
    if (eventType === undefined) return { ok: false, error: { code: 'invalid', detail: type } };
    if ((fields['content'] as MessageBody['content'] | undefined)?.text === 'refuse me') {
      return { ok: false, error: { code: 'forbidden', detail: 'Refused.' } };
    }
    const body = type === 'conversation.change' ? fields['changes'] : type === 'message.delete' ? { ...fields, reason: 'author' } : fields;
    const event = conversation.append(eventType, sender, commandId, body);
    const outcome: CommandResult = { ok: true, status: 'appended', commandId, seq: event.seq, at: event.at };
    conversation.outcomes.set(commandId, outcome);
    this.fanOut([event]);
    return outcome;
  }

  /** The server as this person sees it. */
  reads(viewer: Uuid): ChatReads {
    const later = <T>(answer: () => T) => Promise.resolve().then(answer);
    return {
      sync: since =>
        later((): SyncPage => {
          const from = Number(since ?? 0);
          const views = [...this.conversations.values()].map(conversation => conversation.view(viewer));
          const total = views.reduce((sum, view) => sum + view.lastSeq, 0);
          return { since: String(Math.max(from, total)), conversations: views, hasMore: false };
        }),
      conversation: id => later(() => this.#find(id).view(viewer)),
      messages: (id, range) =>
        later(() => {
          const conversation = this.#find(id);
          const lag = this.lag;
          this.lag = 0;
          return conversation.page(viewer, range, Math.max(1, conversation.log.length - lag));
        }),
      events: (id, range) =>
        later((): EventPage => {
          const after = this.#find(id).log.filter(event => event.seq > (range.after ?? 0));
          const events = after.slice(0, range.limit ?? 200);
          return { events, hasMore: after.length > events.length };
        }),
    };
  }

  #find(id: Uuid): MemoryConversation {
    const conversation = this.conversations.get(id);
    if (!conversation) throw new CoolChatError({ code: 'not_found', detail: 'Not there.' });
    return conversation;
  }
}
