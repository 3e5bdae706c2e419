import { describe, expect, it } from 'vitest';
import { parseInline, parseMessage } from './markup';

describe('parseInline', () => {
  it('leaves plain text alone', () => {
    expect(parseInline('snake_case_name and 2 * 3 * 4 <b>no html</b>')).toEqual([{ kind: 'text', text: 'snake_case_name and 2 * 3 * 4 <b>no html</b>' }]);
  });

  it('finds code, bold, italics and strike', () => {
    expect(parseInline('`a*b` **strong _both_** ~~gone~~').map(part => part.kind)).toEqual(['code', 'text', 'bold', 'text', 'strike']);
  });

  it('links only http and keeps the sentence\'s punctuation outside', () => {
    expect(parseInline('see https://tides.example/autumn, or (https://a.example/x_(y)).')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', href: 'https://tides.example/autumn', text: 'tides.example/autumn' },
      { kind: 'text', text: ', or (' },
      { kind: 'link', href: 'https://a.example/x_(y)', text: 'a.example/x_(y)' },
      { kind: 'text', text: ').' },
    ]);
    expect(parseInline('javascript:alert(1)')).toEqual([{ kind: 'text', text: 'javascript:alert(1)' }]);
  });

  it('marks only people who are mentioned', () => {
    expect(parseInline('@Mira and @Jonas', [{ name: 'Mira', self: true }])).toEqual([
      { kind: 'mention', text: '@Mira', self: true },
      { kind: 'text', text: ' and @Jonas' },
    ]);
  });
});

describe('parseMessage', () => {
  it('takes fenced code out as a block, with nothing in it interpreted', () => {
    expect(parseMessage('Then:\n```ts\nconst a = **1**;\n```\ndone')).toEqual([
      { kind: 'text', inner: [{ kind: 'text', text: 'Then:' }] },
      { kind: 'code', language: 'ts', text: 'const a = **1**;' },
      { kind: 'text', inner: [{ kind: 'text', text: 'done' }] },
    ]);
  });
});
