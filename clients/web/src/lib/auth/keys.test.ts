// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes';
import { newKey, readKey } from './keys';

describe('readKey', () => {
  it.each([
    [
      'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
      '0x9858EfFD232B4033E47d90003D41EC34EcaEda94',
    ],
    ['test test test test test test test test test test test junk', '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'],
  ])('%s_GivesTheAddressThatWalletsShow', (words, address) => {
    expect(readKey(words).address).toBe(address);
    expect(readKey(`  ${words.toUpperCase().replaceAll(' ', '\n ')} `).address).toBe(address);
  });

  it('PrivateKeyInHex_GivesItsAddressAndNoWords', () => {
    const key = readKey('ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
    expect(key.address).toBe('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
    expect(key.words).toBeUndefined();
  });

  it.each([
    ['test test test test test test test test test test junk test', 'bad_words'],
    ['test test test test test test test test test test test', 'bad_words'],
    ['tset test test test test test test test test test test junk', 'bad_words'],
    ['0x1234', 'bad_key'],
    ['', 'bad_key'],
    ['0'.repeat(64), 'bad_key'],
    ['f'.repeat(64), 'bad_key'],
  ])('%j_IsRefusedAs %s', (text, code) => {
    expect(() => readKey(text)).toThrow(expect.objectContaining({ code }));
  });

  it('newKey_Words_ReadBackToTheSameKey', () => {
    const key = newKey();
    expect(key.words?.split(' ')).toHaveLength(12);
    expect(toHex(readKey(key.words ?? '').privateKey)).toBe(toHex(key.privateKey));
    expect(newKey().address).not.toBe(key.address);
  });
});
