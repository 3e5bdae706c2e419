import { useState } from 'react';
import { useClient } from '../../../lib';

const KEY = 'coolchat.claim';

/** The token of the owner's link: in the fragment, which browsers send to nobody, or in `?token=`. */
export function claimToken(url: Pick<Location, 'hash' | 'search'>): string | undefined {
  const token = url.hash.slice(1) || new URLSearchParams(url.search).get('token');
  return token || undefined;
}

/** Keeps the token of the address bar while one signs in, and takes it out of sight. */
export function rememberClaim(): void {
  if (location.pathname !== '/claim') return;
  const token = claimToken(location);
  if (!token) return;
  sessionStorage.setItem(KEY, token);
  history.replaceState(history.state, '', '/claim');
}

/** The token that waits while one signs in; to a server that asks for an invite it is one. */
export const pendingClaim = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined;

export function useClaim() {
  const client = useClient();
  const [token] = useState(pendingClaim);
  return {
    token,
    take: async () => {
      if (!token) return;
      await client.account.claimServer(token);
      sessionStorage.removeItem(KEY);
    },
  };
}
