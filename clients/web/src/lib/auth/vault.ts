import { scryptAsync } from '@noble/hashes/scrypt.js';
import { fromHex, toHex, utf8, type Bytes } from '../bytes';
import type { Database, StoredKey } from '../db/db';
import { CoolChatError, LocalCodes } from '../errors';
import { Cell } from '../readable';
import type { DeviceKeyInfo, RecoveryKey } from './types';

/** 64 MiB of memory and about half a second: what a phone bears and a thief pays for each guess. */
const SCRYPT = { n: 2 ** 16, r: 8, p: 1 } as const;

interface Secret {
  readonly privateKey: string;
  readonly words?: string;
}

/**
 * The key made on this device, in IndexedDB, encrypted with AES-GCM: under a WebCrypto key that cannot be exported (which keeps it out of
 * copies of the disk's files, not out of scripts on this page), or under the person's passphrase through scrypt. The address is bound to
 * the ciphertext as associated data.
 */
export class Vault {
  readonly info = new Cell<DeviceKeyInfo | undefined>(undefined);
  readonly #db: Promise<Database>;

  constructor(db: Promise<Database>) {
    this.#db = db;
  }

  async load(): Promise<void> {
    const stored = await this.#stored();
    this.info.set(stored && infoOf(stored));
  }

  async keep(key: RecoveryKey, passphrase?: string): Promise<void> {
    if (!globalThis.crypto?.subtle) {
      const detail = 'A key can only be kept when this page comes over https, or from this computer.';
      throw new CoolChatError({ code: LocalCodes.insecureContext, detail });
    }
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const protection = passphrase === undefined ? undefined : { salt, ...SCRYPT };
    const aes = protection ? await passphraseKey(passphrase ?? '', protection) : await deviceKey();
    const secret: Secret = { privateKey: toHex(key.privateKey), ...(key.words !== undefined && { words: key.words }) };
    const stored: StoredKey = {
      id: 'device',
      address: key.address,
      createdAt: new Date().toISOString(),
      hasWords: key.words !== undefined,
      ...(protection ? { passphrase: protection } : { wrappingKey: aes }),
      iv,
      ciphertext: await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: utf8(key.address) },
        aes,
        utf8(JSON.stringify(secret)),
      ),
    };
    await (await this.#db).put('keys', stored);
    this.info.set(infoOf(stored));
    // Ask the browser not to evict it under storage pressure; it may say no.
    await globalThis.navigator?.storage?.persist?.().catch(() => false);
  }

  async unlock(passphrase?: string): Promise<RecoveryKey> {
    const stored = await this.#stored();
    if (!stored) throw new CoolChatError({ code: LocalCodes.noKey, detail: 'There is no key on this device.' });
    const { address, iv, ciphertext } = stored;
    const aes = stored.passphrase ? await passphraseKey(passphrase ?? '', stored.passphrase) : stored.wrappingKey;
    if (!aes) throw new CoolChatError({ code: LocalCodes.noKey, detail: 'The key on this device cannot be read.' });
    let plain: ArrayBuffer;
    try {
      plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(address) }, aes, ciphertext);
    } catch (error) {
      throw new CoolChatError({ code: LocalCodes.wrongPassphrase, detail: 'This passphrase does not open the key.' }, { cause: error });
    }
    const secret = JSON.parse(new TextDecoder().decode(plain)) as Secret;
    return { address, privateKey: fromHex(secret.privateKey), ...(secret.words !== undefined && { words: secret.words }) };
  }

  async forget(): Promise<void> {
    await (await this.#db).delete('keys', 'device');
    this.info.set(undefined);
  }

  async #stored(): Promise<StoredKey | undefined> {
    return (await this.#db).get('keys', 'device');
  }
}

function infoOf(stored: StoredKey): DeviceKeyInfo {
  const { address, createdAt, hasWords } = stored;
  return { address, createdAt, hasWords, protected: stored.passphrase !== undefined };
}

function deviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function passphraseKey(passphrase: string, { salt, n, r, p }: NonNullable<StoredKey['passphrase']>): Promise<CryptoKey> {
  const raw = (await scryptAsync(utf8(passphrase.normalize('NFKC')), salt, { N: n, r, p, dkLen: 32 })) as Bytes;
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
