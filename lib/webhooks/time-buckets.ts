const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lengths in ms that people read at a glance. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * DAY),
];

/** `first`: where the first bucket begins, Unix ms, a multiple of `step`; `step`: length in ms. */
export type Buckets = { first: number; step: number; count: number };

/**
 * The finest division of a stretch of time into at most `most` buckets that begin at multiples of their length.
 * @param from Unix ms
 * @param to Unix ms, excluded
 */
export function bucketsOf(from: number, to: number, most: number): Buckets {
  const end = Math.max(to, from + 1);
  for (let index = 0; ; index += 1) {
    const step = STEPS[index] ?? (STEPS.at(-1) ?? DAY) * 2 ** (index - STEPS.length + 1);
    const first = Math.floor(from / step) * step;
    const count = Math.ceil((end - first) / step);
    if (count <= most) return { first, step, count };
  }
}
