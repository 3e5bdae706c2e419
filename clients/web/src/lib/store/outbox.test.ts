// @vitest-environment node
import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import type { ChatEvent, Command, CommandResult } from '../api/types';
import { openDatabase } from '../db/db';
import { CoolChatError } from '../errors';
import { uuidv7 } from '../ids';
import { Outbox } from './outbox';
import { IndexedDbOutbox, type OutboxStorage } from './outboxStorage';

const me = uuidv7();
const room = uuidv7();

const message = (text: string, conversationId = room): Command => ({
  commandId: uuidv7(),
  conversationId,
  type: 'message.send',
  content: { type: 'text', text },
});

const eventOf = (command: Command, seq: number) =>
  ({ conversationId: command.conversationId, commandId: command.commandId, seq, type: 'message.sent' }) as ChatEvent;

function memory(): OutboxStorage & { readonly ids: Set<string> } {
  const ids = new Set<string>();
  return {
    ids,
    load: () => Promise.resolve([]),
    put: entry => Promise.resolve(void ids.add(entry.commandId)),
    delete: id => Promise.resolve(void ids.delete(id)),
  };
}

function setUp(submit: (command: Command) => Promise<CommandResult>, storage: OutboxStorage = memory()) {
  const sent: Command[] = [];
  const outbox = new Outbox({
    storage,
    submit: command => {
      sent.push(command);
      return submit(command);
    },
    changed: () => undefined,
  });
  return { outbox, sent };
}

const appended = (seq: number): CommandResult => ({ ok: true, status: 'appended', seq, at: '2026-01-01T00:00:00.000Z' });
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 5 });

describe('Outbox', () => {
  it('add_WithoutConnection_WaitsAndIsWrittenDown', async () => {
    const storage = memory();
    const { outbox, sent } = setUp(() => Promise.resolve(appended(1)), storage);
    const command = message('a');
    outbox.add(command);
    await until(() => expect(storage.ids.has(command.commandId)).toBe(true));
    expect(outbox.get(command.commandId)?.state).toBe('waiting');
    expect(sent).toEqual([]);
  });

  it('setOnline_SeveralWaiting_SendsThemInOrderOneAtATime', async () => {
    let running = 0;
    let most = 0;
    let seq = 0;
    const { outbox, sent } = setUp(async () => {
      most = Math.max(most, ++running);
      await new Promise(resolve => setTimeout(resolve, 2));
      running--;
      return appended(++seq);
    });
    const commands = ['a', 'b', 'c', 'd'].map(text => message(text));
    for (const command of commands) outbox.add(command);
    outbox.setOnline(true);
    await until(() => expect(outbox.entries.every(entry => entry.state === 'stored')).toBe(true));
    expect(sent).toEqual(commands);
    expect(most).toBe(1);
  });

  it('send_ConnectionLostBeforeTheAnswer_GoesOutAgainUnderTheSameId', async () => {
    let answer: (() => Promise<CommandResult>)[] = [
      () => Promise.reject(new CoolChatError({ code: 'unreachable', detail: '' })),
      () => Promise.resolve(appended(5)),
    ];
    const { outbox, sent } = setUp(() => {
      const [next, ...rest] = answer;
      answer = rest;
      return next ? next() : Promise.reject(new Error('asked too often'));
    });
    outbox.setOnline(true);
    const command = message('a');
    outbox.add(command);
    await until(() => expect(outbox.get(command.commandId)?.state).toBe('waiting'));
    outbox.setOnline(false);
    outbox.setOnline(true);
    await until(() => expect(outbox.get(command.commandId)?.state).toBe('stored'));
    expect(sent).toEqual([command, command]);
  });

  it('send_Refused_FailsWithItsCodeAndLetsTheNextOneGo', async () => {
    const { outbox } = setUp(command =>
      Promise.resolve(
        command.type === 'message.send' && command.content.text === 'no'
          ? { ok: false, error: { code: 'forbidden', detail: 'You can read here but not write.' } }
          : appended(1),
      ),
    );
    outbox.setOnline(true);
    const [bad, good] = [message('no'), message('yes')];
    outbox.add(bad);
    outbox.add(good);
    await until(() => expect(outbox.get(good.commandId)?.state).toBe('stored'));
    expect(outbox.get(bad.commandId)).toMatchObject({ state: 'failed', failure: { code: 'forbidden' } });
  });

  it('send_Busy_HoldsTheLaneInOrder', async () => {
    let refusals = 2;
    let seq = 0;
    const { outbox, sent } = setUp(() =>
      Promise.resolve(refusals-- > 0 ? { ok: false, error: { code: 'busy', detail: '', retryAfter: 0.01 } } : appended(++seq)),
    );
    outbox.setOnline(true);
    const [first, second] = [message('1'), message('2')];
    outbox.add(first);
    outbox.add(second);
    await until(() => expect(outbox.get(second.commandId)?.state).toBe('stored'));
    expect(sent.map(command => command.commandId)).toEqual([first, first, first, second].map(command => command.commandId));
  });

  it('send_OtherConversationHeldUp_IsNotHeldUpItself', async () => {
    const other = uuidv7();
    const { outbox } = setUp(command => (command.conversationId === room ? new Promise(() => undefined) : Promise.resolve(appended(1))));
    outbox.setOnline(true);
    outbox.add(message('stuck'));
    const free = message('free', other);
    outbox.add(free);
    await until(() => expect(outbox.get(free.commandId)?.state).toBe('stored'));
  });

  it('accepted_ThenRejected_Fails', async () => {
    const { outbox } = setUp(command => Promise.resolve({ ok: true, status: 'accepted', commandId: command.commandId }));
    outbox.setOnline(true);
    const command = message('a');
    outbox.add(command);
    await until(() => expect(outbox.get(command.commandId)?.state).toBe('accepted'));
    outbox.rejected({ commandId: command.commandId, conversationId: room, code: 'poison', detail: 'Set aside.' });
    expect(outbox.get(command.commandId)).toMatchObject({ state: 'failed', failure: { code: 'poison' } });
  });

  it('accepted_ThenReconnect_AsksAgain', async () => {
    let times = 0;
    const { outbox } = setUp(() => Promise.resolve(++times === 1 ? { ok: true, status: 'accepted' } : appended(9)));
    outbox.setOnline(true);
    const command = message('a');
    outbox.add(command);
    await until(() => expect(outbox.get(command.commandId)?.state).toBe('accepted'));
    outbox.setOnline(false);
    outbox.setOnline(true);
    await until(() => expect(outbox.get(command.commandId)).toMatchObject({ state: 'stored', seq: 9 }));
  });

  it('confirm_EventBeforeTheAnswer_TakesTheEntryOut', async () => {
    let answer: (result: CommandResult) => void = () => undefined;
    const storage = memory();
    const { outbox } = setUp(() => new Promise(resolve => (answer = resolve)), storage);
    outbox.setOnline(true);
    const command = message('a');
    outbox.add(command);
    await until(() => expect(outbox.get(command.commandId)?.state).toBe('sending'));
    outbox.confirm(eventOf(command, 3));
    answer(appended(3));
    await until(() => expect(storage.ids.size).toBe(0));
    expect(outbox.entries).toEqual([]);
  });

  it('run_Refused_RejectsAndLeavesNothing', async () => {
    const { outbox } = setUp(() => Promise.resolve({ ok: false, error: { code: 'forbidden', detail: 'No.' } }));
    outbox.setOnline(true);
    const messageId = uuidv7();
    const command: Command = { commandId: uuidv7(), conversationId: room, type: 'message.delete', messageId };
    await expect(outbox.run(command)).rejects.toMatchObject({ code: 'forbidden' });
    expect(outbox.entries).toEqual([]);
  });

  it('discard_Waiting_IsNeverSent', async () => {
    const { outbox, sent } = setUp(() => Promise.resolve(appended(1)));
    const [kept, dropped] = [message('kept'), message('dropped')];
    outbox.add(dropped);
    outbox.add(kept);
    expect(outbox.discard(dropped.commandId)).toBe(true);
    outbox.setOnline(true);
    await until(() => expect(outbox.get(kept.commandId)?.state).toBe('stored'));
    expect(outbox.discard(kept.commandId)).toBe(false);
    expect(sent).toEqual([kept]);
  });

  it('add_StorageBroken_IsSentAnyway', async () => {
    const broken: OutboxStorage = {
      load: () => Promise.reject(new Error('no database')),
      put: () => Promise.reject(new Error('no database')),
      delete: () => Promise.reject(new Error('no database')),
    };
    const { outbox } = setUp(() => Promise.resolve(appended(1)), broken);
    outbox.setOnline(true);
    const command = message('a');
    outbox.add(command);
    await until(() => expect(outbox.get(command.commandId)?.state).toBe('stored'));
  });
});

