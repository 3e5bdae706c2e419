const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const weekday = new Intl.DateTimeFormat('en', { weekday: 'short' });
const monthDay = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const fullDate = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const longDay = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });
const longDate = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

const startOfDay = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** Whole local days from `date` to `now`. */
export function daysAgo(date: Date, now: Date): number {
  return Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
}

export const timeOfDay = (iso: string) => clock.format(new Date(iso));

/** For a list: 10:42, Mon, 14 Sep, 14 Sep 2025. */
export function listTime(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const days = daysAgo(date, now);
  if (days <= 0) return clock.format(date);
  if (days < 7) return weekday.format(date);
  return (date.getFullYear() === now.getFullYear() ? monthDay : fullDate).format(date);
}

/** For the line between days. */
export function dayName(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const days = daysAgo(date, now);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return (date.getFullYear() === now.getFullYear() ? longDay : longDate).format(date);
}

/** For a sentence: just now, 5 minutes ago, an hour ago, today 08:51, yesterday, 12 days ago, 14 Sep 2025. */
export function ago(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const minutes = Math.floor((now.getTime() - date.getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`;
  if (minutes < 120) return 'an hour ago';
  const days = daysAgo(date, now);
  if (days === 0) return `today ${clock.format(date)}`;
  if (days === 1) return `yesterday ${clock.format(date)}`;
  return days < 30 ? `${days} days ago` : fullDate.format(date);
}

/** For an end in the future: today 18:00, Friday 18:00, 14 Sep 18:00. */
export function until(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const days = -daysAgo(date, now);
  const time = clock.format(date);
  if (days === 0) return `today ${time}`;
  if (days === 1) return `tomorrow ${time}`;
  if (days < 7) return `${new Intl.DateTimeFormat('en', { weekday: 'long' }).format(date)} ${time}`;
  return `${monthDay.format(date)} ${time}`;
}

export function fileSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? 'B'}`;
}

export const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
