import type { PresenceNotice } from '../api/hubTypes';
import type { Uuid } from '../api/types';
import type { Presence } from '../model';
import { Cell, type Readable } from '../readable';

const UNKNOWN: Presence = { status: 'unknown' };
const MOST = 500;
const SETTLE_MS = 300;

/** Presence of the people on screen: the server is told whom to watch, a moment after that has settled. Nothing is shown while offline. */
export class PresenceBook {
  readonly #watch: (userIds: readonly Uuid[]) => Promise<unknown>;
  readonly #cells = new Map<Uuid, Cell<Presence>>();
  readonly #watchers = new Map<Uuid, number>();
  readonly #watched = new Map<Uuid, Readable<Presence>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #online = false;

  constructor(watch: (userIds: readonly Uuid[]) => Promise<unknown>) {
    this.#watch = watch;
  }

  /** The same object each time: what watches it would otherwise start again with every look. */
  get(userId: Uuid): Readable<Presence> {
    let watched = this.#watched.get(userId);
    if (!watched) {
      watched = this.#watchable(userId);
      this.#watched.set(userId, watched);
    }
    return watched;
  }

  #watchable(userId: Uuid): Readable<Presence> {
    const cell = this.#cell(userId);
    return {
      get: cell.get,
      subscribe: listener => {
        const before = this.#watchers.get(userId) ?? 0;
        this.#watchers.set(userId, before + 1);
        if (before === 0) this.#schedule();
        const stop = cell.subscribe(listener);
        return () => {
          stop();
          const left = (this.#watchers.get(userId) ?? 1) - 1;
          if (left > 0) this.#watchers.set(userId, left);
          else {
            this.#watchers.delete(userId);
            this.#schedule();
          }
        };
      },
    };
  }

  receive(notices: readonly PresenceNotice[]): void {
    for (const { userId, status, lastSeen } of notices) {
      this.#cell(userId).set({ status, ...(lastSeen !== undefined && { lastSeen }) });
    }
  }

  setOnline(online: boolean): void {
    this.#online = online;
    if (online) this.#schedule();
    else for (const cell of this.#cells.values()) cell.set(UNKNOWN);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #cell(userId: Uuid): Cell<Presence> {
    let cell = this.#cells.get(userId);
    if (!cell) {
      cell = new Cell(UNKNOWN);
      this.#cells.set(userId, cell);
    }
    return cell;
  }

  #schedule(): void {
    if (!this.#online) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#online) return;
      const wanted = [...this.#watchers.keys()].slice(-MOST);
      for (const [userId, cell] of this.#cells) if (!this.#watchers.has(userId)) cell.set(UNKNOWN);
      void this.#watch(wanted).catch(() => undefined); // told again after the next reconnect
    }, SETTLE_MS);
  }
}
