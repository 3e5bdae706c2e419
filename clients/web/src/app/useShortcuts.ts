import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { changeAppearance } from '../features/settings/hooks/useAppearance';
import { useClient } from '../lib';
import { routes } from './routes';
import type { Overlay } from './Shell';

interface Input {
  readonly here: string | undefined;
  readonly panel: boolean;
  readonly onOverlay: (overlay: Overlay) => void;
}

const AREAS = ['.side', '.main', '.panel'] as const;

/** Keys that work everywhere. Those of a message or the composer live there. */
export function useShortcuts(input: Input): void {
  const client = useClient();
  const [, navigate] = useLocation();
  const latest = useRef(input);
  useEffect(() => {
    latest.current = input;
  });

  useEffect(() => {
    const step = (by: number, unreadOnly: boolean) => {
      const { here } = latest.current;
      const items = client.conversations.list.get().items.filter(item => !item.archived && (!unreadOnly || item.unread > 0 || item.id === here));
      const at = items.findIndex(item => item.id === here);
      const next = items[at < 0 ? 0 : (at + by + items.length) % items.length];
      if (next) navigate(routes.conversation(next.id));
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const { here, panel, onOverlay } = latest.current;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && !event.shiftKey && key === 'k') onOverlay('find');
      else if (command && event.shiftKey && key === 'f') navigate(routes.search());
      else if (command && !event.shiftKey && key === 'f' && here) navigate(routes.search(`in:${here} `));
      else if (command && key === ',') navigate(routes.settings('profile'));
      else if (command && event.shiftKey && key === 'l') toggleTheme();
      else if (command && event.shiftKey && key === 'm' && here) toggleMute(here);
      else if (event.altKey && key === 'arrowdown') step(1, event.shiftKey);
      else if (event.altKey && key === 'arrowup') step(-1, event.shiftKey);
      else if (key === 'f6') nextArea();
      else if (key === 'escape' && panel && here && !document.querySelector('dialog[open]')) navigate(routes.conversation(here));
      else if (key === '?' && !isTyping(event.target)) onOverlay('keys');
      else return;
      event.preventDefault();
    };
    const toggleMute = (id: string) => {
      const actions = client.conversations.get(id);
      const muted = actions.conversation.get()?.muted;
      void actions.setPreferences({ mutedUntil: muted ? new Date(0).toISOString() : '9999-12-31T00:00:00Z' }).catch(() => undefined);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [client, navigate]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]');
}

function toggleTheme() {
  const dark = document.documentElement.dataset.theme === 'dark' || (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
  changeAppearance({ theme: dark ? 'light' : 'dark' });
}

/** F6 goes from the list to the conversation to the panel. */
function nextArea() {
  const areas = AREAS.map(selector => document.querySelector<HTMLElement>(`.app > ${selector}`)).filter(area => area !== null && area.offsetParent !== null);
  const at = areas.findIndex(area => area?.contains(document.activeElement));
  const next = areas[(at + 1) % areas.length];
  const target = next?.querySelector<HTMLElement>('[aria-current="page"], article[tabindex="0"], textarea, a, button');
  target?.focus();
}
