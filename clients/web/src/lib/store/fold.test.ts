import { describe, expect, it } from 'vitest';
import type { ChatEvent, MessageView } from '../api/types';
import { uuidv7 } from '../ids';
import { MemoryServer, type MemoryConversation } from '../testing/memoryServer';
import { Random } from '../testing/random';
import { randomCommand } from '../testing/randomCommands';
import { Fold } from './fold';

const me = uuidv7();
const others = [uuidv7(), uuidv7()];

function grow(server: MemoryServer, conversation: MemoryConversation, random: Random, count: number): void {
  for (let i = 0; i < count; i++) {
    const { sender, command } = randomCommand(conversation, random);
    expect(server.submit(sender, command).ok).toBe(true);
    if (random.chance(0.01)) conversation.append('member.erased', sender, uuidv7(), { userId: sender });
  }
}

/**
 * The order of equally frequent reactions is the server's choice, and the faces beside a thread outlive its replies only there; everything
 * else must be equal.
 */
const plain = (messages: readonly MessageView[]) =>
  messages.map(message => ({
    ...message,
    ...(message.reactions && { reactions: [...message.reactions].sort((a, b) => (a.key < b.key ? -1 : 1)) }),
    ...(message.replies && { replies: { ...message.replies, participants: [] } }),
  }));

/** What the owner of a fold does: pull the gap, then ask for what events can't tell. */
function repair(fold: Fold, conversation: MemoryConversation): void {
  fold.receive(conversation.log.filter(event => event.seq > fold.appliedSeq));
  for (let [seq] = fold.needs.ask; seq !== undefined; [seq] = fold.needs.ask) {
    fold.add(conversation.page(me, { after: seq - 1, limit: 20 }), 'refresh');
  }
}

function fresh(conversation: MemoryConversation): MessageView[] {
  return plain(conversation.page(me, { limit: 10_000 }).items);
}

