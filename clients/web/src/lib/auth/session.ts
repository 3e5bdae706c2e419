import type { Http } from '../api/http';
import type { AuthResult, DeviceInfo } from '../api/userTypes';
import { backoffMs } from '../connection/backoff';
import { CoolChatError, LocalCodes, toFailure } from '../errors';
import type { SessionState } from '../model';
import { Cell, type Readable } from '../readable';
import { lifetimeMs } from './jwt';

/** What tabs of one browser tell each other. The token never leaves this origin's memory. */
type TabMessage = { readonly type: 'renewed'; readonly result: AuthResult } | { readonly type: 'ended'; readonly reason: EndReason };

export type EndReason = 'signedOut' | 'revoked' | 'expired' | 'restored';

export interface SessionOptions {
  readonly http: Http;
  /** Remembers that there may be a session, so that a stranger's first visit asks for nothing. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly locks?: Pick<LockManager, 'request'>;
  readonly channel?: Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>;
  readonly now?: () => number;
  /** Signs the same person in by `verify` without asking anybody, after the server was restored from a backup; false when that can't be. */
  readonly signInAgain?: (me: AuthResult['user']) => Promise<boolean>;
}

const RESTORED = 'server_restored';
const MARK = 'coolchat.session';
const LOCK = 'coolchat.session.refresh';
/** Renewed this long before its end, or at three quarters of a short life. */
const EARLY_MS = 60_000;

interface Access {
  readonly token: string;
  /** By this device's clock. */
  readonly endsAt: number;
  readonly lifeMs: number;
}

/**
 * The session of this browser in cookie mode: the refresh token is in an HttpOnly cookie that no script sees, the access token only in
 * memory. Renewal is single-flight in a tab, one at a time across tabs (Web Lock), and its result goes to the other tabs, so that
 * rotation never takes the server's "used twice" for theft.
 */
export class Session {
  readonly state: Readable<SessionState>;
  /** The latest access token; changes tell the live connection to authenticate again. */
  readonly accessToken = new Cell<string | undefined>(undefined);

