import { useEffect } from 'react';
import { useAuthConfig, useConversations } from '../lib';

/** The tab says how much is unread. */
export function useDocumentTitle(): void {
  const name = useAuthConfig().data?.serverName ?? 'CoolChat';
  const { unread } = useConversations();
  useEffect(() => {
    document.title = unread > 0 ? `(${unread > 999 ? '999+' : unread}) ${name}` : name;
  }, [unread, name]);
}
