// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HelloReply } from '../api/hubTypes';
import { CoolChatError } from '../errors';
import { askedMs, backoffMs } from './backoff';
import { Connection, type ConnectionHandlers } from './connection';
import type { HubTransport } from './transport';

/** A hub that does what the test says. */
class FakeHub implements HubTransport {
  readonly handlers = new Map<string, (value: never) => void>();
  readonly calls: { readonly method: string; readonly args: readonly unknown[] }[] = [];
  closed: () => void = () => undefined;
  stopped = false;
  readonly starts: () => Promise<void>;
  answers: Record<string, () => unknown> = {};

  constructor(starts: () => Promise<void>) {
    this.starts = starts;
  }

  start = () => this.starts();
  stop = () => {
    this.stopped = true;
    return Promise.resolve();
  };
  invoke = <T>(method: string, ...args: readonly unknown[]) => {
    this.calls.push({ method, args });
    const hello: HelloReply = { ok: true, serverTime: '2026-01-01T00:00:00.000Z' };
    const answer = this.answers[method];
    return Promise.resolve((answer ? answer() : method === 'Hello' ? hello : { ok: true }) as T);
  };
  on = (method: string, handler: (value: never) => void) => void this.handlers.set(method, handler);
  onClose = (handler: () => void) => void (this.closed = handler);
  say(method: string, value: unknown): void {
    this.handlers.get(method)?.(value as never);
  }
}

