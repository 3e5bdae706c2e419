import { useSyncExternalStore } from 'react';

export interface Appearance {
  readonly theme: 'light' | 'dark' | 'system';
  readonly accent: 'lagoon' | 'iris' | 'clay';
  readonly density: 'airy' | 'regular' | 'compact';
  /** Percent of the browser's own size. */
  readonly textSize: number;
  readonly lessMotion: boolean;
}

const KEY = 'coolchat.appearance';
const DEFAULTS: Appearance = { theme: 'system', accent: 'lagoon', density: 'regular', textSize: 100, lessMotion: false };

let current = read();
const listeners = new Set<() => void>();

function read(): Appearance {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return { ...DEFAULTS, ...(typeof kept === 'object' ? kept : {}) };
  } catch {
    return DEFAULTS; // storage is closed to us or holds something else: looks are not worth an error
  }
}

function oneOf<T extends string>(root: HTMLElement, name: string, value: T, standard: T) {
  if (value === standard) root.removeAttribute(name);
  else root.setAttribute(name, value);
}

/** Puts the choices on the root element, where tokens.css reads them. */
export function applyAppearance(look: Appearance = current): void {
  const root = document.documentElement;
  oneOf(root, 'data-theme', look.theme, 'system');
  oneOf(root, 'data-accent', look.accent, 'lagoon');
  oneOf(root, 'data-density', look.density, 'regular');
  root.style.fontSize = look.textSize === 100 ? '' : `${look.textSize}%`;
  if (look.lessMotion) root.setAttribute('data-motion', 'less');
  else root.removeAttribute('data-motion');
}

export function changeAppearance(changes: Partial<Appearance>): void {
  current = { ...current, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Kept for this page only.
  }
  applyAppearance();
  for (const listener of listeners) listener();
}

export function useAppearance(): Appearance {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
