import { describe, expect, it } from 'vitest';
import { SHAPES, tileOf } from './tile';

const vector = (address: string) => {
  const t = tileOf(address);
  return [t.deep, t.pale, t.shape, t.turn, Number(t.mirror), Number(t.swap)];
};

describe('tileOf', () => {
  it('matches the frozen test vectors', () => {
    expect(vector('0x' + '00'.repeat(20))).toEqual([6, 7, 9, 180, 0, 0]);
    expect(vector('0x' + '00'.repeat(18) + 'dEaD')).toEqual([0, 1, 11, 270, 1, 1]);
    expect(vector('0x' + 'ff'.repeat(20))).toEqual([2, 5, 1, 270, 1, 1]);
  });

  it('does not depend on checksum case', () => {
    expect(tileOf('0xABCDEF0000000000000000000000000000000001')).toEqual(tileOf('0xabcdef0000000000000000000000000000000001'));
  });

  it('has the twelve frozen shapes', () => {
    expect(SHAPES).toHaveLength(12);
  });
});
