import { count } from '../../components/time';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Seconds that one can choose; 0 = for ever. */
export const LIFETIMES: readonly number[] = [0, HOUR, DAY, 7 * DAY, 30 * DAY];

export function lifetimeName(seconds: number): string {
  if (seconds === 0) return 'Never';
  if (seconds % DAY === 0) return `After ${count(seconds / DAY, 'day')}`;
  if (seconds % HOUR === 0) return `After ${count(seconds / HOUR, 'hour')}`;
  return seconds % 60 === 0 ? `After ${count(seconds / 60, 'minute')}` : `After ${count(seconds, 'second')}`;
}
