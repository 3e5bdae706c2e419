import { Http } from './api/http';
import { UserApi } from './api/user';
import { Session } from './auth/session';
import { SignInFlow } from './auth/signIn';
import { Vault } from './auth/vault';
import { Wallets } from './auth/wallets';
import type { Account, CoolChatClient } from './clientTypes';
import { signalRTransport, type TransportFactory } from './connection/transport';
import { openDatabase } from './db/db';
import { CoolChatError, LocalCodes } from './errors';
import { uuidv7 } from './ids';
import type { ConnectionInfo } from './model';
import { Cell } from './readable';
import { DEFAULT_LIMITS, Scope } from './scope';
import { IndexedDbOutbox } from './store/outboxStorage';

export interface ClientOptions {
  /** Where the server is; this page's own origin unless told. */
  readonly base?: string;
  /** Where this page lives by the signed message; `base` unless told. */
  readonly origin?: string;
  readonly version?: string;
  readonly fetch?: typeof fetch;
  readonly transport?: TransportFactory;
  readonly database?: string;
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

const OFFLINE: ConnectionInfo = {
  state: { status: 'offline' },
  limits: DEFAULT_LIMITS,
  features: [],
  clockOffset: 0,
  waiting: 0,
  updateNeeded: false,
};

/** The client of this page. Nothing happens before `start`. */
export function createClient(options: ClientOptions = {}): CoolChatClient {
  return new Client(options);
}

class Client implements CoolChatClient {
  readonly session: CoolChatClient['session'];
  readonly connection = new Cell<ConnectionInfo>(OFFLINE);
  readonly signIn: SignInFlow;
  readonly account: Account;

  readonly #base: string;
  readonly #session: Session;
  readonly #http: Http;
  readonly #users: UserApi;
  readonly #vault: Vault;
  readonly #wallets = new Wallets();
  readonly #db;
  readonly #tab = uuidv7();
  readonly #transport: TransportFactory;
  readonly #version: string;
  #scope: Scope | undefined;
  #stops: (() => void)[] = [];
  #running = false;

  constructor(options: ClientOptions) {
    this.#base = options.base ?? location.origin;
    this.#version = options.version ?? '0.1.0';
    const { fetch: fetchImpl } = options;
    const storage = options.storage ?? globalThis.localStorage;
    this.#session = new Session({
      http: new Http(this.#base, undefined, fetchImpl),
      signInAgain: me => this.signIn.again(me),
      ...(storage && { storage }),
      ...(globalThis.navigator?.locks && { locks: globalThis.navigator.locks }),
      ...(typeof BroadcastChannel !== 'undefined' && { channel: new BroadcastChannel(`${options.database ?? 'coolchat'}.session`) }),
    });
    this.session = this.#session.state;
    this.#http = new Http(this.#base, this.#session, fetchImpl);
    this.#users = new UserApi(this.#http);
    this.#db = openDatabase(options.database);
    this.#vault = new Vault(this.#db);
    this.#transport = options.transport ?? signalRTransport(`${this.#base}/chat/hub`);
    this.signIn = new SignInFlow({
      api: this.#users,
      session: this.#session,
      vault: this.#vault,
      wallets: this.#wallets,
      origin: () => new URL(options.origin ?? this.#base),
    });
    this.account = this.#account();
  }

  get conversations() {
    return this.#need().conversations;
  }

  get people() {
    return this.#need().people;
  }

  get uploads() {
    return this.#need().uploads;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#stops = [this.#wallets.watch(), this.#session.state.subscribe(() => this.#follow())];
    void this.#vault.load().catch(() => undefined); // without a database there is no kept key
    void this.#session.restore();
    this.#follow();
  }

  async stop(): Promise<void> {
    this.#running = false;
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#session.pause();
    await this.#scope?.stop();
  }

  reconnectNow(): void {
    this.#scope?.connection.reconnectNow();
  }

  /** Keeps the scope in step with who is signed in. After signing out the last one stays readable until the screens have gone. */
  #follow(): void {
    const state = this.#session.state.get();
    if (!this.#running) return;
    if (state.status !== 'signedIn') {
      if (state.status === 'signedOut') void this.#scope?.stop();
      return;
    }
    const me = state.user.userId;
    if (this.#scope?.me !== me) {
      void this.#scope?.stop();
      this.#scope = this.#open(me);
    }
    this.#scope.profiles.learn([state.user]);
    this.#scope.start();
  }

  #open(me: string): Scope {
    const scope = new Scope({
      me,
      http: this.#http,
      users: this.#users,
      session: this.#session,
      storage: new IndexedDbOutbox(this.#db, me, this.#tab),
      transport: this.#transport,
      base: this.#base,
      version: this.#version,
    });
    this.connection.set(scope.info.get());
    scope.info.subscribe(() => {
      if (scope === this.#scope) this.connection.set(scope.info.get());
    });
    return scope;
  }

  #account(): Account {
    const users = this.#users;
    const session = this.#session;
    const reload = async () => session.setUser(await users.me());
    return {
      update: async changes => session.setUser(await users.update(changes)),
      sessions: async () => (await users.sessions()).items,
      endSession: async id => void (await users.endSession(id)),
      endOtherSessions: async () => {
        await users.endOtherSessions();
      },
      linkWallet: async walletId => {
        const { message, signature } = await this.signIn.proveWallet(walletId);
        await users.linkWallet(message, signature);
        await reload();
      },
      unlinkWallet: async address => {
        await users.unlinkWallet(address);
        await reload();
      },
      makePrimary: async address => {
        await users.makePrimary(address);
        await reload();
      },
      claimServer: async token => {
        await users.claim(token);
        await reload();
      },
      exportData: () => users.exportData(),
      deleteAccount: async ({ eraseMessages }) => {
        const state = session.state.get();
        if (state.status !== 'signedIn') throw signedOut();
        await users.deleteAccount(state.user.address, eraseMessages);
        session.end('signedOut');
      },
      signOut: () => session.signOut(),
    };
  }

  #need(): Scope {
    if (!this.#scope) throw signedOut();
    return this.#scope;
  }
}

function signedOut(): CoolChatError {
  return new CoolChatError({ code: LocalCodes.signedOut, detail: 'You are not signed in.' });
}
