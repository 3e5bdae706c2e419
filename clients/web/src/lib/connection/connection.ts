import type { HelloReply, HubReply, Limits, PresenceNotice, ReceiptsNotice, RejectedNotice, TypingNotice } from '../api/hubTypes';
import type { ChatEvent, ConversationView, Uuid } from '../api/types';
import { CoolChatError, LocalCodes } from '../errors';
import type { ConnectionState } from '../model';
import { Cell, type Readable } from '../readable';
import { askedMs, backoffMs } from './backoff';
import type { HubTransport, TransportFactory } from './transport';

/** What the server says by itself. */
export interface ConnectionHandlers {
  readonly appended: (events: readonly ChatEvent[]) => void;
  readonly rejected: (notice: RejectedNotice) => void;
  readonly summaries: (views: readonly ConversationView[]) => void;
  readonly receipts: (notices: readonly ReceiptsNotice[]) => void;
  readonly typing: (notice: TypingNotice) => void;
  readonly presence: (notices: readonly PresenceNotice[]) => void;
  readonly resync: (conversationIds: readonly Uuid[] | undefined) => Promise<void>;
  /** Runs after each (re)connect; answers how many messages were missed. */
  readonly catchUp: () => Promise<number>;
  readonly online: (online: boolean) => void;
  /** The session has ended; the connection will not come back. */
  readonly sessionEnded: (code: string) => void;
}

export interface ConnectionOptions {
  readonly transport: TransportFactory;
  /** A valid access token; rejects with code `signed_out` when there is none to be had. */
  readonly token: () => Promise<string>;
  /** A token other than the one that the server just refused. */
  readonly renewToken: () => Promise<string>;
  readonly handlers: ConnectionHandlers;
  readonly version: string;
  readonly now?: () => number;
  readonly random?: () => number;
}

export interface HelloInfo {
  readonly limits?: Limits;
  readonly features: readonly string[];
  readonly clockOffset: number;
}

const INVOKE_MS = 20_000;
/** A connection that lived this long was a good one: the next failure starts counting anew. */
const STABLE_MS = 10_000;

/** The one owner of the hub connection: connects, says hello, catches up, and comes back whenever it is lost. */
export class Connection {
  readonly state: Readable<ConnectionState>;
  readonly hello = new Cell<HelloInfo>({ features: [], clockOffset: 0 });

