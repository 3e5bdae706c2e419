// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import type { ChatEvent, Command, CommandResult, ConversationView } from '../api/types';
import { CoolChatError } from '../errors';
import { uuidv7 } from '../ids';
import type { MessageItem } from '../model';
import { MemoryServer, type MemoryConversation } from '../testing/memoryServer';
import { Random } from '../testing/random';
import { randomCommand } from '../testing/randomCommands';
import { ChatStore } from './chatStore';
import type { OutboxStorage } from './outboxStorage';

const me = uuidv7();
const other = uuidv7();
const third = uuidv7();

const nowhere: OutboxStorage = { load: () => Promise.resolve([]), put: () => Promise.resolve(), delete: () => Promise.resolve() };
const settle = () => new Promise(resolve => setTimeout(resolve, 0));
const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 5 });

function setUp() {
  const server = new MemoryServer();
  const room = server.create([other, me, third]);
  const submit = vi.fn((command: Command): Promise<CommandResult> => Promise.resolve(server.submit(me, command)));
  const markRead = vi.fn((id: string, seq: number) => {
    server.conversations.get(id)?.read.set(me, seq);
    return Promise.resolve();
  });
  const markDelivered = vi.fn(() => Promise.resolve());
  const store = new ChatStore({ me, api: server.reads(me), storage: nowhere, submit, markRead, markDelivered });
  server.fanOut = events => store.appended(events);
  return { server, room, store, submit, markRead, markDelivered };
}

const say = (server: MemoryServer, room: MemoryConversation, text: string, sender = other) =>
  server.submit(sender, { commandId: uuidv7(), conversationId: room.id, type: 'message.send', content: { type: 'text', text } });

const messagesOf = (store: ChatStore, room: MemoryConversation) =>
  store
    .get(room.id)
    .main.timeline.get()
    .items.filter((item): item is MessageItem => item.kind === 'message');

