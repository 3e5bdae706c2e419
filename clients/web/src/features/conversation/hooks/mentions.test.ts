import { describe, expect, it } from 'vitest';
import { mentionQuery, mentionsIn, suggest } from './mentions';

const people = [
  { userId: '1', name: 'Mira Oduya' },
  { userId: '2', name: 'Jonas Pell' },
];

describe('mentions', () => {
  it('finds the word being typed, not an address in the middle of one', () => {
    expect(mentionQuery('hello @mi', 9)).toEqual({ from: 6, query: 'mi' });
    expect(mentionQuery('@', 1)).toEqual({ from: 0, query: '' });
    expect(mentionQuery('me@example', 10)).toBeUndefined();
    expect(mentionQuery('hello @mi there', 15)).toBeUndefined();
  });

  it('suggests by any word of a name', () => {
    expect(suggest(people, 'odu').map(one => one.userId)).toEqual(['1']);
    expect(suggest(people, 'zz')).toEqual([]);
  });

  it('names who still stands in the text, and everyone', () => {
    expect(mentionsIn('@Mira Oduya look', people, false)).toEqual({ users: ['1'] });
    expect(mentionsIn('@everyone look', people, true)).toEqual({ everyone: true });
    expect(mentionsIn('@everyone look', people, false)).toBeUndefined();
    expect(mentionsIn('mail me@everyone.example', people, true)).toBeUndefined();
  });
});
