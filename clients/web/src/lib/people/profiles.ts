import type { UserApi } from '../api/user';
import type { Profile } from '../api/userTypes';
import { CoolChatError } from '../errors';
import { isUuid } from '../ids';
import { Cell, type Readable } from '../readable';

const BATCH = 100;
const FRESH_MS = 5 * 60_000;

interface Known {
  readonly cell: Cell<Profile | undefined>;
  askedAt: number;
}

/** Profiles by userId or address; what is asked for within one turn goes out as one request, and is fresh for five minutes. */
export class Profiles {
  readonly #api: Pick<UserApi, 'profiles' | 'profile'>;
  readonly #known = new Map<string, Known>();
  readonly #wanted = new Set<string>();
  readonly #now: () => number;
  #scheduled = false;

  constructor(api: Pick<UserApi, 'profiles' | 'profile'>, now: () => number = Date.now) {
    this.#api = api;
    this.#now = now;
  }

  /** The profile as a value to watch. Reading it asks for it. */
  get(id: string): Readable<Profile | undefined> {
    const known = this.#entry(id);
    if (this.#now() - known.askedAt > FRESH_MS) this.#want(id, known);
    return known.cell;
  }

  /** Takes profiles that came with another answer. */
  learn(profiles: readonly Profile[]): void {
    for (const profile of profiles) {
      for (const id of [profile.userId, profile.address.toLowerCase()]) {
        const known = this.#entry(id);
        known.askedAt = this.#now();
        if (JSON.stringify(known.cell.get()) !== JSON.stringify(profile)) known.cell.set(profile);
      }
    }
  }

  #entry(id: string): Known {
    const key = id.toLowerCase();
    let known = this.#known.get(key);
    if (!known) {
      known = { cell: new Cell<Profile | undefined>(undefined), askedAt: -Infinity };
      this.#known.set(key, known);
    }
    return known;
  }

  #want(id: string, known: Known): void {
    known.askedAt = this.#now();
    this.#wanted.add(id.toLowerCase());
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      const ids = [...this.#wanted];
      this.#wanted.clear();
      const userIds = ids.filter(isUuid);
      for (let i = 0; i < userIds.length; i += BATCH) void this.#ask(userIds.slice(i, i + BATCH));
      for (const address of ids) if (!isUuid(address)) void this.#askOne(address);
    }, 0);
  }

  async #askOne(address: string): Promise<void> {
    try {
      this.learn([await this.#api.profile(address)]);
    } catch (error) {
      const nobody = error instanceof CoolChatError && error.code === 'not_found';
      if (!nobody) this.#entry(address).askedAt = -Infinity;
    }
  }

  async #ask(ids: readonly string[]): Promise<void> {
    try {
      this.learn((await this.#api.profiles(ids)).items);
    } catch {
      // Asked again when somebody reads it the next time.
      for (const id of ids) this.#entry(id).askedAt = -Infinity;
    }
  }
}
