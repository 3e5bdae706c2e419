import type { ConversationView, Uuid } from '../api/types';
import type { ConversationItem } from '../model';
import type { OutboxEntry } from './outbox';
import { outgoingItem } from './timeline';

export interface ListItemInput {
  readonly me: Uuid;
  readonly view: ConversationView;
  /** Entries whose event has not arrived. */
  readonly outbox: readonly OutboxEntry[];
  readonly online: boolean;
  readonly now: number;
  /** Who typed, and until when that counts. */
  readonly typing: ReadonlyMap<Uuid, number>;
  readonly draft: string | undefined;
}

/** A conversation as the list shows it. Typing is hidden without a connection: it would be stale. */
export function conversationItem({ me, view, outbox, online, now, typing, draft }: ListItemInput): ConversationItem {
  const messages = outbox.filter(entry => entry.command.type === 'message.send');
  const last = messages.at(-1);
  const peer = view.kind === 'direct' ? (view.members?.find(member => member.userId !== me)?.userId ?? me) : undefined;
  const { mutedUntil, archived, favourite, draft: storedDraft } = view.preferences ?? {};
  return {
    ...view,
    ...(peer !== undefined && { peer }),
    muted: mutedUntil !== undefined && Date.parse(mutedUntil) > now,
    archived: archived === true,
    favourite: favourite === true,
    draft: draft ?? storedDraft ?? '',
    typing: online ? [...typing].filter(([, until]) => until > now).map(([userId]) => userId) : [],
    ...(last?.command.type === 'message.send' && { outgoing: outgoingItem(last.command, last, me, online) }),
    failed: messages.filter(entry => entry.state === 'failed').length,
  };
}

/** Fields that are made anew each time and are small enough to compare by content. */
const BY_CONTENT = new Set(['typing', 'outgoing', 'broken', 'failure']);

export function sameFields(a: object | undefined, b: object): boolean {
  if (!a) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const name of new Set([...Object.keys(x), ...Object.keys(y)])) {
    if (x[name] !== y[name] && !(BY_CONTENT.has(name) && JSON.stringify(x[name]) === JSON.stringify(y[name]))) return false;
  }
  return true;
}
