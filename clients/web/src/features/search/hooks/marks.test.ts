import { describe, expect, it } from 'vitest';
import { splitMarks } from './marks';

describe('splitMarks', () => {
  it('cuts a text at its marks', () => {
    expect(splitMarks('the new bracket', [8, 7])).toEqual([
      { text: 'the new ', marked: false },
      { text: 'bracket', marked: true },
    ]);
    expect(splitMarks('a b', [0, 1, 2, 1]).filter(part => part.marked)).toHaveLength(2);
  });

  it('survives marks that do not fit', () => {
    expect(splitMarks('ab', [1, 50, 0, 1])).toEqual([
      { text: 'a', marked: false },
      { text: 'b', marked: true },
    ]);
    expect(splitMarks('ab', [])).toEqual([{ text: 'ab', marked: false }]);
  });
});
