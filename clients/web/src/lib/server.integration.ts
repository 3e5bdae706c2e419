// @vitest-environment node
/**
 * The whole library against a running server: COOLCHAT_URL=http://localhost:5080 npm run test:server
 * Two people, each with a client of their own, over real HTTP and WebSockets.
 */
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newKey } from './auth/keys';
import type { RecoveryKey } from './auth/types';
import { createClient } from './client';
import type { ConversationActions, CoolChatClient } from './clientTypes';
import { uuidv7 } from './ids';
import type { MessageItem, TimelineItem } from './model';
import type { Readable } from './readable';

const url = process.env['COOLCHAT_URL'];

/** What a browser does with cookies, for one origin. */
function browserFetch(): typeof fetch {
  const jar = new Map<string, string>();
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(input, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      if (pair.slice(at + 1) === '') jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
}

interface Person {
  readonly client: CoolChatClient;
  readonly key: RecoveryKey;
  readonly id: string;
  readonly address: string;
}

const memoryStorage = () => {
  const values = new Map<string, string>();
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
    removeItem: (name: string) => void values.delete(name),
  };
};

/** A further device of somebody: its own cookies, database and connection. */
async function device(key: RecoveryKey): Promise<CoolChatClient> {
  const client = createClient({ base: url ?? '', fetch: browserFetch(), database: `test-${uuidv7()}`, storage: memoryStorage() });
  client.start();
  await client.signIn.keepKey(key);
  await client.signIn.withDeviceKey();
  await until(() => expect(client.connection.get().state).toMatchObject({ status: 'online', caughtUp: true }));
  return client;
}

async function person(name: string): Promise<Person> {
  const key = newKey();
  const client = await device(key);
  await client.account.update({ displayName: name });
  const session = client.session.get();
  if (session.status !== 'signedIn') throw new Error(session.status);
  return { client, key, id: session.user.userId, address: key.address };
}

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 20 });
const isMessage = (item: TimelineItem): item is MessageItem => item.kind === 'message';
const texts = (actions: ConversationActions) =>
  actions.timeline
    .get()
    .items.filter(isMessage)
    .map(item => item.message.content?.text ?? item.message.deleted);
const own = (actions: ConversationActions, key: string) =>
  actions.timeline
    .get()
    .items.filter(isMessage)
    .find(item => item.key === key);
const say = (actions: ConversationActions, text: string) => actions.send({ content: { type: 'text', text } });
const watch = <T>(readable: Readable<T>) => readable.subscribe(() => undefined);

