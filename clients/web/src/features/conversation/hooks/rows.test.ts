import { describe, expect, it } from 'vitest';
import type { MessageItem, SystemItem } from '../../../lib';
import { buildRows, findNewLine } from './rows';

const now = new Date(2026, 8, 22, 12, 0);
let seq = 0;

function message(sender: string, at: Date, mine = false): MessageItem {
  seq++;
  return {
    kind: 'message',
    key: `m${seq}`,
    mine,
    message: { messageId: `m${seq}`, conversationId: 'c', seq, ordinal: seq, sender, at: at.toISOString(), content: { type: 'text', text: 'hello' } },
  };
}

const system = (at: Date): SystemItem => ({ kind: 'system', key: `s${++seq}`, seq, at: at.toISOString(), sender: 'a', change: { type: 'created' } });
const at = (hour: number, minute: number, day = 22) => new Date(2026, 8, day, hour, minute);
const plain = { atStart: false, loading: false, now };

describe('buildRows', () => {
  it('groups one person\'s messages within five minutes', () => {
    const rows = buildRows([message('a', at(9, 0)), message('a', at(9, 4)), message('a', at(9, 8)), message('a', at(9, 20)), message('b', at(9, 21))], plain);
    expect(rows.map(row => (row.kind === 'message' ? row.position : row.kind))).toEqual(['day', 'first', 'middle', 'last', 'only', 'only']);
  });

  it('breaks a group at a day, a line about new messages and a system line', () => {
    const items = [message('a', at(23, 59, 21)), message('a', at(0, 1)), message('a', at(0, 2)), system(at(0, 3)), message('a', at(0, 3))];
    const rows = buildRows(items, { ...plain, newLine: { before: items[2]?.key ?? '', count: 1 } });
    expect(rows.map(row => (row.kind === 'message' ? row.position : row.kind))).toEqual(['day', 'only', 'day', 'only', 'new', 'only', 'system', 'only']);
    expect(rows.filter(row => row.kind === 'day').map(row => row.label)).toEqual(['Yesterday', 'Today']);
  });

  it('gives every row its own key', () => {
    const rows = buildRows([message('a', at(9, 0)), system(at(9, 1)), message('a', at(9, 2))], { ...plain, atStart: true });
    expect(new Set(rows.map(row => row.key)).size).toBe(rows.length);
    expect(rows[0]?.kind).toBe('begin');
  });
});

describe('findNewLine', () => {
  it('skips own messages and counts the rest', () => {
    const items = [message('b', at(9, 0)), message('me', at(9, 1), true), message('b', at(9, 2)), message('c', at(9, 3))];
    const read = items[0]?.message.seq ?? 0;
    expect(findNewLine(items, read)).toEqual({ before: items[2]?.key, count: 2 });
  });

  it('is absent when all is read', () => {
    const items = [message('b', at(9, 0))];
    expect(findNewLine(items, items[0]?.message.seq ?? 0)).toBeUndefined();
  });
});
