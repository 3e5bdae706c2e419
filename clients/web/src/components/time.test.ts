import { describe, expect, it } from 'vitest';
import { ago, count, dayName, fileSize, listTime, until } from './time';

const now = new Date(2026, 8, 22, 10, 42);
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).toISOString();

describe('times in words', () => {
  it('shows the hour today, the weekday this week, the date before', () => {
    expect(listTime(at(2026, 8, 22, 8, 12), now)).toBe('08:12');
    expect(listTime(at(2026, 8, 20), now)).toBe('Sun');
    expect(listTime(at(2026, 8, 14), now)).toMatch(/14/);
    expect(listTime(at(2025, 8, 14), now)).toMatch(/2025/);
  });

  it('names days', () => {
    expect(dayName(at(2026, 8, 22, 0, 1), now)).toBe('Today');
    expect(dayName(at(2026, 8, 21, 23, 59), now)).toBe('Yesterday');
    expect(dayName(at(2026, 8, 15), now)).toMatch(/^Tuesday/);
  });

  it('says how long ago and until when', () => {
    expect(ago(at(2026, 8, 22, 10, 42), now)).toBe('just now');
    expect(ago(at(2026, 8, 22, 10, 37), now)).toBe('5 minutes ago');
    expect(ago(at(2026, 8, 10), now)).toBe('12 days ago');
    expect(until(at(2026, 8, 25, 18, 0), now)).toBe('Friday 18:00');
    expect(until(at(2026, 8, 23, 18, 0), now)).toBe('tomorrow 18:00');
  });

  it('counts and measures', () => {
    expect(count(1, 'member')).toBe('1 member');
    expect(count(0, 'reply', 'replies')).toBe('0 replies');
    expect(fileSize(512)).toBe('512 B');
    expect(fileSize(2_400_000)).toBe('2.4 MB');
    expect(fileSize(2_000_000_000)).toBe('2.0 GB');
  });
});
