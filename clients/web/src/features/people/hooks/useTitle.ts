import { useProfile, type ConversationItem } from '../../../lib';
import { nameOf, useMe } from './usePerson';

/** What a conversation is called for this person. */
export function useTitle(item: ConversationItem): string {
  const me = useMe();
  const peer = useProfile(item.peer ?? me.userId);
  if (item.peer === me.userId) return 'Notes to yourself';
  if (item.peer) return nameOf(peer);
  return item.title ?? (item.kind === 'channel' ? 'Channel without a name' : 'Group without a name');
}
