import { expect, it } from 'vitest';
import { pickThree } from './check';

it('picks three different places in order', () => {
  for (let round = 0; round < 200; round++) {
    const [a = -1, b = -1, c = -1] = pickThree(12);
    expect(a).toBeGreaterThanOrEqual(0);
    expect(b).toBeGreaterThan(a);
    expect(c).toBeGreaterThan(b);
    expect(c).toBeLessThan(12);
  }
});
