import { fromHex, toHex, type Bytes } from './bytes';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let lastMs = 0;
let counter = 0;

/**
 * UUIDv7 (RFC 9562 section 5.7): milliseconds, then a 12-bit counter (method 1 of section 6.2) so that ids made here within one
 * millisecond sort in the order they were made; the outbox relies on that. The rest is random.
 */
export function uuidv7(now: number = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  if (now > lastMs) {
    lastMs = now;
    counter = (((random[0] ?? 0) << 8) | (random[1] ?? 0)) & 0x3ff; // the upper quarter stays free to count in
  } else if (++counter > 0xfff) {
    lastMs++; // borrowed from the next millisecond: still ascending when the clock stands or steps back
    counter = 0;
  }
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(lastMs / 2 ** 32));
  view.setUint32(2, lastMs >>> 0);
  view.setUint16(6, 0x7000 | counter);
  bytes.set(random.subarray(2), 8);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return formatUuid(bytes);
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The 16 bytes of a UUID in network order. */
export function uuidBytes(uuid: string): Bytes {
  if (!isUuid(uuid)) throw new Error('not a UUID');
  return fromHex(uuid.replaceAll('-', ''));
}

function formatUuid(bytes: Uint8Array): string {
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
