// @vitest-environment node
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../api/types';
import { toHex } from '../bytes';
import { without } from '../store/message';
import { bodyMatches, encodeHeader, hashHeader, provesItself } from './hashChain';
import { canonicalJson } from './jcs';

interface Entry {
  readonly event: ChatEvent;
  readonly canonicalBody: string;
  readonly headerCbor: string;
  readonly headerHash: string;
}

// The same file holds the server's implementation.
const path = new URL('../../../../../tests/vectors/hash-chain.json', import.meta.url);
const { entries } = JSON.parse(readFileSync(path, 'utf8')) as { readonly entries: readonly Entry[] };

describe('hash chain', () => {
  it.each(entries.map(entry => [entry.event.seq, entry] as const))('vector %i_HasTheKnownBytes', (seq, { event, ...expected }) => {
    expect(canonicalJson(event.body)).toBe(expected.canonicalBody);
    expect(toHex(encodeHeader(event))).toBe(expected.headerCbor);
    expect(hashHeader(event)).toBe(expected.headerHash);
    expect(bodyMatches(event)).toBe(true);
    expect(provesItself(event, entries[seq - 2]?.event)).toBe(true);
  });

  it('provesItself_WithoutItsBody_StillStandsInTheChain', () => {
    const [first, second] = entries;
    if (!first || !second) throw new Error('vectors');
    const header = without(without(second.event, 'body'), 'salt');
    expect(provesItself(header, first.event)).toBe(true);
  });

  it.each<[string, (event: ChatEvent) => ChatEvent]>([
    ['sender', event => ({ ...event, sender: event.commandId })],
    ['at', event => ({ ...event, at: '2026-01-02T03:04:05.000Z' })],
    ['type', event => ({ ...event, type: 'message.gone' })],
    ['deviceId', event => ({ ...event, deviceId: event.sender })],
    ['body', event => ({ ...event, body: { content: { type: 'text', text: 'forged' } } })],
    ['salt', event => ({ ...event, salt: 'AAAAAAAAAAAAAAAAAAAAAA' })],
    ['prevHash', event => ({ ...event, prevHash: '?' })],
  ])('changed %s_BreaksTheProofHereOrAtTheNext', (_, change) => {
    const [, second, third] = entries;
    if (!second || !third) throw new Error('vectors');
    const forged = change(second.event);
    expect(provesItself(forged, entries[0]?.event) && provesItself(third.event, forged)).toBe(false);
  });
});
