import { secp256k1 } from '@noble/curves/secp256k1.js';
import { HDKey } from '@scure/bip32';
import { generateMnemonic, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { fromHex } from '../bytes';
import { CoolChatError, LocalCodes } from '../errors';
import { addressOf } from './address';
import type { RecoveryKey } from './types';

/** BIP-44 path of the first Ethereum account: what every wallet shows first for the same words. */
const PATH = "m/44'/60'/0'/0/0";

/** A new key with its twelve recovery words (BIP-39, 128 bits). */
export function newKey(): RecoveryKey {
  return keyFromWords(generateMnemonic(wordlist, 128));
}

/** Reads 12 to 24 recovery words, or a private key of 64 hex digits. */
export function readKey(text: string): RecoveryKey {
  const trimmed = text.trim();
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(trimmed)) return keyFromHex(trimmed);
  const words = trimmed.normalize('NFKD').toLowerCase().split(/\s+/).join(' ');
  if (!words.includes(' ')) {
    throw new CoolChatError({ code: LocalCodes.badKey, detail: 'A private key has 64 hexadecimal digits.' });
  }
  if (!validateMnemonic(words, wordlist)) {
    throw new CoolChatError({ code: LocalCodes.badWords, detail: badWords(words) });
  }
  return keyFromWords(words);
}

function keyFromWords(words: string): RecoveryKey {
  const privateKey = HDKey.fromMasterSeed(mnemonicToSeedSync(words)).derive(PATH).privateKey;
  if (!privateKey) throw new CoolChatError({ code: LocalCodes.badWords, detail: 'These words make no key.' });
  return { address: addressOf(privateKey), privateKey, words };
}

function keyFromHex(text: string): RecoveryKey {
  const privateKey = fromHex(text);
  if (!secp256k1.utils.isValidSecretKey(privateKey)) {
    throw new CoolChatError({ code: LocalCodes.badKey, detail: 'This number is no private key.' });
  }
  return { address: addressOf(privateKey), privateKey };
}

function badWords(words: string): string {
  const list = words.split(' ');
  const unknown = list.find(word => !wordlist.includes(word));
  if (unknown !== undefined) return `"${unknown}" is not one of the recovery words.`;
  if (![12, 15, 18, 21, 24].includes(list.length)) return `There are ${list.length} words; recovery words are 12 or 24.`;
  return 'The words do not belong together: one is wrong, or two are swapped.';
}
