import { sha256 } from '@noble/hashes/sha2.js';
import type { ChatEvent } from '../api/types';
import { concat, fromBase64Url, sameBytes, toBase64Url, utf8 } from '../bytes';
import { uuidBytes } from '../ids';
import { canonicalJson } from './jcs';

/** The prevHash of the event with seq 1: 32 zero bytes, base64url. */
export const GENESIS = toBase64Url(new Uint8Array(32));

/**
 * The header in deterministic CBOR (RFC 8949 section 4.2): a map with integer keys in ascending order: 1 conversationId, 2 epoch, 3 seq,
 * 4 type, 5 at (milliseconds), 6 sender, 7 deviceId (left out when there is none), 8 commandId, 9 prevHash, 10 bodyHash.
 * UUIDs are byte strings of 16 bytes.
 */
export function encodeHeader(event: ChatEvent): Uint8Array {
  const pairs: Uint8Array[] = [
    pair(1, byteString(uuidBytes(event.conversationId))),
    pair(2, byteString(uuidBytes(event.epoch))),
    pair(3, head(0x00, event.seq)),
    pair(4, textString(event.type)),
    pair(5, head(0x00, milliseconds(event.at))),
    pair(6, byteString(uuidBytes(event.sender))),
  ];
  if (event.deviceId !== undefined) pairs.push(pair(7, byteString(uuidBytes(event.deviceId))));
  pairs.push(pair(8, byteString(uuidBytes(event.commandId))));
  pairs.push(pair(9, byteString(fromBase64Url(event.prevHash))));
  pairs.push(pair(10, byteString(fromBase64Url(event.bodyHash))));
  return concat(head(0xa0, pairs.length), ...pairs);
}

/** What the event after this one must carry as prevHash, base64url. */
export function hashHeader(event: ChatEvent): string {
  return toBase64Url(sha256(encodeHeader(event)));
}

/** Whether the body is the one that the header names. True for an event without its body. */
export function bodyMatches(event: ChatEvent): boolean {
  if (event.body === undefined || event.salt === undefined) return true;
  return sameBytes(sha256(concat(fromBase64Url(event.salt), utf8(canonicalJson(event.body)))), fromBase64Url(event.bodyHash));
}

/**
 * Whether `event` may follow `previous` (absent when it is not known: then only the body, and the first event's prevHash, can be
 * checked). Malformed fields are a broken proof, not an exception.
 */
export function provesItself(event: ChatEvent, previous: ChatEvent | undefined): boolean {
  try {
    if (!bodyMatches(event)) return false;
    if (event.seq === 1) return event.prevHash === GENESIS;
    return previous === undefined || event.prevHash === hashHeader(previous);
  } catch {
    return false;
  }
}

function milliseconds(at: string): number {
  const ms = Date.parse(at);
  if (!Number.isSafeInteger(ms) || ms < 0) throw new TypeError('not a time');
  return ms;
}

function pair(key: number, value: Uint8Array): Uint8Array {
  return concat(head(0x00, key), value);
}

function byteString(bytes: Uint8Array): Uint8Array {
  return concat(head(0x40, bytes.length), bytes);
}

function textString(text: string): Uint8Array {
  const bytes = utf8(text);
  return concat(head(0x60, bytes.length), bytes);
}

/** A CBOR head: the major type and its argument in the shortest form. */
function head(major: number, value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError('not an unsigned integer');
  if (value < 24) return Uint8Array.of(major | value);
  if (value <= 0xff) return Uint8Array.of(major | 24, value);
  const bytes = new Uint8Array(value <= 0xffff ? 3 : value <= 0xffffffff ? 5 : 9);
  const view = new DataView(bytes.buffer);
  if (bytes.length === 3) {
    view.setUint8(0, major | 25);
    view.setUint16(1, value);
  } else if (bytes.length === 5) {
    view.setUint8(0, major | 26);
    view.setUint32(1, value);
  } else {
    view.setUint8(0, major | 27);
    view.setUint32(1, Math.floor(value / 2 ** 32));
    view.setUint32(5, value >>> 0);
  }
  return bytes;
}
