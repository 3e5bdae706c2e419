/** Every address of the app in one place. API paths (/user, /chat, /media) belong to the server. */
export const routes = {
  home: '/',
  conversation: (id: string) => `/c/${id}`,
  about: (id: string) => `/c/${id}/about`,
  thread: (id: string, messageId: string) => `/c/${id}/thread/${messageId}`,
  mentions: '/mentions',
  search: (query = '') => (query ? `/search?q=${encodeURIComponent(query)}` : '/search'),
  settings: (section = '') => (section ? `/settings/${section}` : '/settings'),
  invite: (code: string) => `/i/${encodeURIComponent(code)}`,
  claim: '/claim',
} as const;

/** The conversation that an address shows, and what stands beside it. */
export interface ConversationPlace {
  readonly id: string;
  readonly panel?: 'about' | 'thread';
  /** The message that the thread hangs on. */
  readonly rootId?: string;
}

export function conversationAt(path: string): ConversationPlace | undefined {
  const match = /^\/c\/([^/]+)(?:\/(?:(about)|thread\/([^/]+)))?\/?$/.exec(path);
  if (!match?.[1]) return undefined;
  const id = match[1];
  if (match[2]) return { id, panel: 'about' };
  return match[3] ? { id, panel: 'thread', rootId: match[3] } : { id };
}
