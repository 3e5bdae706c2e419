import { describe, expect, it } from 'vitest';
import { isUuid, uuidv7 } from './ids';

describe('uuidv7', () => {
  it('Made_HasVersionVariantAndTime', () => {
    const now = Date.now() + 60_000;
    const id = uuidv7(now);
    expect(isUuid(id)).toBe(true);
    expect(id.charAt(14)).toBe('7');
    expect('89ab').toContain(id.charAt(19));
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('ManyWithinOneMillisecondAndAClockThatStepsBack_StillAscend', () => {
    const now = Date.now() + 120_000;
    const ids = Array.from({ length: 20_000 }, (_, i) => uuidv7(now - (i % 7)));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
