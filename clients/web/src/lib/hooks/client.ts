import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, createElement, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { CoolChatClient } from '../clientTypes';
import type { Readable } from '../readable';

const ClientContext = createContext<CoolChatClient | undefined>(undefined);

/** Gives the tree its client, and starts it while mounted. */
export function CoolChatProvider({ client, children }: { readonly client: CoolChatClient; readonly children: ReactNode }) {
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 30_000 } } }));
  useEffect(() => {
    client.start();
    return () => void client.stop();
  }, [client]);
  return createElement(ClientContext, { value: client }, createElement(QueryClientProvider, { client: queries }, children));
}

export function useClient(): CoolChatClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('CoolChatProvider is missing');
  return client;
}

export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe, readable.get, readable.get);
}