describe('IndexedDbOutbox', () => {
  /** Web Locks, as far as the outbox uses them. */
  function lockManager() {
    const held = new Set<string>();
    const manager = {
      request: (name: string) => {
        held.add(name);
        return new Promise(() => undefined);
      },
      query: () => Promise.resolve({ held: [...held].map(name => ({ name })) }),
    } as unknown as LockManager;
    return { manager, release: (name: string) => held.delete(name) };
  }

  it('load_AfterAReload_GoesOnInOrderUnderTheSameIds', async () => {
    const db = openDatabase('outbox-reload');
    const { manager, release } = lockManager();
    const first = setUp(() => Promise.resolve(appended(1)), new IndexedDbOutbox(db, me, 'tab-1', manager));
    const commands = ['a', 'b', 'c'].map(text => message(text));
    for (const command of commands) first.outbox.add(command);
    await until(async () => expect(await (await db).count('outbox')).toBe(3));
    release('coolchat.tab.tab-1');

    const second = setUp(() => Promise.resolve(appended(1)), new IndexedDbOutbox(db, me, 'tab-2', manager));
    await second.outbox.load();
    second.outbox.setOnline(true);
    await until(async () => expect(await (await db).count('outbox')).toBe(0));
    expect(second.sent).toEqual(commands);
  });

  it('load_OtherTabLives_LeavesItsCommandsToIt', async () => {
    const db = openDatabase('outbox-tabs');
    const { manager } = lockManager();
    const living = setUp(() => Promise.resolve(appended(1)), new IndexedDbOutbox(db, me, 'tab-1', manager));
    living.outbox.add(message('a'));
    await until(async () => expect(await (await db).count('outbox')).toBe(1));
    const other = setUp(() => Promise.resolve(appended(1)), new IndexedDbOutbox(db, me, 'tab-2', manager));
    await other.outbox.load();
    expect(other.outbox.entries).toEqual([]);
  });

  it('load_SomebodyElse_SeesNothingOfIt', async () => {
    const db = openDatabase('outbox-people');
    const mine = setUp(() => Promise.resolve(appended(1)), new IndexedDbOutbox(db, me, 'tab-1', undefined));
    mine.outbox.add(message('a'));
    await until(async () => expect(await (await db).count('outbox')).toBe(1));
    const theirs = setUp(() => Promise.resolve(appended(1)), new IndexedDbOutbox(db, uuidv7(), 'tab-2', undefined));
    await theirs.outbox.load();
    expect(theirs.outbox.entries).toEqual([]);
  });
});
