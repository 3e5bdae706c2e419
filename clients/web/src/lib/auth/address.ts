import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, fromHex, toHex, utf8 } from '../bytes';

/** EIP-55: the letters of an address in the case that its Keccak-256 tells. Throws on what is not 20 bytes of hex. */
export function checksumAddress(address: string): string {
  const bytes = fromHex(address);
  if (bytes.length !== 20) throw new Error('an address has 20 bytes');
  const digits = toHex(bytes);
  const hash = toHex(keccak_256(utf8(digits)));
  let text = '0x';
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charAt(i);
    text += Number.parseInt(hash.charAt(i), 16) >= 8 ? digit.toUpperCase() : digit;
  }
  return text;
}

/** Whether the text is an address: 0x and 40 digits, and if its letters differ in case, with a true EIP-55 checksum. */
export function isAddress(text: string): boolean {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return false;
  const digits = text.slice(2);
  return digits === digits.toLowerCase() || digits === digits.toUpperCase() || checksumAddress(text) === text;
}

/** The address of a private key, EIP-55. */
export function addressOf(privateKey: Uint8Array): string {
  const publicKey = secp256k1.getPublicKey(privateKey, false);
  return checksumAddress(toHex(keccak_256(publicKey.subarray(1)).subarray(12)));
}

/** EIP-191 version 0x45 (personal_sign): 65 bytes r, s, v as 0x-prefixed hex; s is low, v is 27 or 28. */
export function personalSign(message: string, privateKey: Uint8Array): string {
  const signature = secp256k1.sign(personalHash(message), privateKey, { prehash: false, lowS: true, format: 'recovered' });
  const [recovery] = signature;
  return `0x${toHex(concat(signature.subarray(1), Uint8Array.of(27 + (recovery ?? 0))))}`;
}

/** The hash that personal_sign signs. */
export function personalHash(message: string): Uint8Array {
  const bytes = utf8(message);
  return keccak_256(concat(utf8(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes));
}

/** Who signed a message by personal_sign, EIP-55. Throws on a malformed signature. */
export function recoverSigner(message: string, signature: string): string {
  const bytes = fromHex(signature);
  if (bytes.length !== 65) throw new Error('a signature has 65 bytes');
  const v = bytes[64] ?? 0;
  const recovered = concat(Uint8Array.of(v >= 27 ? v - 27 : v), bytes.subarray(0, 64));
  const compressed = secp256k1.recoverPublicKey(recovered, personalHash(message), { prehash: false });
  const publicKey = secp256k1.Point.fromBytes(compressed).toBytes(false);
  return checksumAddress(toHex(keccak_256(publicKey.subarray(1)).subarray(12)));
}
