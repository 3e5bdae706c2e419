import { useProfiles, type ConversationItem } from '../../../lib';
import { nameOf, useMe } from '../../people/hooks/usePerson';
import type { Candidate } from './mentions';

/** Whom one can mention here: the others, where there is more than one. */
export function useCandidates(conversation: ConversationItem): readonly Candidate[] {
  const me = useMe();
  const ids = conversation.kind === 'direct' ? [] : (conversation.members ?? []).map(member => member.userId).filter(id => id !== me.userId);
  return [...useProfiles(ids)].map(([userId, profile]) => ({ userId, name: nameOf(profile) }));
}