  readonly #options: ConnectionOptions;
  readonly #state = new Cell<ConnectionState>({ status: 'offline' });
  #transport: HubTransport | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #onlineSince = 0;
  #running = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.state = this.#state;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempt = 0;
    globalThis.addEventListener?.('online', this.#wake);
    globalThis.addEventListener?.('offline', this.#networkGone);
    globalThis.document?.addEventListener('visibilitychange', this.#wake);
    void this.#connect();
  }

  async stop(): Promise<void> {
    this.#running = false;
    globalThis.removeEventListener?.('online', this.#wake);
    globalThis.removeEventListener?.('offline', this.#networkGone);
    globalThis.document?.removeEventListener('visibilitychange', this.#wake);
    clearTimeout(this.#timer);
    const dropped = this.#drop();
    this.#state.set({ status: 'offline' });
    await dropped;
  }

  /** Tries now instead of at the planned time. */
  reconnectNow(): void {
    if (!this.#running || this.#transport || this.#state.get().status === 'closed') return;
    clearTimeout(this.#timer);
    void this.#connect();
  }

  /** Calls a hub method. Rejects with `unreachable` when there is no connection, it is lost, or no answer comes in time. */
  async invoke<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    const transport = this.#transport;
    if (!transport || this.#state.get().status !== 'online') throw lost();
    return invokeWithin<T>(transport, method, args);
  }

  /** Gives the live connection the renewed token. */
  async authenticate(token: string): Promise<void> {
    const transport = this.#transport;
    if (!transport || this.#state.get().status !== 'online') return;
    try {
      const reply = await invokeWithin<HubReply>(transport, 'Authenticate', [token]);
      if (!reply.ok) throw new CoolChatError(reply.error ?? { code: 'unauthenticated', detail: 'The token was refused.' });
    } catch {
      // It would end with the old token in a while; a new connection with the new one is the cure.
      if (transport === this.#transport) this.#lost(0);
    }
  }

  async #connect(): Promise<void> {
    if (!this.#running || this.#transport) return;
    const transport = this.#options.transport(this.#options.token);
    this.#transport = transport;
    if (this.#state.get().status !== 'reconnecting') this.#state.set({ status: 'connecting' });
    this.#listen(transport);
    try {
      await this.#options.token(); // fails with its reason; inside start() it would be hidden
      await withTimeout(transport.start(), INVOKE_MS);
      const hello = await invokeWithin<HelloReply>(transport, 'Hello', [
        { client: 'coolchat-web', version: this.#options.version, features: [] },
      ]);
      if (!hello.ok) throw new CoolChatError(hello.error ?? { code: LocalCodes.badAnswer, detail: 'Hello was refused.' });
      if (transport !== this.#transport) return;
      this.#welcome(hello);
    } catch (error) {
      if (transport === this.#transport) await this.#failed(error);
    }
  }

  #welcome(hello: HelloReply): void {
    this.#onlineSince = this.#now();
    this.hello.set({
      ...(hello.limits && { limits: hello.limits }),
      features: hello.features ?? [],
      clockOffset: hello.serverTime === undefined ? 0 : Date.parse(hello.serverTime) - this.#now(),
    });
    this.#state.set({ status: 'online', caughtUp: false, missed: 0 });
    this.#options.handlers.online(true);
    void this.#catchUp(this.#transport);
  }

  async #catchUp(transport: HubTransport | undefined): Promise<void> {
    for (let attempt = 0; transport !== undefined && transport === this.#transport; attempt++) {
      try {
        const missed = await this.#options.handlers.catchUp();
        if (transport === this.#transport) this.#state.set({ status: 'online', caughtUp: true, missed });
        return;
      } catch {
        await new Promise(resolve => setTimeout(resolve, backoffMs(attempt, this.#options.random)));
      }
    }
  }

  #listen(transport: HubTransport): void {
    const { handlers } = this.#options;
    const current = () => transport === this.#transport;
    const on = <T>(method: string, handler: (value: T) => void) =>
      transport.on(method, (value: T) => {
        if (current()) handler(value);
      });
    on<readonly ChatEvent[]>('Appended', handlers.appended);
    on<RejectedNotice>('Rejected', handlers.rejected);
    on<readonly ConversationView[]>('ConversationsChanged', handlers.summaries);
    on<readonly ReceiptsNotice[]>('Receipts', handlers.receipts);
    on<TypingNotice>('Typing', handlers.typing);
    on<readonly PresenceNotice[]>('Presence', handlers.presence);
    on<{ readonly conversationIds?: readonly Uuid[] } | undefined>('Resync', notice => {
      // What fails here is made good by the next reconnect.
      void handlers.resync(notice?.conversationIds).catch(() => undefined);
    });
    on<{ readonly afterMs: number }>('Reconnect', ({ afterMs }) => this.#lost(askedMs(afterMs, this.#options.random), 'asked'));
    on<{ readonly code: string }>('Closed', ({ code }) => void this.#closed(code));
    transport.onClose(() => {
      if (current()) this.#lost();
    });
  }

  /** Ended by the server with a reason. */
  async #closed(code: string): Promise<void> {
    await this.#drop();
    if (code === 'token_expired') {
      await this.#options.renewToken().catch(() => undefined);
      return this.#plan(0, 'lost');
    }
    this.#running = false;
    this.#state.set({ status: 'closed', code });
    if (code === 'session_revoked') this.#options.handlers.sessionEnded(code);
  }

  async #failed(error: unknown): Promise<void> {
    const code = error instanceof CoolChatError ? error.code : undefined;
    if (code === LocalCodes.signedOut) {
      await this.#drop();
      this.#running = false;
      this.#state.set({ status: 'closed', code: LocalCodes.signedOut });
      return;
    }
    // A refused handshake does not tell why. A token that was refused would be refused again: get another one now and then.
    if (code === 'unauthenticated' || this.#attempt % 3 === 1) await this.#options.renewToken().catch(() => undefined);
    this.#lost();
  }

  #lost(afterMs?: number, reason: 'asked' | 'lost' = 'lost'): void {
    if (this.#onlineSince > 0 && this.#now() - this.#onlineSince > STABLE_MS) this.#attempt = 0;
    void this.#drop();
    if (this.#running) this.#plan(afterMs ?? backoffMs(this.#attempt++, this.#options.random), reason);
  }

  #plan(afterMs: number, reason: 'asked' | 'lost'): void {
    clearTimeout(this.#timer);
    if (globalThis.navigator?.onLine === false) {
      this.#state.set({ status: 'offline' });
    } else {
      this.#state.set({ status: 'reconnecting', retryAt: this.#now() + afterMs, reason });
    }
    // Also without a network by its own account: browsers are sometimes wrong about that.
    this.#timer = setTimeout(() => void this.#connect(), afterMs);
  }

  async #drop(): Promise<void> {
    const transport = this.#transport;
    this.#transport = undefined;
    this.#onlineSince = 0;
    if (!transport) return;
    this.#options.handlers.online(false);
    await transport.stop().catch(() => undefined);
  }

  readonly #wake = (): void => {
    if (globalThis.document?.visibilityState !== 'hidden') this.reconnectNow();
  };

  readonly #networkGone = (): void => {
    if (this.#transport) this.#lost();
  };

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

function lost(cause?: unknown): CoolChatError {
  return new CoolChatError({ code: LocalCodes.unreachable, detail: 'There is no connection.' }, { cause });
}

async function invokeWithin<T>(transport: HubTransport, method: string, args: readonly unknown[]): Promise<T> {
  try {
    return await withTimeout(transport.invoke<T>(method, ...args), INVOKE_MS);
  } catch (error) {
    throw lost(error);
  }
}

async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(lost()), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
