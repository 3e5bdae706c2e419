import type { Command, ContentType, MessageBody, Uuid } from '../api/types';
import { uuidv7 } from '../ids';
import { materialise } from './materialise';
import type { MemoryConversation } from './memoryServer';
import type { Random } from './random';

/** A command that the log would take in its present state, by a random member. */
export function randomCommand(conversation: MemoryConversation, random: Random): { readonly sender: Uuid; readonly command: Command } {
  const sender = random.pick(conversation.members).userId;
  const base = { commandId: uuidv7(), conversationId: conversation.id };
  const living = materialise(conversation.whole, sender).filter(message => message.deleted === undefined);
  const target = living.length > 0 ? random.pick(living) : undefined;
  const kind = random.below(12);
  const roots = living.filter(message => message.thread === undefined);
  const root = roots.length > 0 ? random.pick(roots.slice(-5)).messageId : undefined;
  if (!target || kind < 5) return { sender, command: send(base, conversation, root, random) };
  const messageId = target.messageId;
  const content: MessageBody['content'] = { type: 'text', text: `edited ${random.below(1000)}` };
  if (kind === 5) return { sender: target.sender, command: { ...base, type: 'message.edit', messageId, content } };
  if (kind === 6 && random.chance(0.5)) return { sender: target.sender, command: { ...base, type: 'message.delete', messageId } };
  if (kind === 7) return { sender, command: { ...base, type: target.pinned ? 'message.unpin' : 'message.pin', messageId } };
  if (kind === 8 && target.poll && !target.poll.closed) {
    const options = random.chance(0.2) ? [] : [random.below(2)];
    return { sender, command: { ...base, type: 'poll.vote', messageId, options } };
  }
  const own = target.reactions?.find(reaction => reaction.mine);
  if (own && random.chance(0.5)) return { sender, command: { ...base, type: 'reaction.remove', messageId, key: own.key } };
  const key = random.pick(['👍', '🌊', '🎉']);
  if (target.reactions?.some(reaction => reaction.mine && reaction.key === key)) {
    return { sender, command: send(base, conversation, root, random) };
  }
  return { sender, command: { ...base, type: 'reaction.add', messageId, key } };
}

function send(base: { commandId: Uuid; conversationId: Uuid }, at: MemoryConversation, last: Uuid | undefined, random: Random): Command {
  const poll = random.chance(0.15);
  const type: ContentType = poll ? 'poll' : 'text';
  return {
    ...base,
    type: 'message.send',
    content: { type, text: `m${at.log.length}`, ...(poll && { poll: { question: 'Which?', options: ['a', 'b'] } }) },
    ...(last !== undefined && random.chance(0.2) && { thread: last }),
    ...(random.chance(0.1) && { mentions: { everyone: true } }),
  };
}
