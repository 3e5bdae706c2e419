import type { Uuid } from '../api/types';
import type { Database, StoredCommand } from '../db/db';

export interface OutboxStorage {
  load(): Promise<readonly StoredCommand[]>;
  put(entry: StoredCommand): Promise<void>;
  delete(commandId: Uuid): Promise<void>;
}

const lockOf = (tab: string) => `coolchat.tab.${tab}`;

/**
 * One person's outbox in IndexedDB, shared by all tabs. Each tab sends what was written in it; what a closed tab left behind goes to
 * the next one that loads. A tab shows that it lives by holding a Web Lock, which the browser releases when the tab ends, however it
 * ends. Two tabs that took over the same command would do no harm: it has one commandId.
 */
export class IndexedDbOutbox implements OutboxStorage {
  readonly #db: Promise<Database>;
  readonly #userId: Uuid;
  readonly #tab: string;
  readonly #locks: LockManager | undefined;

  constructor(db: Promise<Database>, userId: Uuid, tab: string, locks: LockManager | undefined = globalThis.navigator?.locks) {
    this.#db = db;
    this.#userId = userId;
    this.#tab = tab;
    this.#locks = locks;
    // Held until the page goes; never resolved.
    void locks?.request(lockOf(tab), () => new Promise(() => undefined)).catch(() => undefined);
  }

  async load(): Promise<readonly StoredCommand[]> {
    const db = await this.#db;
    const all = await db.getAllFromIndex('outbox', 'userId', this.#userId);
    const living = await this.#livingTabs();
    const mine = all.filter(entry => entry.tab === this.#tab || !living.has(lockOf(entry.tab)));
    for (const entry of mine) if (entry.tab !== this.#tab) await db.put('outbox', { ...entry, tab: this.#tab });
    return mine.sort((a, b) => (a.commandId < b.commandId ? -1 : 1));
  }

  async put(entry: StoredCommand): Promise<void> {
    await (await this.#db).put('outbox', { ...entry, userId: this.#userId, tab: this.#tab });
  }

  async delete(commandId: Uuid): Promise<void> {
    await (await this.#db).delete('outbox', commandId);
  }

  async #livingTabs(): Promise<Set<string>> {
    const held = (await this.#locks?.query())?.held ?? [];
    return new Set(held.flatMap(lock => (lock.name === undefined ? [] : [lock.name])));
  }
}