  readonly #options: SessionOptions;
  readonly #state = new Cell<SessionState>({ status: 'starting' });
  #access: Access | undefined;
  #renewing: Promise<Access> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #listening = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.state = this.#state;
  }

  /** Restores the session from the cookie, if there may be one. */
  async restore(): Promise<void> {
    if (!this.#listening) {
      this.#listening = true;
      this.#options.channel?.addEventListener('message', event => this.#heard((event as MessageEvent<TabMessage>).data));
    }
    if (this.#access) return this.#plan();
    if (this.#options.storage?.getItem(MARK) === null) {
      this.#state.set({ status: 'signedOut' });
      return;
    }
    await this.#renew(undefined).catch(() => undefined);
  }

  /** Ends the timers; the session itself stays. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Exchanges a signed message for a session. */
  async verify(message: string, signature: string, device: Omit<DeviceInfo, 'cookie'> = {}): Promise<AuthResult> {
    const body = { message, signature, device: { ...device, cookie: true } };
    const result = await this.#options.http.post<AuthResult>('/user/auth/verify', body, { signedIn: false });
    this.#take(result);
    this.#tell({ type: 'renewed', result });
    return result;
  }

  /** A token that is good for a while; rejects with `signed_out`, or `unreachable` while the server is away. */
  readonly token = async (): Promise<string> => {
    if (this.#access && this.#access.endsAt - this.#now() > Math.min(5_000, this.#access.lifeMs / 4)) return this.#access.token;
    return (await this.#renew(this.#access?.token)).token;
  };

  /** A token other than `refused`. */
  readonly renew = async (refused: string): Promise<string> => {
    if (this.#access && this.#access.token !== refused) return this.#access.token;
    return (await this.#renew(refused)).token;
  };

  async signOut(): Promise<void> {
    try {
      // The cookie names the session; without the server's answer it would stay alive there.
      await this.#options.http.post('/user/auth/logout', {}, { signedIn: false, keepalive: true });
    } finally {
      this.end('signedOut');
    }
  }

  /** The session is over: told by the server, by another tab, or by the person. */
  end(reason: EndReason): void {
    this.#forget(reason);
    this.#tell({ type: 'ended', reason });
  }

  /** Takes changed data of one's own account. */
  setUser(user: AuthResult['user']): void {
    if (this.#state.get().status === 'signedIn') this.#state.set({ status: 'signedIn', user });
  }

  #renew(refused: string | undefined): Promise<Access> {
    this.#renewing ??= this.#refresh(refused).finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #refresh(refused: string | undefined): Promise<Access> {
    const { locks } = this.#options;
    const ask = async (): Promise<Access> => {
      // While this tab waited for the lock, another one may have told its result.
      if (this.#access && this.#access.token !== refused && this.#access.endsAt > this.#now()) return this.#access;
      try {
        const result = await this.#options.http.post<AuthResult>('/user/auth/refresh', {}, { signedIn: false });
        const access = this.#take(result);
        this.#tell({ type: 'renewed', result });
        return access;
      } catch (error) {
        if (!(await this.#cameBack(error)) || !this.#access) throw error;
        return this.#access;
      }
    };
    try {
      return await (locks ? locks.request(LOCK, ask) : ask());
    } catch (error) {
      throw this.#refused(error);
    }
  }

  /** A restore ends every session, and whoever can proves their wallet again. */
  async #cameBack(error: unknown): Promise<boolean> {
    const state = this.#state.get();
    if (state.status !== 'signedIn' || toFailure(error).code !== RESTORED) return false;
    return (await this.#options.signInAgain?.(state.user).catch(() => false)) ?? false;
  }

  /** A refused refresh ends the session; an absent server does not. */
  #refused(error: unknown): unknown {
    const failure = toFailure(error);
    const status = error instanceof CoolChatError ? error.status : undefined;
    if (status === 401 || (status === 403 && failure.code !== 'csrf')) {
      const wasIn = this.#state.get().status === 'signedIn';
      if (wasIn) this.end(failure.code === RESTORED ? 'restored' : 'expired');
      else this.#forget(undefined);
      return new CoolChatError({ code: LocalCodes.signedOut, detail: 'You are not signed in.' }, { cause: error });
    }
    if (this.#state.get().status !== 'signedIn') this.#state.set({ status: 'unreachable', failure });
    this.#later(backoffMs(this.#attempt++));
    return error;
  }

  #take(result: AuthResult): Access {
    const lifeMs = lifetimeMs(result.accessToken) ?? Math.max(0, Date.parse(result.expiresAt) - this.#now());
    this.#access = { token: result.accessToken, endsAt: this.#now() + lifeMs, lifeMs };
    this.#attempt = 0;
    this.#options.storage?.setItem(MARK, '1');
    this.#state.set({ status: 'signedIn', user: result.user });
    this.accessToken.set(result.accessToken);
    this.#plan();
    return this.#access;
  }

  #forget(reason: EndReason | undefined): void {
    clearTimeout(this.#timer);
    this.#access = undefined;
    this.accessToken.set(undefined);
    this.#options.storage?.removeItem(MARK);
    this.#state.set({ status: 'signedOut', ...(reason && { reason }) });
  }

  #heard(message: TabMessage): void {
    if (message.type === 'renewed') this.#take(message.result);
    else if (message.type === 'ended' && this.#state.get().status !== 'signedOut') this.#forget(message.reason);
  }

  #tell(message: TabMessage): void {
    this.#options.channel?.postMessage(message);
  }

  #plan(): void {
    if (!this.#access) return;
    const early = Math.min(EARLY_MS, this.#access.lifeMs / 4);
    // A little apart, so that tabs don't all wait for the lock at once.
    this.#later(Math.max(1000, this.#access.endsAt - this.#now() - early - Math.random() * Math.min(5000, early)));
  }

  #later(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#renew(this.#access?.token).catch(() => undefined), afterMs);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
