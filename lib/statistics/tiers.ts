const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How finely the past is kept. Workers count by the minute; what grows older than `olderThanMs` is added up into rows
 * of `spanMs`, in the same table: a row stands for everything from its `minute` on. Hence 30 days of one webhook are
 * about 1,000 rows instead of 43,200, and nobody has to know how far the adding up has come: every count is in exactly
 * one row, and no reading asks for buckets finer than what rows of that age may have become.
 */
export const TIERS = [
  { olderThanMs: 3 * HOUR_MS, spanMs: 15 * MINUTE_MS },
  // Two days and the change: the last 24 hours and the 24 before are compared to the quarter of an hour.
  { olderThanMs: 50 * HOUR_MS, spanMs: HOUR_MS },
] as const;

/** The finest buckets, in ms, that counts of this age can be read by. */
export function finestSpanMs(ageMs: number): number {
  return TIERS.findLast(({ olderThanMs }) => ageMs > olderThanMs)?.spanMs ?? MINUTE_MS;
}
