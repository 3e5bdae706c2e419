import type { ConversationItem, MessageItem, MessageView, Profile, SendState, SystemItem, TimelineItem } from '../lib';

/** Invented people and words for the gallery, which only development builds have. */
const NAMES: Record<string, readonly [name: string | undefined, address: string]> = {
  anna: ['Anna Vale', '0xB2fE6bD0c08a1D5a7d2dF6C23f6a1e0ad2f44B93'],
  mira: ['Mira Oduya', '0x0DD2F2b1a6b84c3a93c5b8a4e09f44d0b4Af39E1'],
  jonas: ['Jonas Pell', '0x77aa21b0b3fd4b3c94e5b1a9c60c9a9e0b9a5c10'],
  ines: ['Ines Kaur', '0x5c1a90e36b0ad4e7e1e5b0ac9f1f0f87a3c2b114'],
  bao: ['Bao Nguyen', '0x91d4f0a2c3b7e6d58a90b1c2d3e4f5a6b7c8d9e0'],
  sora: ['Sora Lindqvist', '0x2f5d1c0b9a8e7f6d5c4b3a29181706f5e4d3c2b1'],
  stranger: [undefined, '0x23Fdac51ab0e9b0c3d7e8f9a0b1c2d3e4f46a72e'],
};

export const PROFILES: ReadonlyMap<string, Profile> = new Map(
  Object.entries(NAMES).map(([userId, [displayName, address]]) => [userId, { userId, address, ...(displayName && { displayName }) }]),
);

const DAY = new Date();
const at = (hour: number, minute: number, daysBack = 0) => new Date(DAY.getFullYear(), DAY.getMonth(), DAY.getDate() - daysBack, hour, minute).toISOString();

let seq = 0;
export function message(sender: string, time: string, text: string, more: Partial<MessageView> = {}, send?: SendState): MessageItem {
  seq++;
  const view: MessageView = { messageId: `m${seq}`, conversationId: 'tide', seq, ordinal: seq, sender, at: time, content: { type: 'text', text }, ...more };
  const mine = sender === 'anna';
  return {
    kind: 'message',
    key: `m${seq}`,
    message: view,
    mine,
    ...(mine && { send: { state: send ?? 'read', ...(send === 'failed' && { failure: { code: 'offline', detail: 'You were offline.' } }) } }),
  };
}

const system = (sender: string, time: string, change: SystemItem['change']): SystemItem => ({ kind: 'system', key: `s${++seq}`, seq, at: time, sender, change });

function history(): TimelineItem[] {
  const items: TimelineItem[] = [
    system('mira', at(18, 1, 1), { type: 'created' }),
    system('mira', at(18, 2, 1), { type: 'added', via: 'add', members: ['anna', 'sora', 'bao'].map(userId => ({ userId, role: 'member' })) }),
  ];
  for (let index = 0; index < 60; index++) {
    const who = ['mira', 'sora', 'anna', 'jonas'][Math.floor(index / 3) % 4] ?? 'mira';
    items.push(message(who, at(18, 3 + Math.floor(index / 2), 1), `The gauge says ${(2 + (index % 9) / 10).toFixed(1)} m at step ${index}.`));
  }
  const quoted = message('mira', at(10, 28), 'It reads 3 mm low at rest, the same every time, so we can correct it in code.');
  items.push(
    message('mira', at(10, 27), 'Morning. The float switch came back from the workshop.'),
    quoted,
    message('ines', at(10, 31), 'Then one line is enough:\n```TypeScript\nconst level = median(samples, 9) + offset.restMm;\nif (level > limit) await notify("high water", level);\n```', {
      replyTo: quoted.message.messageId,
      reactions: [
        { key: '👍', count: 4, mine: true },
        { key: '🌊', count: 2, mine: false },
      ],
    }),
    message('jonas', at(10, 34), 'The harbour office put up the **autumn table**: https://tides.example/autumn'),
    message('bao', at(10, 35), '', { content: undefined, deleted: 'author' }),
    message('anna', at(10, 36), '@Jonas Pell thank you. Spring tide is on the 28th, so the gauge has to be wet by the 26th.', { editedAt: at(10, 37), mentions: { users: ['jonas'] } }),
    message('stranger', at(10, 38), 'Is there room for one more on Saturday?'),
    message('anna', at(10, 40), 'I’ve booked the small boat for Saturday.', {}, 'delivered'),
    message('anna', at(10, 41), 'Photos of the bracket follow tonight.', {}, 'stored'),
    message('anna', at(10, 42), 'Could someone bring the long ladder?', { seq: 0, ordinal: 0 }, 'sending'),
    message('anna', at(10, 48), 'Here is the drawing again with the new hole spacing.', { seq: 0, ordinal: 0 }, 'failed'),
  );
  return items;
}

export const TIDE = history();
const last = (conversationId: string, sender: string, time: string, text: string, messageSeq = 9): MessageView => ({
  messageId: `last ${conversationId}`, conversationId, seq: messageSeq, ordinal: messageSeq, sender, at: time, content: { type: 'text', text },
});

function conversation(id: string, more: Partial<ConversationItem>): ConversationItem {
  return {
    id,
    kind: more.peer ? 'direct' : 'group',
    epoch: 'e',
    memberCount: more.peer ? 2 : 24,
    role: 'owner',
    firstSeq: 1,
    lastSeq: 9,
    lastOrdinal: 9,
    readSeq: 9,
    unread: 0,
    mentions: 0,
    membershipVersion: 1,
    historyVisibility: 'shared',
    updatedAt: at(9, 0),
    muted: false,
    archived: false,
    favourite: false,
    draft: '',
    typing: [],
    failed: 0,
    ...more,
  };
}

export const CONVERSATIONS: readonly ConversationItem[] = [
  conversation('tide', {
    title: 'Tide gauge', topic: 'We build and look after the sensor at the inner quay.', typing: ['ines'], favourite: true, lastSeq: seq, memberCount: 7,
    members: [...PROFILES.keys()].map((userId, index) => ({ userId, role: (['owner', 'admin'] as const)[index] ?? 'member' })), lastMessage: last('tide', 'anna', at(10, 42), 'Could someone bring'),
  }),
  conversation('mira', { peer: 'mira', unread: 2, lastMessage: last('mira', 'mira', at(10, 38), 'The valve is on the boat already') }),
  conversation('crit', { title: 'Design crit', unread: 14, mentions: 1, lastMessage: last('crit', 'sora', at(10, 21), '@you could the label sit lower?') }),
  conversation('jonas', { peer: 'jonas', draft: 'I can take the morning if', lastMessage: last('jonas', 'jonas', at(9, 55), 'Who?') }),
  conversation('lantern', { title: 'Lantern walk', unread: 128, muted: true, lastMessage: last('lantern', 'bao', at(9, 30), 'sent 4 pictures') }),
  conversation('sora', { peer: 'sora', lastMessage: last('sora', 'anna', at(8, 12), 'See you at the quay'), receipts: [{ userId: 'sora', deliveredSeq: 9, readSeq: 9 }] }),
  conversation('kitchen', { title: 'Kitchen', lastMessage: last('kitchen', 'anna', at(19, 0, 3), 'I’ll bring the big pot') }),
  conversation('notes', { peer: 'anna', lastMessage: last('notes', 'anna', at(19, 0, 4), 'Buy rope') }),
];
