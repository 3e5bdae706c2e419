import type { RejectedNotice } from '../api/hubTypes';
import type { ChatEvent, Command, CommandResult, Uuid } from '../api/types';
import type { StoredCommand } from '../db/db';
import { CoolChatError, toFailure } from '../errors';
import type { Failure } from '../model';
import type { OutboxStorage } from './outboxStorage';

/** Refusals that say nothing about the command: the same command is sent again later. */
const TRY_AGAIN = new Set(['busy', 'unavailable', 'rate_limited', 'unreachable', 'aborted', 'unauthenticated']);

/** An accepted command's outcome usually follows within seconds. */
const ASK_AFTER_MS = 10_000;
/** A database that does not answer must not keep a message from being sent. */
const WRITE_DOWN_MS = 1000;

export interface OutboxEntry {
  readonly command: Command;
  readonly createdAt: number;
  /** accepted: durable at the server, its place in the log follows. stored: in the log under `seq`, its event may still be on its way. */
  readonly state: 'waiting' | 'sending' | 'accepted' | 'stored' | 'scheduled' | 'failed';
  readonly failure?: Failure;
  readonly seq?: number;
  readonly at?: string;
}

export interface OutboxOptions {
  readonly storage: OutboxStorage;
  /** Rejects when the connection fails; a refusal is a result. */
  readonly submit: (command: Command) => Promise<CommandResult>;
  /** Called after each change, with the conversation that it is about. */
  readonly changed: (conversationId: Uuid) => void;
  /** Told when persisting fails (private mode, no space): sending goes on from memory. */
  readonly storageFailed?: (error: unknown) => void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commands that the server has not confirmed. They are written down before they are sent, sent one at a time in each conversation (so
 * that a refusal of the first can't put the second before it), and sent again under the same commandId after each reconnect: the server
 * answers a command that it has with its first outcome.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries = new Map<Uuid, OutboxEntry>();
  /** The same by conversation. */
  readonly #lanes = new Map<Uuid, Map<Uuid, OutboxEntry>>();
  readonly #waiters = new Map<Uuid, Waiter[]>();
  readonly #pumping = new Set<Uuid>();
  /** Lanes that wait before they try again. */
  readonly #held = new Map<Uuid, ReturnType<typeof setTimeout>>();
  #online = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Reads what earlier pages left. */
  async load(): Promise<void> {
    for (const stored of await this.#options.storage.load()) {
      if (this.#entries.has(stored.commandId)) continue;
      const { command, createdAt, failure } = stored;
      this.#set(stored.commandId, { command, createdAt, state: failure ? 'failed' : 'waiting', ...(failure && { failure }) });
    }
    this.#pumpAll();
  }

  /** All entries in the order in which they were made. */
  get entries(): readonly OutboxEntry[] {
    return [...this.#entries.values()];
  }

  of(conversationId: Uuid): readonly OutboxEntry[] {
    return [...(this.#lanes.get(conversationId)?.values() ?? [])];
  }

  get(commandId: Uuid): OutboxEntry | undefined {
    return this.#entries.get(commandId);
  }

  /** How many wait or are under way. */
  get waiting(): number {
    return this.entries.filter(entry => entry.state === 'waiting' || entry.state === 'sending').length;
  }

  add(command: Command): void {
    const createdAt = Date.now();
    this.#set(command.commandId, { command, createdAt, state: 'waiting' });
    const written = this.#persist({ commandId: command.commandId, userId: '', tab: '', command, createdAt });
    const waited = new Promise<void>(resolve => setTimeout(resolve, WRITE_DOWN_MS));
    void Promise.race([written, waited]).then(() => this.#pump(command.conversationId));
  }

  /** Adds the command and resolves when the server has it; rejects with its refusal, and then the entry is gone. */
  async run(command: Command): Promise<void> {
    const outcome = new Promise<void>((resolve, reject) => {
      this.#waiters.set(command.commandId, [...(this.#waiters.get(command.commandId) ?? []), { resolve, reject }]);
    });
    this.add(command);
    await outcome;
  }

  /** Takes an entry out, unless it may already be at the server. */
  discard(commandId: Uuid): boolean {
    const entry = this.#entries.get(commandId);
    if (!entry || (entry.state !== 'waiting' && entry.state !== 'failed')) return false;
    this.#remove(commandId, new CoolChatError({ code: 'aborted', detail: 'Taken back.' }));
    return true;
  }

  /** Whether the connection can take commands. Going online sends everything again that has no outcome. */
  setOnline(online: boolean): void {
    this.#online = online;
    for (const timer of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
    if (!online) return;
    for (const [id, entry] of this.#entries) if (entry.state === 'accepted') this.#set(id, { ...entry, state: 'waiting' });
    this.#pumpAll();
  }

  /** The event of a command arrived: it is in the log, whatever became of the answer. */
  confirm(event: ChatEvent): void {
    const entry = this.#entries.get(event.commandId);
    if (entry?.command.conversationId !== event.conversationId) return;
    this.#remove(event.commandId);
  }

  /** A command that was accepted was refused after all. */
  rejected(notice: RejectedNotice): void {
    this.#fail(notice.commandId, { code: notice.code, detail: notice.detail });
  }

  #pumpAll(): void {
    for (const conversationId of this.#lanes.keys()) void this.#pump(conversationId);
  }

  async #pump(conversationId: Uuid): Promise<void> {
    if (this.#pumping.has(conversationId) || this.#held.has(conversationId)) return;
    this.#pumping.add(conversationId);
    try {
      while (this.#online) {
        const next = firstWaiting(this.#lanes.get(conversationId));
        if (!next || !(await this.#send(next))) break;
      }
    } finally {
      this.#pumping.delete(conversationId);
    }
  }

  /** False: the lane has to wait. */
  async #send(entry: OutboxEntry): Promise<boolean> {
    const { commandId, conversationId } = entry.command;
    this.#set(commandId, { ...entry, state: 'sending' });
    let result: CommandResult;
    try {
      result = await this.#options.submit(entry.command);
    } catch (error) {
      const failure = toFailure(error);
      result = { ok: false, error: error instanceof CoolChatError ? failure : { ...failure, code: 'unreachable' } };
    }
    // Its event, or a notice, may have come before the answer.
    if (this.#entries.get(commandId)?.state !== 'sending') return true;
    if (result.ok && result.status !== 'rejected') {
      this.#taken(entry, result);
      return true;
    }
    const failure = result.error ?? { code: 'internal', detail: 'The server gave no reason.' };
    if (!TRY_AGAIN.has(failure.code)) {
      this.#fail(commandId, failure);
      return true;
    }
    this.#set(commandId, { ...entry, state: 'waiting', failure });
    this.#hold(conversationId, (failure.retryAfter ?? 1 + Math.random()) * 1000);
    return false;
  }

  #hold(conversationId: Uuid, afterMs: number): void {
    if (!this.#online || this.#held.has(conversationId)) return;
    const timer = setTimeout(() => {
      this.#held.delete(conversationId);
      void this.#pump(conversationId);
    }, afterMs);
    this.#held.set(conversationId, timer);
  }

  /** Asks for the outcome of an accepted command by sending it again, in case its event passed this client by. */
  #askLater(commandId: Uuid): void {
    setTimeout(() => {
      const entry = this.#entries.get(commandId);
      if (entry?.state !== 'accepted') return;
      this.#set(commandId, { ...entry, state: 'waiting' });
      void this.#pump(entry.command.conversationId);
    }, ASK_AFTER_MS);
  }

  #taken(entry: OutboxEntry, result: CommandResult): void {
    const { command, createdAt } = entry;
    const place = { ...(result.seq !== undefined && { seq: result.seq }), ...(result.at !== undefined && { at: result.at }) };
    if (result.status === 'accepted') {
      this.#set(command.commandId, { command, createdAt, state: 'accepted' });
      this.#askLater(command.commandId);
      return;
    }
    if (result.status === 'scheduled' || command.type !== 'message.send') {
      this.#remove(command.commandId);
      return;
    }
    this.#set(command.commandId, { command, createdAt, state: 'stored', ...place });
    this.#settle(command.commandId);
    void this.#forget(command.commandId);
  }

  #fail(commandId: Uuid, failure: Failure): void {
    const entry = this.#entries.get(commandId);
    if (!entry) return;
    if (entry.command.type !== 'message.send') {
      this.#remove(commandId, new CoolChatError(failure));
      return;
    }
    const { command, createdAt } = entry;
    this.#set(commandId, { command, createdAt, state: 'failed', failure });
    this.#settle(commandId, new CoolChatError(failure));
    void this.#persist({ commandId, userId: '', tab: '', command, createdAt, failure });
  }

  #set(commandId: Uuid, entry: OutboxEntry): void {
    const { conversationId } = entry.command;
    const lane = this.#lanes.get(conversationId) ?? new Map<Uuid, OutboxEntry>();
    this.#lanes.set(conversationId, lane.set(commandId, entry));
    this.#entries.set(commandId, entry);
    this.#options.changed(conversationId);
  }

  #remove(commandId: Uuid, error?: CoolChatError): void {
    const entry = this.#entries.get(commandId);
    if (!entry) return;
    this.#entries.delete(commandId);
    this.#lanes.get(entry.command.conversationId)?.delete(commandId);
    this.#settle(commandId, error);
    void this.#forget(commandId);
    this.#options.changed(entry.command.conversationId);
  }

  #settle(commandId: Uuid, error?: CoolChatError): void {
    const waiters = this.#waiters.get(commandId) ?? [];
    this.#waiters.delete(commandId);
    for (const waiter of waiters) {
      if (error) waiter.reject(error);
      else waiter.resolve();
    }
  }

  async #persist(entry: StoredCommand): Promise<void> {
    await this.#options.storage.put(entry).catch((error: unknown) => this.#options.storageFailed?.(error));
  }

  async #forget(commandId: Uuid): Promise<void> {
    await this.#options.storage.delete(commandId).catch((error: unknown) => this.#options.storageFailed?.(error));
  }
}

function firstWaiting(lane: ReadonlyMap<Uuid, OutboxEntry> | undefined): OutboxEntry | undefined {
  for (const entry of lane?.values() ?? []) if (entry.state === 'waiting') return entry;
  return undefined;
}