describe('ChatStore', () => {
  it('sync_First_ListsTheConversations', async () => {
    const { store, room, server } = setUp();
    say(server, room, 'hello');
    expect(store.list.get().loaded).toBe(false);
    await store.sync();
    await settle();
    expect(store.list.get()).toMatchObject({ loaded: true, unread: 1 });
    expect(store.list.get().items[0]).toMatchObject({ id: room.id, unread: 1, lastMessage: { content: { text: 'hello' } } });
  });

  it('appended_Live_MovesTheListAndTheOpenTimeline', async () => {
    const { store, room, server } = setUp();
    await store.sync();
    const close = store.get(room.id).main.open();
    await until(() => expect(store.get(room.id).main.timeline.get().status).toBe('ready'));
    say(server, room, 'one');
    say(server, room, 'two');
    await settle();
    expect(messagesOf(store, room).map(item => item.message.content?.text)).toEqual(['one', 'two']);
    expect(store.list.get().items[0]).toMatchObject({ unread: 2, lastMessage: { content: { text: 'two' } } });
    close();
  });

  it('send_ThenItsEvent_GoesFromSendingToStoredWithoutASecondBubble', async () => {
    const { store, room, server } = setUp();
    const held: ChatEvent[] = [];
    server.fanOut = events => void held.push(...events);
    await store.sync();
    store.get(room.id).main.open();
    await until(() => expect(store.get(room.id).main.timeline.get().status).toBe('ready'));
    const commandId = uuidv7();
    store.outbox.add({ commandId, conversationId: room.id, type: 'message.send', content: { type: 'text', text: 'mine' } });
    await settle();
    expect(messagesOf(store, room)).toMatchObject([{ key: commandId, mine: true, send: { state: 'waiting' } }]);
    store.setOnline(true);
    await until(() => expect(messagesOf(store, room)).toMatchObject([{ key: commandId, send: { state: 'stored' }, message: { seq: 2 } }]));
    store.appended(held);
    await settle();
    expect(messagesOf(store, room)).toMatchObject([{ key: commandId, send: { state: 'stored' }, message: { ordinal: 1 } }]);
    expect(store.outbox.entries).toEqual([]);
  });

  it('send_EventNeverArrives_IsFoundByTheNextSync', async () => {
    const { store, room, server } = setUp();
    server.fanOut = () => undefined;
    await store.sync();
    store.get(room.id).main.open();
    store.setOnline(true);
    store.outbox.add({ commandId: uuidv7(), conversationId: room.id, type: 'message.send', content: { type: 'text', text: 'mine' } });
    await until(() => expect(store.outbox.entries[0]?.state).toBe('stored'));
    await store.sync();
    await until(() => expect(store.outbox.entries).toEqual([]));
    expect(messagesOf(store, room)).toHaveLength(1);
  });

  it('send_Refused_StaysFailedUntilSentAgainOrDiscarded', async () => {
    const { store, room } = setUp();
    await store.sync();
    store.get(room.id).main.open();
    store.setOnline(true);
    const commandId = uuidv7();
    store.outbox.add({ commandId, conversationId: room.id, type: 'message.send', content: { type: 'text', text: 'refuse me' } });
    await until(() => expect(messagesOf(store, room)).toMatchObject([{ send: { state: 'failed', failure: { code: 'forbidden' } } }]));
    expect(store.failed.get()).toHaveLength(1);
    expect(store.list.get().items[0]?.failed).toBe(1);
    store.outbox.discard(commandId);
    await settle();
    expect(messagesOf(store, room)).toEqual([]);
    expect(store.failed.get()).toEqual([]);
  });

  it('receipts_FromTheServer_AreTheOnlyReasonForReadMarks', async () => {
    const { store, room } = setUp();
    await store.sync();
    store.get(room.id).main.open();
    store.setOnline(true);
    store.outbox.add({ commandId: uuidv7(), conversationId: room.id, type: 'message.send', content: { type: 'text', text: 'mine' } });
    const state = () => messagesOf(store, room)[0]?.send;
    await until(() => expect(state()).toEqual({ state: 'stored' }));
    store.receipts([{ conversationId: room.id, marks: [{ userId: other, deliveredSeq: 2, readSeq: 2 }] }]);
    await settle();
    expect(state()).toEqual({ state: 'delivered', readBy: 1, of: 2 });
    store.receipts([{ conversationId: room.id, marks: [{ userId: third, deliveredSeq: 0, readSeq: 2 }] }]);
    await settle();
    expect(state()).toEqual({ state: 'read', readBy: 2, of: 2 });
    // Marks only advance.
    store.receipts([{ conversationId: room.id, marks: [{ userId: third, deliveredSeq: 0, readSeq: 1 }] }]);
    await settle();
    expect(state()).toEqual({ state: 'read', readBy: 2, of: 2 });
  });

  it('markRead_ToTheEnd_ClearsUnreadAndTellsTheServerOnce', async () => {
    const { store, room, server, markRead } = setUp();
    for (const text of ['a', 'b', 'c']) say(server, room, text);
    await store.sync();
    store.setOnline(true);
    store.markRead(room.id, 2);
    store.markRead(room.id, 3);
    store.markRead(room.id);
    await settle();
    expect(store.list.get().items[0]).toMatchObject({ unread: 0, readSeq: 4 });
    await until(() => expect(markRead).toHaveBeenCalledTimes(1));
    expect(markRead).toHaveBeenCalledWith(room.id, 4);
  });

  it('markRead_InTheMiddle_TakesTheServersCount', async () => {
    const { store, room, server } = setUp();
    for (const text of ['a', 'b', 'c']) say(server, room, text);
    await store.sync();
    store.setOnline(true);
    store.markRead(room.id, 2);
    await until(() => expect(store.list.get().items[0]).toMatchObject({ unread: 2, readSeq: 2 }));
  });

  it('restore_NewEpoch_RefetchesAndResendsWhatHasNoOutcome', async () => {
    const { store, room, server } = setUp();
    await store.sync();
    store.get(room.id).main.open();
    for (const text of ['a', 'b', 'c']) say(server, room, text);
    await until(() => expect(messagesOf(store, room)).toHaveLength(3));
    room.restore(2);
    store.outbox.add({ commandId: uuidv7(), conversationId: room.id, type: 'message.send', content: { type: 'text', text: 'mine' } });
    store.setOnline(true);
    await store.sync();
    await until(() => expect(messagesOf(store, room).map(item => item.message.content?.text)).toEqual(['a', 'mine']));
    expect(store.get(room.id).main.timeline.get().broken).toEqual([]);
    expect(store.list.get().items[0]).toMatchObject({ epoch: room.epoch, lastSeq: 3 });
  });

  it('restore_ConversationMadeAfterTheBackup_IsForgotten', async () => {
    const { store, room, server } = setUp();
    const later = server.create([other, me]);
    await store.sync();
    await settle();
    expect(store.list.get().items).toHaveLength(2);
    server.conversations.delete(later.id);
    room.restore(1);
    await store.sync();
    await settle();
    expect(store.list.get().items.map(item => item.id)).toEqual([room.id]);
  });

  it('open_AgainSoon_ShowsAtOnceWhatCameMeanwhile', async () => {
    const { store, room, server } = setUp();
    await store.sync();
    const { main } = store.get(room.id);
    main.open()();
    await until(() => expect(main.fold).toBeDefined());
    say(server, room, 'while closed');
    main.open();
    await settle();
    expect(main.timeline.get().status).toBe('ready');
    expect(messagesOf(store, room).map(item => item.message.content?.text)).toEqual(['while closed']);
  });

  it('appended_EventOfANewEpoch_StartsAgain', async () => {
    const { store, room, server } = setUp();
    await store.sync();
    store.get(room.id).main.open();
    for (const text of ['a', 'b', 'c']) say(server, room, text);
    await until(() => expect(messagesOf(store, room)).toHaveLength(3));
    room.restore(2);
    say(server, room, 'after');
    await until(() => expect(messagesOf(store, room).map(item => item.message.content?.text)).toEqual(['a', 'after']));
  });

  it('publish_OneMessageChanges_AllOtherItemsKeepTheirIdentity', async () => {
    const { store, room, server } = setUp();
    await store.sync();
    store.get(room.id).main.open();
    const ids = ['a', 'b', 'c'].map(text => say(server, room, text).commandId ?? '');
    await until(() => expect(messagesOf(store, room)).toHaveLength(3));
    await settle();
    const before = messagesOf(store, room);
    server.submit(third, { commandId: uuidv7(), conversationId: room.id, type: 'reaction.add', messageId: ids[1] ?? '', key: '🌊' });
    await settle();
    const after = messagesOf(store, room);
    expect([after[0] === before[0], after[1] === before[1], after[2] === before[2]]).toEqual([true, false, true]);
    expect(after[1]?.message.reactions).toEqual([{ key: '🌊', count: 1, mine: false }]);
    const { items } = store.get(room.id).main.timeline.get();
    store.setOnline(true);
    store.typing({ conversationId: room.id, userId: other });
    await settle();
    expect(store.get(room.id).item.get()?.typing).toEqual([other]);
    expect(store.get(room.id).main.timeline.get().items).toBe(items);
  });

  it('react_NotConfirmed_IsPendingAndNotCounted', async () => {
    const { store, room, server } = setUp();
    await store.sync();
    store.get(room.id).main.open();
    const messageId = say(server, room, 'a').commandId ?? '';
    await until(() => expect(messagesOf(store, room)).toHaveLength(1));
    const done = store.outbox.run({ commandId: uuidv7(), conversationId: room.id, type: 'reaction.add', messageId, key: '👍' });
    await settle();
    expect(messagesOf(store, room)[0]).toMatchObject({ pending: { reactions: [{ key: '👍', add: true }] } });
    expect(messagesOf(store, room)[0]?.message.reactions).toBeUndefined();
    store.setOnline(true);
    await done;
    await settle();
    expect(messagesOf(store, room)[0]?.pending).toBeUndefined();
    expect(messagesOf(store, room)[0]?.message.reactions).toEqual([{ key: '👍', count: 1, mine: true }]);
  });

  it('open_NotThere_SaysMissing', async () => {
    const { store } = setUp();
    const window = store.get(uuidv7()).main;
    window.open();
    await until(() => expect(window.timeline.get().status).toBe('missing'));
  });

  it('open_ServerAway_SaysSoAndLoadsAfterTheNextSync', async () => {
    const { server, room } = setUp();
    const reads = server.reads(me);
    let away = true;
    const guarded = new ChatStore({
      me,
      api: {
        ...reads,
        messages: (id, range) =>
          away ? Promise.reject(new CoolChatError({ code: 'unreachable', detail: 'Away.' })) : reads.messages(id, range),
      },
      storage: nowhere,
      submit: () => Promise.reject(new Error('not used')),
      markRead: () => Promise.resolve(),
      markDelivered: () => Promise.resolve(),
    });
    const { main } = guarded.get(room.id);
    main.open();
    await until(() => expect(main.timeline.get()).toMatchObject({ status: 'failed', failure: { code: 'unreachable' } }));
    away = false;
    await guarded.sync();
    await until(() => expect(main.timeline.get().status).toBe('ready'));
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'anyInterleaving_OfLiveEventsDuplicatesAndSync_EqualsAFreshClient (seed %i)',
    async seed => {
      const random = new Random(3000 + seed);
      const { store, server, room } = setUp();
      const quiet = server.create([other, me, third]);
      const late: ChatEvent[] = [];
      server.fanOut = events => {
        for (const event of events) {
          if (random.chance(0.2)) continue; // lost
          if (random.chance(0.3)) late.push(event);
          else store.appended(random.chance(0.2) ? [event, event] : [event]);
        }
      };
      await store.sync();
      store.get(room.id).main.open();
      for (let i = 0; i < 60; i++) {
        const where = random.chance(0.7) ? room : quiet;
        const { sender, command } = randomCommand(where, random);
        server.submit(sender, command);
        if (random.chance(0.2)) store.appended(random.shuffle(late.splice(0)));
        if (random.chance(0.1)) await settle();
        if (random.chance(0.05)) await store.sync();
        if (random.chance(0.1)) await store.get(room.id).main.loadOlder();
      }
      store.appended(random.shuffle(late.splice(0)));
      await store.sync();
      await until(() => expect(store.get(room.id).main.fold?.appliedSeq).toBe(room.log.length));
      await until(() => expect(store.get(room.id).main.fold?.needs).toEqual({ gap: false, ask: [] }));
      while (store.get(room.id).main.fold?.hasOlder) await store.get(room.id).main.loadOlder();
      await until(() => {
        for (const conversation of [room, quiet]) expect(counts(store.get(conversation.id).view)).toEqual(counts(conversation.view(me)));
      });
      const plain = (items: readonly { readonly messageId: string; readonly content?: unknown; readonly deleted?: string }[]) =>
        items.map(({ messageId, content, deleted }) => ({ messageId, content, deleted }));
      expect(plain(store.get(room.id).main.fold?.messages ?? [])).toEqual(plain(room.page(me, { limit: 1000 }).items));
      expect(store.get(room.id).main.timeline.get().broken).toEqual([]);
    },
  );
});

function counts(view: ConversationView | undefined) {
  if (!view) return undefined;
  const { lastSeq, lastOrdinal, unread, mentions, readSeq, updatedAt, title } = view;
  return { lastSeq, lastOrdinal, unread, mentions, readSeq, updatedAt, title, last: view.lastMessage?.messageId };
}
