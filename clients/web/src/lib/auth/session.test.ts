// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Http } from '../api/http';
import type { Me } from '../api/userTypes';
import { uuidv7 } from '../ids';
import { Session, type SessionOptions } from './session';

const user: Me = { userId: uuidv7(), address: '0x', wallets: [], createdAt: '' };

const jwt = (serial: number, seconds: number) =>
  `h.${btoa(JSON.stringify({ iat: 1000, exp: 1000 + seconds, serial })).replaceAll('=', '')}.s`;

/** A server that rotates: each refresh gives the next token. */
function server(seconds = 900) {
  const state = { refreshes: 0, status: 200 as number | 'down', signedIn: true, ended: 'unauthenticated' };
  const fetchImpl = vi.fn((input: RequestInfo | URL): Promise<Response> => {
    const path = new URL(input as string).pathname;
    if (state.status === 'down') return Promise.reject(new TypeError('fetch failed'));
    if (path === '/user/auth/refresh') {
      if (!state.signedIn) return Promise.resolve(Response.json({ code: state.ended, detail: 'No session.' }, { status: 401 }));
      state.refreshes++;
    }
    if (path === '/user/auth/logout') state.signedIn = false;
    const accessToken = jwt(state.refreshes, seconds);
    // The server's clock is hours off: only the length of the token's life may count.
    return Promise.resolve(Response.json({ accessToken, expiresAt: '2001-01-01T00:00:00.000Z', user }));
  });
  return { state, fetchImpl };
}

function storage(marked: boolean) {
  const values = new Map(marked ? [['coolchat.session', '1']] : []);
  return {
    values,
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
    removeItem: (name: string) => void values.delete(name),
  };
}

function session(fetchImpl: typeof fetch, options: Partial<SessionOptions> = {}) {
  return new Session({ http: new Http('https://chat.example', undefined, fetchImpl), storage: storage(true), ...options });
}

/** Two tabs' worth of BroadcastChannel. */
function channels() {
  const ports: { listener?: (event: Event) => void }[] = [];
  return () => {
    const port: { listener?: (event: Event) => void } = {};
    ports.push(port);
    return {
      postMessage: (data: unknown) => {
        for (const other of ports) if (other !== port) other.listener?.({ data } as MessageEvent);
      },
      addEventListener: (_: string, listener: unknown) => void (port.listener = listener as (event: Event) => void),
      close: () => undefined,
    };
  };
}

/** Web Locks: one at a time. */
function locks() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request: ((_: string, work: () => Promise<unknown>) => {
      const turn = last.then(work, work);
      last = turn.catch(() => undefined);
      return turn;
    }) as LockManager['request'],
  };
}

