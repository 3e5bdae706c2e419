import type { ChatEvent, ConversationChanges, IsoTime, Member, Role, Uuid } from '../api/types';
import type { SystemChange } from '../model';

/** A line of the timeline that is no message. */
export interface SystemLine {
  readonly seq: number;
  readonly at: IsoTime;
  readonly sender: Uuid;
  readonly change: SystemChange;
}

const KNOWN = new Set([
  'conversation.created',
  'conversation.changed',
  'message.sent',
  'message.edited',
  'message.deleted',
  'message.pinned',
  'message.unpinned',
  'reaction.added',
  'reaction.removed',
  'poll.voted',
  'poll.closed',
  'member.added',
  'member.removed',
  'member.role',
  'member.erased',
]);

/** An event that this version must not ignore and cannot understand. */
export function needsUpdate(event: ChatEvent): boolean {
  return event.critical === true && !KNOWN.has(event.type);
}

/** What the timeline says about an event, if anything. */
export function systemChange(event: ChatEvent): SystemChange | undefined {
  if (needsUpdate(event)) return { type: 'unknown', eventType: event.type };
  if (event.body === undefined) return undefined;
  switch (event.type) {
    case 'conversation.created':
      return { type: 'created' };
    case 'conversation.changed':
      return settingsChange(event.body as ConversationChanges);
    case 'member.added': {
      const body = event.body as { readonly members: readonly Member[]; readonly via: string };
      return { type: 'added', members: body.members, via: body.via };
    }
    case 'member.removed': {
      const { userId } = event.body as { readonly userId: Uuid };
      return { type: userId === event.sender ? 'left' : 'removed', userId };
    }
    case 'member.role': {
      const body = event.body as { readonly userId: Uuid; readonly role: Role };
      return { type: 'role', userId: body.userId, role: body.role };
    }
    case 'message.pinned':
    case 'message.unpinned': {
      const messageId = event.messageId ?? (event.body as { readonly messageId?: Uuid }).messageId;
      if (messageId === undefined) return undefined;
      return { type: event.type === 'message.pinned' ? 'pinned' : 'unpinned', messageId };
    }
    default:
      return undefined;
  }
}

function settingsChange(changes: ConversationChanges): SystemChange {
  if (changes.title !== undefined) return { type: 'title', title: changes.title };
  if (changes.topic !== undefined) return { type: 'topic', topic: changes.topic };
  if (changes.picture !== undefined) return { type: 'picture' };
  return { type: 'settings' };
}
