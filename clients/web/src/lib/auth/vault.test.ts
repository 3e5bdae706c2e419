// @vitest-environment node
import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../db/db';
import { toHex } from '../bytes';
import { newKey } from './keys';
import { Vault } from './vault';

let names = 0;
const database = () => openDatabase(`vault-${names++}`);

describe('Vault', () => {
  it('unlock_WithoutPassphrase_GivesTheKeyBack', async () => {
    const db = database();
    const key = newKey();
    await new Vault(db).keep(key);
    const vault = new Vault(db);
    await vault.load();
    expect(vault.info.get()).toMatchObject({ address: key.address, hasWords: true, protected: false });
    expect(await vault.unlock()).toEqual(key);
  });

  it('keep_Stored_HoldsNothingInTheClear', async () => {
    const db = database();
    const key = newKey();
    await new Vault(db).keep(key);
    const stored = await (await db).get('keys', 'device');
    expect(stored?.wrappingKey?.extractable).toBe(false);
    const text = new TextDecoder('latin1').decode(stored?.ciphertext);
    expect(text).not.toContain(toHex(key.privateKey));
    expect(text).not.toContain(key.words?.split(' ').slice(0, 3).join(' '));
  });

  it('unlock_WithPassphrase_NeedsExactlyThatPassphrase', async () => {
    const db = database();
    const key = newKey();
    const vault = new Vault(db);
    await vault.keep(key, 'tide and time');
    expect(vault.info.get()?.protected).toBe(true);
    await expect(vault.unlock('tide')).rejects.toMatchObject({ code: 'wrong_passphrase' });
    expect(await vault.unlock('tide and time')).toEqual(key);
  });

  it('unlock_AddressOfAnotherKeyWrittenOver_Refuses', async () => {
    const db = database();
    await new Vault(db).keep(newKey());
    const stored = await (await db).get('keys', 'device');
    if (!stored) throw new Error('stored');
    await (await db).put('keys', { ...stored, address: newKey().address });
    await expect(new Vault(db).unlock()).rejects.toMatchObject({ code: 'wrong_passphrase' });
  });

  it('keep_PageWithoutCryptography_SaysWhy', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    await expect(new Vault(database()).keep(newKey())).rejects.toMatchObject({ code: 'insecure_context' });
    vi.unstubAllGlobals();
  });

  it('forget_Key_IsGone', async () => {
    const vault = new Vault(database());
    await vault.keep(newKey());
    await vault.forget();
    expect(vault.info.get()).toBeUndefined();
    await expect(vault.unlock()).rejects.toMatchObject({ code: 'no_key' });
  });
});
