// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Profile } from '../api/userTypes';
import { CoolChatError } from '../errors';
import { uuidv7 } from '../ids';
import { PresenceBook } from './presence';
import { Profiles } from './profiles';

const ADDRESS = '0x9858EfFD232B4033E47d90003D41EC34EcaEda94';

describe('Profiles', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setUp() {
    const api = {
      profiles: vi.fn((ids: readonly string[]) =>
        Promise.resolve({ items: ids.map((userId): Profile => ({ userId, address: ADDRESS, displayName: `n ${userId}` })) }),
      ),
      profile: vi.fn((): Promise<Profile> => Promise.reject(new CoolChatError({ code: 'not_found', detail: '' }))),
    };
    return { api, profiles: new Profiles(api) };
  }

  it('get_ManyWithinOneTurn_AsksOnceAndKeepsTheAnswer', async () => {
    const { api, profiles } = setUp();
    const ids = Array.from({ length: 120 }, () => uuidv7());
    const cells = ids.map(id => profiles.get(id));
    await vi.advanceTimersByTimeAsync(1);
    expect(api.profiles.mock.calls.map(([asked]) => asked.length)).toEqual([100, 20]);
    expect(cells.every((cell, i) => cell.get()?.displayName === `n ${ids[i]}`)).toBe(true);
    for (const id of ids) expect(profiles.get(id)).toBe(cells[ids.indexOf(id)]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(api.profiles).toHaveBeenCalledTimes(2);
  });

  it('get_UnknownAddress_IsAskedOnce', async () => {
    const { api, profiles } = setUp();
    profiles.get(ADDRESS);
    await vi.advanceTimersByTimeAsync(1);
    profiles.get(ADDRESS);
    await vi.advanceTimersByTimeAsync(1);
    expect(api.profile).toHaveBeenCalledTimes(1);
    expect(profiles.get(ADDRESS).get()).toBeUndefined();
  });

  it('get_ServerAway_IsAskedAgainLater', async () => {
    const { api, profiles } = setUp();
    api.profiles.mockRejectedValueOnce(new CoolChatError({ code: 'unreachable', detail: '' }));
    const id = uuidv7();
    profiles.get(id);
    await vi.advanceTimersByTimeAsync(1);
    expect(profiles.get(id).get()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(profiles.get(id).get()?.userId).toBe(id);
  });

  it('learn_SameProfile_KeepsItsIdentity', () => {
    const { profiles } = setUp();
    const profile: Profile = { userId: uuidv7(), address: ADDRESS, displayName: 'Ann' };
    profiles.learn([profile]);
    const before = profiles.get(profile.userId).get();
    profiles.learn([{ ...profile }]);
    expect(profiles.get(profile.userId).get()).toBe(before);
    expect(profiles.get(ADDRESS).get()).toBe(before);
  });
});

describe('PresenceBook', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('subscribe_SeveralPeople_TellsTheServerOnceWhomToWatch', async () => {
    const watch = vi.fn(() => Promise.resolve());
    const book = new PresenceBook(watch);
    book.setOnline(true);
    await vi.advanceTimersByTimeAsync(1000);
    watch.mockClear();
    const [a, b] = [uuidv7(), uuidv7()];
    const stops = [a, b, a].map(id => book.get(id).subscribe(() => undefined));
    await vi.advanceTimersByTimeAsync(1000);
    expect(watch.mock.calls).toEqual([[[a, b]]]);
    stops[0]?.();
    await vi.advanceTimersByTimeAsync(1000);
    expect(watch).toHaveBeenCalledTimes(1);
    stops[2]?.();
    await vi.advanceTimersByTimeAsync(1000);
    expect(watch.mock.calls.at(-1)).toEqual([[b]]);
  });

  it('setOnline_Lost_HidesWhatWouldBeStale', async () => {
    const book = new PresenceBook(() => Promise.resolve());
    const id = uuidv7();
    const presence = book.get(id);
    presence.subscribe(() => undefined);
    book.setOnline(true);
    book.receive([{ userId: id, status: 'online' }]);
    expect(presence.get()).toEqual({ status: 'online' });
    book.setOnline(false);
    expect(presence.get()).toEqual({ status: 'unknown' });
    await vi.advanceTimersByTimeAsync(1000);
  });
});
