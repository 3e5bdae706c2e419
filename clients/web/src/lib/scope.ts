import { ChatApi } from './api/chat';
import type { HubReply, Limits } from './api/hubTypes';
import type { Http } from './api/http';
import { MediaApi, partSender } from './api/media';
import type { CommandResult, Uuid } from './api/types';
import type { UserApi } from './api/user';
import type { Profile } from './api/userTypes';
import type { Session } from './auth/session';
import type { Conversations, People } from './clientTypes';
import { Connection } from './connection/connection';
import type { TransportFactory } from './connection/transport';
import { CoolChatError } from './errors';
import { uuidv7 } from './ids';
import { UploadList } from './media/uploads';
import type { ConnectionInfo } from './model';
import { PresenceBook } from './people/presence';
import { Profiles } from './people/profiles';
import { Cell } from './readable';
import { Actions } from './store/actions';
import { ChatStore } from './store/chatStore';
import { conversationItem } from './store/listItem';
import type { OutboxStorage } from './store/outboxStorage';

/** What the server accepts when it does not say: the defaults of the contract. */
export const DEFAULT_LIMITS: Limits = {
  textBytes: 16 * 1024,
  attachments: 10,
  titleChars: 100,
  topicChars: 1000,
  members: 10_000,
  membersPerCommand: 100,
  mentions: 50,
  reactionBytes: 64,
  reactionsPerMessage: 50,
  pins: 100,
  watchPresence: 500,
  hubMessageBytes: 128 * 1024,
  pageSize: 200,
  scheduled: 100,
};

export interface ScopeOptions {
  readonly me: Uuid;
  readonly http: Http;
  readonly users: UserApi;
  readonly session: Session;
  readonly storage: OutboxStorage;
  readonly transport: TransportFactory;
  readonly base: string;
  readonly version: string;
}

/** Everything that belongs to one signed-in person, from signing in to signing out. */
export class Scope {
  readonly me: Uuid;
  readonly info: Cell<ConnectionInfo>;
  readonly conversations: Conversations;
  readonly people: People;
  readonly uploads: UploadList;
  readonly connection: Connection;
  readonly profiles: Profiles;

  readonly #options: ScopeOptions;
  readonly #chat: ChatApi;
  readonly #store: ChatStore;
  readonly #presence: PresenceBook;
  readonly #actions = new Map<Uuid, Actions>();
  readonly #contacts = new Cell<readonly Profile[] | undefined>(undefined);
  readonly #blocks = new Cell<readonly Profile[] | undefined>(undefined);
  #stops: (() => void)[] = [];
  #loaded = false;

