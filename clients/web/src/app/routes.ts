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

export type PanelName = 'about' | 'thread';
