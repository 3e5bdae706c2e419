import { useMutation, useQuery } from '@tanstack/react-query';
import { useClient, type Uuid } from '../../../lib';

/** Channels of this server that one has not joined, by a part of their title. */
export function useChannels(query: string) {
  const client = useClient();
  const channels = useQuery({
    queryKey: ['channels', query],
    queryFn: async () => (await client.conversations.listedChannels(query || undefined)).items.filter(item => !item.role),
  });
  return channels.data ?? [];
}

/** Joins a channel; what comes after it gets its id. */
export function useJoinChannel(onJoined: (id: Uuid) => void) {
  const client = useClient();
  return useMutation({
    mutationFn: async (id: Uuid) => {
      await client.conversations.joinChannel(id);
      return id;
    },
    onSuccess: onJoined,
  });
}