describe('Fold', () => {
  it.each(Array.from({ length: 150 }, (_, seed) => seed))('receive_AnyOrderWithDuplicatesAndGaps_EqualsAFreshPage (seed %i)', seed => {
    const random = new Random(seed);
    const server = new MemoryServer();
    const conversation = server.create([me, ...others]);
    grow(server, conversation, random, 5 + random.below(60));
    const fold = new Fold(me, conversation.page(me, { limit: 5 + random.below(20) }));

    for (let round = 0; round < 6; round++) {
      const before = conversation.log.length;
      grow(server, conversation, random, random.below(15));
      const live: ChatEvent[] = conversation.log.slice(Math.max(0, before - 3)).filter(() => random.chance(0.8));
      fold.receive(random.shuffle([...live, ...live.filter(() => random.chance(0.3))]));
      const first = fold.messages[0];
      if (fold.hasOlder && first && random.chance(0.6)) {
        // A page from a replica that lags, or from one that is ahead of the events seen here.
        const upTo = conversation.log.length - random.below(6);
        fold.add(conversation.page(me, { before: first.seq, limit: 7 }, upTo), 'older');
      }
      if (random.chance(0.5)) repair(fold, conversation);
    }
    repair(fold, conversation);
    for (let first = fold.messages[0]; fold.hasOlder && first; first = fold.messages[0]) {
      expect(fold.add(conversation.page(me, { before: first.seq, limit: 20 }), 'older')).toBe(true);
    }
    repair(fold, conversation);

    expect(plain(fold.messages)).toEqual(fresh(conversation));
    expect(fold.appliedSeq).toBe(conversation.log.length);
    expect(fold.needs).toEqual({ gap: false, ask: [] });
    expect(fold.broken).toEqual([]);
  });

  it.each(Array.from({ length: 60 }, (_, seed) => seed))('add_NewerPagesFromTheMiddle_ReachTheEndWithoutHoles (seed %i)', seed => {
    const random = new Random(1000 + seed);
    const server = new MemoryServer();
    const conversation = server.create([me, ...others]);
    grow(server, conversation, random, 60);
    const fold = new Fold(me, conversation.page(me, { around: 20, limit: 9 }));
    for (let tries = 0; fold.hasNewer && tries < 100; tries++) {
      const before = conversation.log.length;
      grow(server, conversation, random, random.below(4));
      const last = fold.messages.at(-1);
      const upTo = conversation.log.length - (random.chance(0.5) ? random.below(3) : 0);
      const page = conversation.page(me, { after: last?.seq ?? 0, limit: 8 }, upTo);
      if (random.chance(0.5)) fold.receive(random.shuffle(conversation.log.slice(before)));
      fold.add(page, 'newer');
      if (random.chance(0.7)) fold.receive(random.shuffle(conversation.log.slice(before)));
    }
    repair(fold, conversation);
    const start = fold.messages[0]?.seq ?? 0;
    expect(fold.hasNewer).toBe(false);
    expect(plain(fold.messages)).toEqual(fresh(conversation).filter(message => message.seq >= start));
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))('receive_InAThread_ShowsItsMessagesOnly (seed %i)', seed => {
    const random = new Random(2000 + seed);
    const server = new MemoryServer();
    const conversation = server.create([me, ...others]);
    grow(server, conversation, random, 60);
    const root = conversation.page(me, { limit: 1000 }).items.find(message => message.replies);
    if (!root) return;
    const thread = root.messageId;
    const fold = new Fold(me, conversation.page(me, { limit: 3, thread }), { thread });
    const before = conversation.log.length;
    grow(server, conversation, random, 40);
    fold.receive(random.shuffle(conversation.log.slice(before).filter(() => random.chance(0.7))));
    repair(fold, conversation);
    const start = fold.messages[0]?.seq ?? 0;
    const expected = plain(conversation.page(me, { limit: 1000, thread }).items).filter(message => message.seq >= start);
    // A reply that was deleted keeps its place here; the server does not tell any more where it stood.
    expect(plain(fold.messages.filter(message => message.deleted === undefined))).toEqual(expected);
  });

  it('receive_WindowNotAtTheEnd_CountsNewMessagesInsteadOfShowingThem', () => {
    const random = new Random(7);
    const server = new MemoryServer();
    const conversation = server.create([me, ...others]);
    grow(server, conversation, random, 80);
    const fold = new Fold(me, conversation.page(me, { around: 10, limit: 5 }));
    const shown = fold.messages.length;
    const from = conversation.log.length;
    const sender = others[0] ?? me;
    for (let i = 0; i < 3; i++) {
      const content = { type: 'text', text: 'new' } as const;
      server.submit(sender, { commandId: uuidv7(), conversationId: conversation.id, type: 'message.send', content });
    }
    fold.receive(conversation.log.slice(from));
    expect(fold.messages).toHaveLength(shown);
    expect(fold.newerCount).toBe(3);
  });

  it('add_RefreshFromALaggingReplica_NeverGoesBack', () => {
    const { server, conversation, fold } = opened(10);
    const target = fold.messages.find(message => message.deleted === undefined);
    if (!target) throw new Error('a message');
    const stale = conversation.page(me, { around: target.seq, limit: 1 });
    const { messageId } = target;
    server.submit(target.sender, { commandId: uuidv7(), conversationId: conversation.id, type: 'message.delete', messageId });
    fold.receive(conversation.log);
    fold.add(stale, 'refresh');
    expect(fold.message(messageId)?.deleted).toBe('author');
  });

  it('addHistory_TrueChain_BreaksNothingAndBringsTheCreatedLine', () => {
    const { conversation, fold } = opened(3);
    fold.addHistory(conversation.log);
    expect(fold.broken).toEqual([]);
    expect(fold.systemLines.some(line => line.change.type === 'created')).toBe(true);
  });

  it('addHistory_ForgedBody_MarksThatEvent', () => {
    const { conversation, fold } = opened(4);
    const at = conversation.log.findIndex(event => event.type === 'message.sent' && event.body !== undefined);
    fold.addHistory(
      conversation.log.map((event, i) => (i === at ? { ...event, body: { content: { type: 'text', text: 'forged' } } } : event)),
    );
    expect(fold.broken).toContain(at + 1);
  });

  it('addHistory_RemovedEvent_BreaksTheChainAfterIt', () => {
    const { conversation, fold } = opened(5);
    const forged = conversation.log
      .filter(event => event.seq !== 6)
      .map(event => (event.seq > 6 ? { ...event, seq: event.seq - 1 } : event));
    fold.addHistory(forged);
    expect(fold.broken).toContain(6);
  });

  it('addHistory_MaterialisedTextDiffersFromItsEvent_MarksTheMessage', () => {
    const { conversation } = opened(6);
    const page = conversation.page(me, { limit: 100 });
    const target = page.items.find(message => !message.edits && message.deleted === undefined && message.content?.type === 'text');
    const items = page.items.map(message =>
      message === target ? { ...message, content: { type: 'text', text: 'not said' } as const } : message,
    );
    const fold = new Fold(me, { ...page, items });
    fold.addHistory(conversation.log);
    expect(fold.broken).toEqual([target?.seq]);
  });

  it('receive_LiveEventThatDoesNotFollow_IsMarkedAndStillShown', () => {
    const { server, conversation, fold } = opened(8);
    grow(server, conversation, new Random(9), 2);
    const [first, second] = conversation.log.slice(-2);
    if (!first || !second) throw new Error('two events');
    fold.receive([first, { ...second, prevHash: first.prevHash }]);
    expect(fold.broken).toEqual([second.seq]);
    expect(fold.appliedSeq).toBe(second.seq);
  });
});

function opened(seed: number) {
  const server = new MemoryServer();
  const conversation = server.create([me, ...others]);
  grow(server, conversation, new Random(seed), 30);
  return { server, conversation, fold: new Fold(me, conversation.page(me, { limit: 100 })) };
}
