import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Command } from '../api/types';
import type { Failure } from '../model';

export interface StoredCommand {
  readonly commandId: string;
  /** Whose command it is: another person may sign in on this device. */
  readonly userId: string;
  readonly command: Command;
  readonly createdAt: number;
  /** The tab that sends it while it lives. */
  readonly tab: string;
  /** Present once it failed for good. */
  readonly failure?: Failure;
}

export interface StoredKey {
  readonly id: 'device';
  readonly address: string;
  readonly createdAt: string;
  readonly hasWords: boolean;
  /** AES-GCM key that cannot be exported; absent when a passphrase protects the key. */
  readonly wrappingKey?: CryptoKey;
  /** scrypt parameters, when a passphrase protects the key. */
  readonly passphrase?: { readonly salt: Uint8Array<ArrayBuffer>; readonly n: number; readonly r: number; readonly p: number };
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly ciphertext: ArrayBuffer;
}

interface Schema extends DBSchema {
  outbox: { key: string; value: StoredCommand; indexes: { userId: string } };
  keys: { key: string; value: StoredKey };
}

export type Database = IDBPDatabase<Schema>;

/**
 * The database of this origin. Stores: `outbox` (commands not confirmed yet, by commandId; written by store/outbox), `keys` (the one
 * device key, encrypted; written by auth/vault).
 */
export function openDatabase(name = 'coolchat'): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'commandId' }).createIndex('userId', 'userId');
      db.createObjectStore('keys', { keyPath: 'id' });
    },
    // A newer version of the page in another tab must not be kept waiting by this one.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}
