/**
 * Buckets for milliseconds, each a quarter wider than the one before, so that a percentile read from them is within
 * 25 % of the truth whatever its size; the last bucket takes everything longer. One value per bucket is stored in
 * webhook_stat.latency and .queue_wait.
 */
export const BUCKET_BOUNDS_MS: readonly number[] = Array.from({ length: 59 }, (_, index) => 1.25 ** index);

export const BUCKET_COUNT = BUCKET_BOUNDS_MS.length + 1;

/** The bucket of a time: the first whose bound is not below it. */
export function bucketOf(ms: number): number {
  if (ms <= 1) return 0;
  return Math.min(Math.ceil(Math.log(ms) / Math.log(1.25) - 1e-9), BUCKET_COUNT - 1);
}

export function emptyHistogram(): number[] {
  return Array.from({ length: BUCKET_COUNT }, () => 0);
}

/** Counts a time. */
export function addTo(histogram: number[], ms: number): void {
  const bucket = bucketOf(ms);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

/**
 * The time below which the given part of the values lies, in ms; null when there are none.
 * @param share between 0 and 1
 */
export function percentileOf(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = share * total;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && left <= count) {
      const low = bucket === 0 ? 0 : (BUCKET_BOUNDS_MS[bucket - 1] ?? 0);
      const high = BUCKET_BOUNDS_MS[bucket] ?? low * 1.25;
      return low + (high - low) * (left / count);
    }
    left -= count;
  }
  return BUCKET_BOUNDS_MS.at(-1) ?? null;
}