function setUp(starts: (n: number) => Promise<void> = () => Promise.resolve()) {
  const hubs: FakeHub[] = [];
  const handlers = {
    appended: vi.fn(),
    rejected: vi.fn(),
    summaries: vi.fn(),
    receipts: vi.fn(),
    typing: vi.fn(),
    presence: vi.fn(),
    resync: vi.fn(() => Promise.resolve()),
    catchUp: vi.fn(() => Promise.resolve(3)),
    online: vi.fn(),
    sessionEnded: vi.fn(),
  } satisfies ConnectionHandlers;
  const token = vi.fn(() => Promise.resolve('token'));
  const renewToken = vi.fn(() => Promise.resolve('token 2'));
  const connection = new Connection({
    transport: () => {
      const hub = new FakeHub(() => starts(hubs.length));
      hubs.push(hub);
      return hub;
    },
    token,
    renewToken,
    handlers,
    version: 'test',
    random: () => 0.5,
  });
  const hub = () => {
    const last = hubs.at(-1);
    if (!last) throw new Error('not connected yet');
    return last;
  };
  return { connection, handlers, hubs, hub, token, renewToken };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('Connection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('start_ServerThere_SaysHelloAndCatchesUp', async () => {
    const { connection, handlers, hub } = setUp();
    connection.start();
    expect(connection.state.get()).toEqual({ status: 'connecting' });
    await settle();
    expect(hub().calls[0]).toMatchObject({ method: 'Hello', args: [{ client: 'coolchat-web', version: 'test' }] });
    expect(connection.state.get()).toEqual({ status: 'online', caughtUp: true, missed: 3 });
    expect(handlers.online).toHaveBeenLastCalledWith(true);
    await connection.stop();
  });

  it('lost_Connection_ComesBackByItselfAndCatchesUpAgain', async () => {
    const { connection, handlers, hubs, hub } = setUp();
    connection.start();
    await settle();
    hub().closed();
    expect(connection.state.get()).toMatchObject({ status: 'reconnecting', reason: 'lost' });
    expect(handlers.online).toHaveBeenLastCalledWith(false);
    await vi.advanceTimersByTimeAsync(backoffMs(0, () => 0.5) + 1);
    expect(hubs).toHaveLength(2);
    expect(connection.state.get()).toMatchObject({ status: 'online', caughtUp: true });
    expect(handlers.catchUp).toHaveBeenCalledTimes(2);
    await connection.stop();
  });

  it('start_ServerAway_BacksOffLongerEachTime', async () => {
    const { connection, hubs } = setUp(() => Promise.reject(new Error('away')));
    connection.start();
    await settle();
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      const state = connection.state.get();
      if (state.status !== 'reconnecting') throw new Error(state.status);
      waits.push(state.retryAt - Date.now());
      await vi.advanceTimersByTimeAsync(state.retryAt - Date.now() + 1);
    }
    expect(hubs).toHaveLength(6);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(new Set(waits).size).toBe(5);
    await connection.stop();
  });

  it('Reconnect_FromTheServer_WaitsAtLeastAsLongAsAsked', async () => {
    const { connection, hubs, hub } = setUp();
    connection.start();
    await settle();
    hub().say('Reconnect', { afterMs: 4000, reason: 'draining' });
    expect(connection.state.get()).toMatchObject({ status: 'reconnecting', reason: 'asked' });
    await vi.advanceTimersByTimeAsync(3999);
    expect(hubs).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(hubs).toHaveLength(2);
    await connection.stop();
  });

  it('reconnectNow_WhileWaiting_TriesAtOnce', async () => {
    const { connection, hubs, hub } = setUp();
    connection.start();
    await settle();
    hub().say('Reconnect', { afterMs: 60_000, reason: 'restarting' });
    connection.reconnectNow();
    await settle();
    expect(hubs).toHaveLength(2);
    expect(connection.state.get().status).toBe('online');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(hubs).toHaveLength(2);
    await connection.stop();
  });

  it('Closed_SessionRevoked_StaysClosedAndEndsTheSession', async () => {
    const { connection, handlers, hubs, hub } = setUp();
    connection.start();
    await settle();
    hub().say('Closed', { code: 'session_revoked' });
    hub().closed();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(connection.state.get()).toEqual({ status: 'closed', code: 'session_revoked' });
    expect(handlers.sessionEnded).toHaveBeenCalledTimes(1);
    expect(hubs).toHaveLength(1);
  });

  it('Closed_TokenExpired_RenewsAndComesBack', async () => {
    const { connection, hubs, hub, renewToken } = setUp();
    connection.start();
    await settle();
    hub().say('Closed', { code: 'token_expired' });
    await vi.advanceTimersByTimeAsync(10);
    expect(renewToken).toHaveBeenCalledTimes(1);
    expect(hubs).toHaveLength(2);
    expect(connection.state.get().status).toBe('online');
    await connection.stop();
  });

  it('start_SignedOut_ClosesInsteadOfTrying', async () => {
    const { connection, token, hubs } = setUp();
    token.mockRejectedValue(new CoolChatError({ code: 'signed_out', detail: '' }));
    connection.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.state.get()).toEqual({ status: 'closed', code: 'signed_out' });
    expect(hubs).toHaveLength(1);
  });

  it('authenticate_LiveConnection_GivesTheNewTokenWithoutReconnecting', async () => {
    const { connection, hubs, hub } = setUp();
    connection.start();
    await settle();
    await connection.authenticate('fresh');
    expect(hub().calls.at(-1)).toEqual({ method: 'Authenticate', args: ['fresh'] });
    expect(hubs).toHaveLength(1);
    hub().answers = { Authenticate: () => ({ ok: false, error: { code: 'unauthenticated', detail: '' } }) };
    await connection.authenticate('refused');
    await vi.advanceTimersByTimeAsync(1);
    expect(hubs).toHaveLength(2);
    await connection.stop();
  });

  it('catchUp_Fails_IsTriedUntilItWorks', async () => {
    const { connection, handlers } = setUp();
    handlers.catchUp.mockRejectedValueOnce(new Error('503')).mockRejectedValueOnce(new Error('503'));
    connection.start();
    await settle();
    expect(connection.state.get()).toMatchObject({ status: 'online', caughtUp: false });
    await vi.advanceTimersByTimeAsync(5000);
    expect(connection.state.get()).toMatchObject({ status: 'online', caughtUp: true });
    expect(handlers.catchUp).toHaveBeenCalledTimes(3);
    await connection.stop();
  });

  it('invoke_NoAnswer_RejectsAfterAWhile', async () => {
    const { connection, hub } = setUp();
    connection.start();
    await settle();
    hub().answers = { Submit: () => new Promise(() => undefined) };
    const answer = expect(connection.invoke('Submit', {})).rejects.toMatchObject({ code: 'unreachable' });
    await vi.advanceTimersByTimeAsync(25_000);
    await answer;
    await connection.stop();
  });

  it('say_FromAConnectionThatWasReplaced_IsIgnored', async () => {
    const { connection, handlers, hubs, hub } = setUp();
    connection.start();
    await settle();
    const old = hub();
    old.closed();
    await vi.advanceTimersByTimeAsync(1000);
    expect(hubs).toHaveLength(2);
    old.say('Appended', []);
    old.closed();
    expect(handlers.appended).not.toHaveBeenCalled();
    expect(connection.state.get().status).toBe('online');
    await connection.stop();
    expect(old.stopped).toBe(true);
  });
});

describe('backoff', () => {
  it('backoffMs_AnyAttempt_StaysWithinItsBounds', () => {
    for (let attempt = 0; attempt < 40; attempt++) {
      const ceiling = Math.min(10_000, 500 * 2 ** Math.min(attempt, 16));
      for (const random of [0, 0.3, 0.999]) {
        const ms = backoffMs(attempt, () => random);
        expect(ms).toBeGreaterThanOrEqual(ceiling / 4);
        expect(ms).toBeLessThanOrEqual(ceiling);
      }
    }
  });

  it('askedMs_NeverEarlierThanAsked', () => {
    expect(askedMs(4000, () => 0)).toBe(4000);
    expect(askedMs(4000, () => 1)).toBe(4800);
    expect(askedMs(-5, () => 1)).toBe(0);
  });
});
