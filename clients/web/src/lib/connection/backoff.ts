const FIRST_MS = 500;
const MOST_MS = 10_000;

/** Exponential back-off with full jitter above a floor: many clients that lost one server must not come back together. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling / 4 + random() * ((ceiling * 3) / 4));
}

/** When the server names a time: never earlier, and spread over a fifth more. */
export function askedMs(afterMs: number, random: () => number = Math.random): number {
  const asked = Math.min(Math.max(0, afterMs), 10 * 60_000);
  return Math.round(asked * (1 + random() / 5));
}
