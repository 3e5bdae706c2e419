import { expect, it } from 'vitest';
import { claimToken } from './useClaim';

it('reads the token from the fragment, else from the query', () => {
  expect(claimToken({ hash: '#abc-_1', search: '' })).toBe('abc-_1');
  expect(claimToken({ hash: '', search: '?token=xyz' })).toBe('xyz');
  expect(claimToken({ hash: '', search: '' })).toBeUndefined();
});
