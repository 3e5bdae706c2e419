import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Uuid } from '../api/types';
import type { Profile } from '../api/userTypes';
import type { ConversationActions, SignIn, ThreadActions } from '../clientTypes';
import type { ConversationItem, Presence, Timeline } from '../model';
import { combine } from '../readable';
import { useClient, useReadable } from './client';

export { CoolChatProvider, useClient, useReadable } from './client';

export const useSession = () => useReadable(useClient().session);

export const useConnection = () => useReadable(useClient().connection);

/** Wallets, the key on this device, the current step, and the deeds of signing in. */
export function useSignIn() {
  const signIn = useClient().signIn;
  const wallets = useReadable(signIn.wallets);
  const deviceKey = useReadable(signIn.deviceKey);
  const step = useReadable(signIn.step);
  return { wallets, deviceKey, step, actions: signIn satisfies SignIn };
}

export function useAuthConfig() {
  const client = useClient();
  return useQuery({ queryKey: ['auth-config'], queryFn: () => client.signIn.config(), staleTime: Infinity });
}

export const useConversations = () => useReadable(useClient().conversations.list);

/** One conversation for a row, a header or a panel; undefined until it is known. */
export function useConversationItem(id: Uuid): ConversationItem | undefined {
  return useReadable(useClient().conversations.get(id).conversation);
}

/** The conversation on screen: it is loaded and kept complete while this is mounted. */
export function useConversation(id: Uuid): { conversation?: ConversationItem; timeline: Timeline; actions: ConversationActions } {
  const client = useClient();
  const actions = useMemo(() => client.conversations.get(id), [client, id]);
  useEffect(() => actions.open(), [actions]);
  const conversation = useReadable(actions.conversation);
  return { ...(conversation && { conversation }), timeline: useReadable(actions.timeline), actions };
}

/** The thread on screen: loaded and kept complete while this is mounted. Its root is not among the items. */
export function useThread(id: Uuid, rootId: Uuid): { timeline: Timeline; actions: ThreadActions } {
  const client = useClient();
  const actions = useMemo(() => client.conversations.get(id).thread(rootId), [client, id, rootId]);
  useEffect(() => actions.open(), [actions]);
  return { timeline: useReadable(actions.timeline), actions };
}

/** Members, the first page of a large conversation first. Up to 50 members are in `conversation.members` already. */
export function useMembers(id: Uuid, membershipVersion: number) {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: ['members', id, membershipVersion],
    queryFn: ({ pageParam }) => client.conversations.get(id).members(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
  });
}

export function usePins(id: Uuid, version: number) {
  const client = useClient();
  return useQuery({ queryKey: ['pins', id, version], queryFn: () => client.conversations.get(id).pins() });
}

/** Who reacted with an emoji; asked for while `key` is set, and again when `count` changes. */
export function useReactors(id: Uuid, messageId: Uuid, key: string | undefined, count?: number) {
  const client = useClient();
  return useQuery({
    queryKey: ['reactors', id, messageId, key, count],
    queryFn: () => client.conversations.get(id).reactors(messageId, key ?? ''),
    enabled: key !== undefined,
    staleTime: 5_000,
  });
}

/** What a message said, oldest first; asked again when it is edited once more. */
export function useEdits(id: Uuid, messageId: Uuid, editedAt: string | undefined) {
  const client = useClient();
  return useQuery({ queryKey: ['edits', id, messageId, editedAt], queryFn: () => client.conversations.get(id).edits(messageId) });
}

export function useInvites(id: Uuid) {
  const client = useClient();
  return useQuery({ queryKey: ['invites', id], queryFn: () => client.conversations.get(id).invites() });
}

/** A quoted message by id. */
export function useMessage(id: Uuid, messageId: Uuid | undefined) {
  const client = useClient();
  return useQuery({
    queryKey: ['message', id, messageId],
    queryFn: async () => (await client.conversations.get(id).message(messageId ?? '')) ?? null,
    enabled: messageId !== undefined,
  });
}

/** Profiles by userId or address; a missing entry is not known yet. Lookups of one tick go out as one request. */
export function useProfiles(ids: readonly string[]): ReadonlyMap<string, Profile> {
  const people = useClient().people;
  const key = ids.join(' ');
  const source = useMemo(
    () => combine(new Map(key === '' ? [] : key.split(' ').map(id => [id, people.profile(id)] as const))),
    [people, key],
  );
  return useReadable(source);
}

export function useProfile(id: string): Profile | undefined {
  return useReadable(useClient().people.profile(id));
}

/** Presence of one person, watched while mounted. */
export function usePresence(userId: Uuid): Presence {
  return useReadable(useClient().people.presence(userId));
}

export const useUploads = () => useReadable(useClient().uploads.list);

/** A short-lived address of a stored file, renewed before it ends. */
export function useMediaUrl(mediaId: Uuid | undefined, width?: number) {
  const uploads = useClient().uploads;
  return useQuery({
    queryKey: ['media-url', mediaId, width],
    queryFn: () => uploads.url(mediaId ?? '', width),
    enabled: mediaId !== undefined,
    staleTime: 4 * 60_000,
  });
}

/** Messages that match; empty queries ask nothing. */
export function useSearch(query: string) {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: ['search', query],
    queryFn: ({ pageParam }) => client.conversations.search(query, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
    enabled: query.trim() !== '',
  });
}

export function usePeopleSearch(query: string) {
  const client = useClient();
  return useQuery({ queryKey: ['people', query], queryFn: () => client.people.search(query), enabled: query.trim() !== '' });
}

export function useDeviceSessions() {
  const client = useClient();
  return useQuery({ queryKey: ['sessions'], queryFn: () => client.account.sessions() });
}

/** One's own messages that wait. Nobody tells when one is scheduled or goes out: asked again while on screen. */
export function useScheduled() {
  const client = useClient();
  return useQuery({ queryKey: ['scheduled'], queryFn: () => client.conversations.scheduled(), refetchInterval: 3_000 });
}

export const useContacts = () => useReadable(useClient().people.contacts);
export const useBlocks = () => useReadable(useClient().people.blocks);
