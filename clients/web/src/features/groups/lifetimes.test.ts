import { describe, expect, it } from 'vitest';
import { lifetimeName, LIFETIMES } from './lifetimes';

describe('lifetimeName', () => {
  it('names_EveryChoice_Differently', () => {
    expect(LIFETIMES.map(lifetimeName)).toEqual(['Never', 'After 1 hour', 'After 1 day', 'After 7 days', 'After 30 days']);
  });

  it('names_WhatOtherClientsSet', () => {
    expect([5, 90, 120, 5400, 7200].map(lifetimeName)).toEqual(['After 5 seconds', 'After 90 seconds', 'After 2 minutes', 'After 90 minutes', 'After 2 hours']);
  });
});
