const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

const two = (n: number) => String(n).padStart(2, '0');

/** A time as an input of type datetime-local has it: this device's time zone, to the minute. */
export function localMinute(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The moment that such an input means, or what is wrong with it; the server takes a year ahead at most. */
export function fromLocal(value: string, now: Date): { readonly iso?: string; readonly problem?: string } {
  const date = new Date(value);
  if (value === '' || Number.isNaN(date.getTime())) return { problem: 'Choose a day and a time.' };
  if (date.getTime() <= now.getTime()) return { problem: 'This time has passed.' };
  if (date.getTime() > now.getTime() + YEAR_MS) return { problem: 'At most a year ahead.' };
  return { iso: date.toISOString() };
}

/** In an hour, tonight if it is not evening yet, tomorrow morning. */
export function suggestions(now: Date): readonly { readonly label: string; readonly iso: string }[] {
  const at = (days: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const evening = at(0, 18);
  return [
    { label: 'In an hour', iso: new Date(now.getTime() + HOUR_MS).toISOString() },
    ...(evening > now ? [{ label: 'This evening, 18:00', iso: evening.toISOString() }] : []),
    { label: 'Tomorrow, 09:00', iso: at(1, 9).toISOString() },
  ];
}