describe('Session', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('restore_NeverSignedInHere_AsksNothing', async () => {
    const { fetchImpl } = server();
    const stranger = session(fetchImpl, { storage: storage(false) });
    await stranger.restore();
    expect(stranger.state.get()).toEqual({ status: 'signedOut' });
    expect(fetchImpl).not.toHaveBeenCalled();
  });

  it('restore_CookieThere_IsSignedIn', async () => {
    const { fetchImpl } = server();
    const restored = session(fetchImpl);
    await restored.restore();
    expect(restored.state.get()).toEqual({ status: 'signedIn', user });
    expect(await restored.token()).toBe(jwt(1, 900));
  });

  it('restore_CookieRefused_IsSignedOutAndForgetsTheMark', async () => {
    const { fetchImpl, state } = server();
    state.signedIn = false;
    const marks = storage(true);
    const refused = session(fetchImpl, { storage: marks });
    await refused.restore();
    expect(refused.state.get()).toEqual({ status: 'signedOut' });
    expect(marks.values.size).toBe(0);
  });

  it('restore_ServerAway_KeepsTryingAndNeverSignsOut', async () => {
    const { fetchImpl, state } = server();
    state.status = 'down';
    const waiting = session(fetchImpl);
    await waiting.restore();
    expect(waiting.state.get()).toMatchObject({ status: 'unreachable' });
    await vi.advanceTimersByTimeAsync(20_000);
    state.status = 200;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(waiting.state.get()).toEqual({ status: 'signedIn', user });
  });

  it('token_BeforeItsEnd_IsRenewedByItself', async () => {
    const { fetchImpl, state } = server(900);
    const long = session(fetchImpl);
    await long.restore();
    await vi.advanceTimersByTimeAsync(900_000 - 61_000 - 5000);
    expect(state.refreshes).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state.refreshes).toBe(2);
    expect(long.accessToken.get()).toBe(jwt(2, 900));
  });

  it('renew_ManyAtOnce_AskOnce', async () => {
    const { fetchImpl, state } = server();
    const busy = session(fetchImpl);
    await busy.restore();
    const refused = await busy.token();
    const tokens = await Promise.all(Array.from({ length: 10 }, () => busy.renew(refused)));
    expect(new Set(tokens)).toEqual(new Set([jwt(2, 900)]));
    expect(state.refreshes).toBe(2);
    expect(await busy.renew(refused)).toBe(jwt(2, 900));
    expect(state.refreshes).toBe(2);
  });

  it('renew_TwoTabsAtOnce_AskOnceAndShareTheResult', async () => {
    const { fetchImpl, state } = server();
    const open = channels();
    const shared = locks();
    const [a, b] = [session(fetchImpl, { channel: open(), locks: shared }), session(fetchImpl, { channel: open(), locks: shared })];
    await Promise.all([a.restore(), b.restore()]);
    expect(state.refreshes).toBe(1);
    const refused = await a.token();
    const tokens = await Promise.all([a.renew(refused), b.renew(refused)]);
    expect(tokens).toEqual([jwt(2, 900), jwt(2, 900)]);
    expect(state.refreshes).toBe(2);
  });

  it('signOut_OneTab_EndsAllTabs', async () => {
    const { fetchImpl } = server();
    const open = channels();
    const [a, b] = [session(fetchImpl, { channel: open() }), session(fetchImpl, { channel: open() })];
    await a.restore();
    await b.restore();
    await a.signOut();
    expect(a.state.get()).toEqual({ status: 'signedOut', reason: 'signedOut' });
    expect(b.state.get()).toEqual({ status: 'signedOut', reason: 'signedOut' });
    await expect(b.token()).rejects.toMatchObject({ code: 'signed_out' });
  });

  it('token_SessionEndedAtTheServer_SaysSo', async () => {
    const { fetchImpl, state } = server();
    const ended = session(fetchImpl);
    await ended.restore();
    state.signedIn = false;
    await expect(ended.renew(await ended.token())).rejects.toMatchObject({ code: 'signed_out' });
    expect(ended.state.get()).toEqual({ status: 'signedOut', reason: 'expired' });
  });

  it('token_ServerRestored_SignsInAgainByItself', async () => {
    const { fetchImpl, state } = server();
    const asked: string[] = [];
    const back: Session = session(fetchImpl, {
      signInAgain: async me => {
        asked.push(me.userId);
        await back.verify('message', '0x00');
        return true;
      },
    });
    await back.restore();
    Object.assign(state, { signedIn: false, ended: 'server_restored', refreshes: 7 });
    expect(await back.renew(await back.token())).toBe(jwt(7, 900));
    expect(back.state.get()).toEqual({ status: 'signedIn', user });
    expect(asked).toEqual([user.userId]);
  });

  it('token_ServerRestoredAndNobodyCanSign_SaysSo', async () => {
    const { fetchImpl, state } = server();
    const ended = session(fetchImpl, { signInAgain: () => Promise.resolve(false) });
    await ended.restore();
    Object.assign(state, { signedIn: false, ended: 'server_restored' });
    await expect(ended.renew(await ended.token())).rejects.toMatchObject({ code: 'signed_out' });
    expect(ended.state.get()).toEqual({ status: 'signedOut', reason: 'restored' });
  });

  it('token_ServerAwayWhileSignedIn_StaysSignedIn', async () => {
    const { fetchImpl, state } = server();
    const kept = session(fetchImpl);
    await kept.restore();
    state.status = 'down';
    await expect(kept.renew(await kept.token())).rejects.toMatchObject({ code: 'unreachable' });
    expect(kept.state.get().status).toBe('signedIn');
  });

  it('verify_Signature_SignsInInCookieMode', async () => {
    const { fetchImpl } = server();
    const fresh = session(fetchImpl, { storage: storage(false) });
    await fresh.restore();
    await fresh.verify('message', '0x00');
    const [, init] = fetchImpl.mock.calls.at(-1) as unknown as [string, RequestInit];
    expect(JSON.parse(init.body as string)).toEqual({ message: 'message', signature: '0x00', device: { cookie: true } });
    expect(fresh.state.get().status).toBe('signedIn');
  });
});