describe('against a server', { timeout: 60_000 }, () => {
  let ann: Person;
  let ben: Person;
  let direct: string;

  beforeAll(async () => {
    [ann, ben] = await Promise.all([person('Ann'), person('Ben')]);
    direct = await ann.client.conversations.openDirect(ben.address);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([ann?.client.stop(), ben?.client.stop()]);
  });

  const both = () => {
    const [a, b] = [ann.client.conversations.get(direct), ben.client.conversations.get(direct)];
    return { a, b, close: [a.open(), b.open()] };
  };

  it('openDirect_Again_IsTheSameConversation', async () => {
    expect(await ann.client.conversations.openDirect(ben.id)).toBe(direct);
    expect(await ben.client.conversations.openDirect(ann.address)).toBe(direct);
  });

  it('send_Text_ArrivesAndIsStoredDeliveredRead', async () => {
    const { a, b, close } = both();
    const key = say(a, 'hello');
    await until(() => expect(texts(b)).toContain('hello'));
    await until(() => expect(['stored', 'delivered']).toContain(own(a, key)?.send?.state));
    await until(() => expect(own(a, key)?.send?.state).toBe('delivered'));
    b.markRead();
    await until(() => expect(own(a, key)?.send?.state).toBe('read'));
    await until(() => expect(b.conversation.get()).toMatchObject({ unread: 0 }));
    close.forEach(stop => stop());
  });

  it('edit_React_Pin_Delete_AreSeenByTheOther', async () => {
    const { a, b, close } = both();
    const key = say(a, 'first words');
    await until(() => expect(own(b, key)).toBeDefined());
    await a.edit(key, { content: { type: 'text', text: 'better words' } });
    await until(() => expect(own(b, key)?.message).toMatchObject({ content: { text: 'better words' }, edits: 1 }));
    await b.react(key, '🌊', true);
    await until(() => expect(own(a, key)?.message.reactions).toEqual([{ key: '🌊', count: 1, mine: false }]));
    expect((await a.reactors(key, '🌊')).items).toEqual([ben.id]);
    await b.react(key, '🌊', false);
    await until(() => expect(own(a, key)?.message.reactions).toBeUndefined());
    await a.pin(key, true);
    await until(() => expect(own(b, key)?.message.pinned).toBe(true));
    expect((await b.pins()).map(message => message.messageId)).toContain(key);
    expect(await a.edits(key)).toHaveLength(2);
    await a.remove(key);
    await until(() => expect(own(b, key)?.message).toMatchObject({ deleted: 'author' }));
    await until(() => expect(own(a, key)?.message).toMatchObject({ deleted: 'author' }));
    close.forEach(stop => stop());
  });

  it('edit_SomebodyElsesMessage_IsRefused', async () => {
    const { a, b, close } = both();
    const key = say(a, 'mine alone');
    await until(() => expect(own(b, key)).toBeDefined());
    await expect(b.edit(key, { content: { type: 'text', text: 'not yours' } })).rejects.toMatchObject({ code: 'forbidden' });
    close.forEach(stop => stop());
  });

  it('unread_WhileClosed_IsCountedAndClearedByReading', async () => {
    const a = ann.client.conversations.get(direct);
    const b = ben.client.conversations.get(direct);
    b.markRead();
    await until(() => expect(b.conversation.get()?.unread).toBe(0));
    for (const text of ['1', '2', '3']) say(a, text);
    await until(() => expect(b.conversation.get()).toMatchObject({ unread: 3, lastMessage: { content: { text: '3' } } }));
    b.markRead();
    await until(() => expect(b.conversation.get()?.unread).toBe(0));
  });

  it('typing_IsShownToTheOther', async () => {
    const { a, b, close } = both();
    a.typing();
    await until(() => expect(b.conversation.get()?.typing).toEqual([ann.id]));
    close.forEach(stop => stop());
  });

  it('presence_OfSomebodyOneTalksWith_IsOnline', async () => {
    const presence = ann.client.people.presence(ben.id);
    const stop = watch(presence);
    await until(() => expect(presence.get().status).toBe('online'));
    stop();
  });

  it('history_LongerThanAPage_LoadsBothWaysAndProvesItself', async () => {
    const { a, close } = both();
    for (let i = 0; i < 120; i++) say(a, `line ${i}`);
    await until(() => expect(texts(a)).toContain('line 119'));
    await until(() => expect(own(a, a.timeline.get().items.filter(isMessage).at(-1)?.key ?? '')?.send?.state).not.toBe('sending'));
    close.forEach(stop => stop());

    const again = ben.client.conversations.get(direct);
    const stop = again.open();
    await until(() => expect(again.timeline.get().status).toBe('ready'));
    while (again.timeline.get().hasOlder) await again.loadOlder();
    const lines = texts(again).filter(text => text?.startsWith('line '));
    expect(lines).toEqual(Array.from({ length: 120 }, (_, i) => `line ${i}`));
    await until(() => expect(again.timeline.get().items.some(item => item.kind === 'system')).toBe(true));
    expect(again.timeline.get().broken).toEqual([]);
    const first = again.timeline.get().items.filter(isMessage)[0];
    stop();

    const phone = await device(ben.key);
    const there = phone.conversations.get(direct);
    there.open();
    await until(() => expect(there.timeline.get().status).toBe('ready'));
    await there.jumpTo({ messageId: first?.key ?? '' });
    await until(() => expect(there.timeline.get()).toMatchObject({ hasNewer: true }));
    while (there.timeline.get().hasNewer) await there.loadNewer();
    expect(texts(there).at(-1)).toBe('line 119');
    expect(there.timeline.get().broken).toEqual([]);
    await phone.stop();
  });

  it('reconnect_AfterBeingAway_CatchesUpAndSendsWhatWaited', async () => {
    const { a, b, close } = both();
    await until(() => expect(b.timeline.get().status).toBe('ready'));
    await ben.client.stop();
    const waiting = say(b, 'written while away');
    say(a, 'said meanwhile');
    await until(() => expect(texts(a)).toContain('said meanwhile'));
    expect(own(b, waiting)?.send?.state).toBe('waiting');
    ben.client.start();
    await until(() => expect(texts(b)).toEqual(expect.arrayContaining(['said meanwhile', 'written while away'])));
    await until(() => expect(texts(a)).toContain('written while away'));
    await until(() => expect(own(b, waiting)?.message.ordinal).toBeGreaterThan(0));
    expect(texts(b).filter(text => text === 'written while away')).toHaveLength(1);
    close.forEach(stop => stop());
  });

  it('group_CreateInviteJoinRoleLeave_GoesThroughForBoth', async () => {
    const id = await ann.client.conversations.create({ kind: 'group', title: 'Tide gauge', members: [] });
    const a = ann.client.conversations.get(id);
    const stop = a.open();
    const invite = await a.createInvite({ expiresIn: 3600 });
    expect(await ben.client.conversations.previewInvite(invite.code ?? '')).toMatchObject({ conversationId: id, title: 'Tide gauge' });
    expect(await ben.client.conversations.joinByInvite(invite.code ?? '')).toBe(id);
    await until(() => expect(a.conversation.get()?.members?.map(member => member.userId)).toContain(ben.id));
    await a.change({ topic: 'We build the sensor' });
    const b = ben.client.conversations.get(id);
    await until(() => expect(b.conversation.get()).toMatchObject({ topic: 'We build the sensor', role: 'member' }));
    await a.setRole(ben.id, 'admin');
    await until(() => expect(b.conversation.get()?.role).toBe('admin'));
    const root = say(a, 'a thread starts here');
    await until(() => expect(own(a, root)?.message.ordinal).toBeGreaterThan(0));
    const thread = a.thread(root);
    const stopThread = thread.open();
    b.send({ content: { type: 'text', text: 'in the thread' }, thread: root });
    await until(() =>
      expect(
        thread.timeline
          .get()
          .items.filter(isMessage)
          .map(item => item.message.content?.text),
      ).toEqual(['in the thread']),
    );
    await until(() => expect(own(a, root)?.message.replies).toMatchObject({ count: 1, participants: [ben.id] }));
    stopThread();
    await b.leave();
    await until(() => expect(ben.client.conversations.list.get().items.map(item => item.id)).not.toContain(id));
    await until(() => expect(a.timeline.get().items.some(item => item.kind === 'system' && item.change.type === 'left')).toBe(true));
    stop();
  });

  it('profiles_Looked_UpTogether_AreKnown', async () => {
    const profile = ann.client.people.profile(ben.id);
    const byAddress = ann.client.people.profile(ben.address);
    const stops = [watch(profile), watch(byAddress)];
    await until(() => expect(profile.get()).toMatchObject({ displayName: 'Ben', address: ben.address }));
    await until(() => expect(byAddress.get()?.userId).toBe(ben.id));
    stops.forEach(stop => stop());
    expect((await ann.client.people.search(ben.address.slice(0, 10))).map(found => found.userId)).toContain(ben.id);
  });

  it('preferencesDraftAndMark_OnAnotherDevice_FollowThePerson', async () => {
    const a = ann.client.conversations.get(direct);
    const phone = await device(ann.key);
    const there = phone.conversations.get(direct);
    await until(() => expect(there.conversation.get()).toBeDefined());
    await a.setPreferences({ favourite: true });
    a.setDraft('half a sentence');
    await until(() => expect(there.conversation.get()).toMatchObject({ draft: 'half a sentence', favourite: true }));
    say(ben.client.conversations.get(direct), 'for both devices');
    for (const screen of [a, there]) {
      await until(() => expect(screen.conversation.get()).toMatchObject({ lastMessage: { content: { text: 'for both devices' } } }));
      expect(screen.conversation.get()?.unread).toBeGreaterThan(0);
    }
    a.markRead();
    await until(() => expect(there.conversation.get()?.unread).toBe(0));
    await phone.stop();
  });

  it('search_Words_FindsTheMessage', async () => {
    const a = ann.client.conversations.get(direct);
    const word = `bracket${Date.now()}`;
    say(a, `the ${word} is on the boat`);
    await until(async () => {
      const found = await ben.client.conversations.search(word);
      expect(found.items.map(hit => hit.message.content?.text)).toEqual([`the ${word} is on the boat`]);
    });
  });

  it('upload_SeveralParts_IsShownAndReadByTheOther', async () => {
    const { a, b, close } = both();
    const bytes = new Uint8Array(9 * 1024 * 1024).map((_, i) => (i * 31 + (i >> 8)) & 0xff);
    const upload = ann.client.uploads.add(new File([bytes], 'log.bin', { type: 'application/octet-stream' }));
    const attachment = await upload.done;
    expect(attachment).toMatchObject({ fileName: 'log.bin', size: bytes.length });
    const key = a.send({ content: { type: 'file', attachments: [attachment] } });
    await until(() => expect(own(b, key)?.message.content?.attachments).toHaveLength(1));
    const address = await ben.client.uploads.url(attachment.mediaId);
    const stored = new Uint8Array(await (await fetch(address)).arrayBuffer());
    expect(stored.length).toBe(bytes.length);
    expect(stored.every((byte, i) => byte === bytes[i])).toBe(true);
    close.forEach(stop => stop());
  });

  it('session_RestoredFromTheCookieAndListed', async () => {
    const sessions = await ann.client.account.sessions();
    expect(sessions.filter(session => session.current)).toHaveLength(1);
  });

  it('signOut_EndsTheConnectionAndTheSession', async () => {
    const guest = await person('Guest');
    await guest.client.account.signOut();
    expect(guest.client.session.get()).toMatchObject({ status: 'signedOut' });
    await until(() => expect(['offline', 'closed']).toContain(guest.client.connection.get().state.status));
    await guest.client.stop();
  });
});