  constructor(options: ScopeOptions) {
    this.#options = options;
    this.me = options.me;
    this.#chat = new ChatApi(options.http);
    this.profiles = new Profiles(options.users);
    this.uploads = new UploadList(new MediaApi(options.http), partSender(options.base), options.base);
    this.#presence = new PresenceBook(userIds => this.#call('WatchPresence', userIds));
    this.#store = new ChatStore({
      me: options.me,
      api: this.#chat,
      storage: options.storage,
      submit: command => this.connection.invoke<CommandResult>('Submit', command),
      markRead: (id, seq) => this.#call('MarkRead', id, seq),
      markDelivered: (id, seq) => this.#call('MarkDelivered', id, seq),
      changed: () => this.#publish(),
    });
    this.connection = this.#connect();
    this.info = new Cell(this.#snapshot());
    this.conversations = this.#conversations();
    this.people = this.#people();
  }

  start(): void {
    if (!this.#loaded) {
      this.#loaded = true;
      // Without a database (private mode) messages are still sent, only not kept over a reload.
      void this.#store.outbox.load().catch(() => undefined);
    }
    if (this.#stops.length > 0) return;
    const { session } = this.#options;
    this.#stops = [
      this.connection.state.subscribe(() => this.#publish()),
      this.connection.hello.subscribe(() => this.#publish()),
      session.accessToken.subscribe(() => {
        const token = session.accessToken.get();
        if (token !== undefined) void this.connection.authenticate(token);
      }),
    ];
    this.connection.start();
    this.#publish();
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#store.stop();
    this.#presence.stop();
    await this.connection.stop();
    this.#publish();
  }

  #connect(): Connection {
    const store = this.#store;
    const { session, transport, version } = this.#options;
    return new Connection({
      transport,
      version,
      token: session.token,
      renewToken: () => session.renew(session.accessToken.get() ?? ''),
      handlers: {
        appended: events => store.appended(events),
        rejected: notice => store.rejected(notice),
        summaries: views => store.summaries(views),
        receipts: notices => store.receipts(notices),
        typing: notice => store.typing(notice),
        presence: notices => this.#presence.receive(notices),
        resync: ids => store.resync(ids),
        catchUp: () => store.sync(),
        online: online => {
          store.setOnline(online);
          this.#presence.setOnline(online);
        },
        sessionEnded: () => session.end('revoked'),
      },
    });
  }

  #conversations(): Conversations {
    const chat = this.#chat;
    const store = this.#store;
    return {
      list: store.list,
      failed: store.failed,
      get: id => this.#action(id),
      openDirect: async userIdOrAddress => {
        const view = await chat.create({ commandId: uuidv7(), kind: 'direct', members: [userIdOrAddress] });
        store.summaries([view]);
        return view.id;
      },
      create: async request => {
        const view = await chat.create({ commandId: uuidv7(), ...request });
        store.summaries([view]);
        return view.id;
      },
      previewInvite: code => chat.previewInvite(code),
      joinByInvite: async code => {
        const view = await chat.join(code);
        store.summaries([view]);
        return view.id;
      },
      joinChannel: async id => {
        await store.outbox.run({ commandId: uuidv7(), conversationId: id, type: 'member.join' });
        await store.get(id).ask();
      },
      listedChannels: async (query, next) => {
        const page = await chat.channels(query, next);
        const common = { me: this.me, outbox: [], online: true, now: Date.now(), typing: new Map<Uuid, number>(), draft: undefined };
        return { ...page, items: page.items.map(view => conversationItem({ ...common, view })) };
      },
      search: (query, next) => chat.search(query, next),
      scheduled: async () => (await chat.scheduled()).items,
      cancelScheduled: async ({ conversationId, commandId }) => {
        await chat.cancelScheduled(conversationId, commandId);
      },
    };
  }

  #people(): People {
    const { users } = this.#options;
    const load = async (cell: Cell<readonly Profile[] | undefined>, list: 'contacts' | 'blocks') => {
      const people = (await users[list]()).items.map(relation => relation.user);
      this.profiles.learn(people);
      cell.set(people);
    };
    /** Asks the first time somebody watches. */
    const lazily = (cell: Cell<readonly Profile[] | undefined>, list: 'contacts' | 'blocks') => ({
      get: cell.get,
      subscribe: (listener: () => void) => {
        if (cell.get() === undefined && !cell.watched) void load(cell, list).catch(() => undefined);
        return cell.subscribe(listener);
      },
    });
    return {
      profile: id => this.profiles.get(id),
      presence: userId => this.#presence.get(userId),
      search: async query => {
        const found = (await users.search(query)).items;
        this.profiles.learn(found);
        return found;
      },
      contacts: lazily(this.#contacts, 'contacts'),
      blocks: lazily(this.#blocks, 'blocks'),
      setContact: async (userId, isContact) => {
        await users.setContact(userId, isContact);
        await load(this.#contacts, 'contacts');
      },
      setBlocked: async (userId, isBlocked) => {
        await users.setBlocked(userId, isBlocked);
        await load(this.#blocks, 'blocks');
      },
    };
  }

  #action(id: Uuid): Actions {
    let actions = this.#actions.get(id);
    if (!actions) {
      actions = new Actions(id, {
        store: this.#store,
        api: this.#chat,
        tellTyping: conversationId => this.#call('Typing', conversationId),
      });
      this.#actions.set(id, actions);
    }
    return actions;
  }

  async #call(method: string, ...args: readonly unknown[]): Promise<void> {
    const reply = await this.connection.invoke<HubReply>(method, ...args);
    if (!reply.ok) throw new CoolChatError(reply.error ?? { code: 'internal', detail: 'The server gave no reason.' });
  }

  #snapshot(): ConnectionInfo {
    const { limits, features, clockOffset } = this.connection.hello.get();
    return {
      state: this.connection.state.get(),
      limits: { ...DEFAULT_LIMITS, ...limits },
      features,
      clockOffset,
      waiting: this.#store.outbox.waiting,
      updateNeeded: this.#store.updateNeeded,
    };
  }

  #publish(): void {
    const next = this.#snapshot();
    const { state, waiting, updateNeeded, clockOffset } = this.info.get();
    const same = state === next.state && waiting === next.waiting && updateNeeded === next.updateNeeded && clockOffset === next.clockOffset;
    if (!same) this.info.set(next);
  }
}
