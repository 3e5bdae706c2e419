import { describe, expect, it } from 'vitest';
import { fromLocal, localMinute, suggestions } from './schedule';

const NOON = new Date(2026, 4, 4, 12, 0, 30);

describe('fromLocal', () => {
  it('reads_WhatLocalMinuteWrites', () => {
    const later = new Date(2026, 4, 5, 9, 7);
    expect(localMinute(later)).toBe('2026-05-05T09:07');
    expect(fromLocal(localMinute(later), NOON)).toEqual({ iso: later.toISOString() });
  });

  it('refuses_PastNothingAndMoreThanAYear', () => {
    for (const wrong of ['', 'soon', localMinute(NOON), '2028-01-01T00:00']) {
      expect(fromLocal(wrong, NOON).iso).toBeUndefined();
      expect(fromLocal(wrong, NOON).problem).toBeTruthy();
    }
  });
});

describe('suggestions', () => {
  it('leaveOut_AnEveningThatHasBegun', () => {
    expect(suggestions(NOON)).toHaveLength(3);
    expect(suggestions(new Date(2026, 4, 4, 19))).toHaveLength(2);
    for (const one of suggestions(NOON)) expect(new Date(one.iso) > NOON).toBe(true);
  });
});
