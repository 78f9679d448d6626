import { STATISTICS_LIMITS, type StatisticsQuery } from "@/lib/contracts/statistics";
import { invalidField } from "@/lib/errors";
import { finestSpanMs } from "@/lib/statistics/tiers";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Lengths of buckets that people can read off an axis, in ms. */
const LADDER = [
  ...[1, 2, 5, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 8, 12].map((hours) => hours * HOUR_MS),
  DAY_MS,
];

/** Half-open, in Unix ms; both ends lie on whole buckets. */
export type BucketRange = { from: number; to: number; bucketMs: number };

/**
 * The buckets that a question is answered in: the finest of the ladder that are at most STATISTICS_LIMITS.buckets and
 * that counts of that age still have. Buckets begin at whole multiples of their length since 1970, UTC.
 * @throws AppError "validation_failed" for a range that is empty or too long
 */
export function bucketRange(query: StatisticsQuery, now: number): BucketRange {
  const end = query.to === undefined ? now : Date.parse(query.to);
  const begin = query.from === undefined ? end - STATISTICS_LIMITS.defaultHours * HOUR_MS : Date.parse(query.from);
  if (begin >= end) throw invalidField("from", "`from` must lie before `to`; `to` is now when it is absent.");
  if (end - begin > STATISTICS_LIMITS.rangeDays * DAY_MS) {
    throw invalidField("from", `Ask for ${STATISTICS_LIMITS.rangeDays} days at most.`);
  }
  const finest = finestSpanMs(now - begin);
  for (const bucketMs of LADDER) {
    const from = Math.floor(begin / bucketMs) * bucketMs;
    const to = Math.ceil(end / bucketMs) * bucketMs;
    if (bucketMs >= finest && (to - from) / bucketMs <= STATISTICS_LIMITS.buckets) return { from, to, bucketMs };
  }
  throw new Error("The longest range has more days than buckets are allowed.");
}

/**
 * The stretch of the same length before; only as long as the range has lasted so far when it is not over yet. Rounded
 * down to what is kept of that time.
 */
export function previousRange({ from, to }: BucketRange, now: number): { from: number; to: number } {
  const begin = from - (to - from);
  const span = finestSpanMs(now - begin);
  const whole = (ms: number) => Math.floor(ms / span) * span;
  return { from: whole(begin), to: whole(begin + Math.max(0, Math.min(to, now) - from)) };
}
