import type { Uuid } from '../api/types';

export interface MarksOptions {
  /** Tells the server; rejects when the connection fails. */
  readonly tell: (conversationId: Uuid, seq: number) => Promise<unknown>;
  readonly delayMs: number;
  readonly told?: (conversationId: Uuid, seq: number) => void;
}

/** Marks that only advance (read, delivered): coalesced for each conversation, and told again after a reconnect if they were not taken. */
export class Marks {
  readonly #options: MarksOptions;
  readonly #wanted = new Map<Uuid, number>();
  readonly #told = new Map<Uuid, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #online = false;

  constructor(options: MarksOptions) {
    this.#options = options;
  }

  /** `again`: tell it even if this mark was told before. */
  move(conversationId: Uuid, seq: number, again = false): void {
    if (again) this.#told.delete(conversationId);
    if (seq <= (this.#told.get(conversationId) ?? 0) || seq <= (this.#wanted.get(conversationId) ?? 0)) return;
    this.#wanted.set(conversationId, seq);
    this.#schedule();
  }

  /** After a restore the seqs of a conversation begin anew. */
  forget(conversationId: Uuid): void {
    this.#wanted.delete(conversationId);
    this.#told.delete(conversationId);
  }

  setOnline(online: boolean): void {
    this.#online = online;
    if (online) this.#schedule();
    else this.stop();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    if (!this.#online || this.#wanted.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const [id, seq] of this.#wanted) void this.#tell(id, seq);
    }, this.#options.delayMs);
  }

  async #tell(id: Uuid, seq: number): Promise<void> {
    try {
      await this.#options.tell(id, seq);
    } catch {
      return; // still wanted: told after the next reconnect, or with the next move
    }
    this.#told.set(id, Math.max(seq, this.#told.get(id) ?? 0));
    if (this.#wanted.get(id) === seq) this.#wanted.delete(id);
    this.#options.told?.(id, seq);
  }
}
