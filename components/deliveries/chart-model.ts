import { formatNumber, formatShortTime } from "@/components/ui/format";
import type { DeliveryBucket, DeliveryHistogram } from "@/lib/contracts/delivery-log";

/** What the bars are stacked of, from the ground up; each has a colour and a pattern of its own. */
export const SERIES = ["delivered", "cancelled", "pending", "failed"] as const;
export type Series = (typeof SERIES)[number];

const SERIES_WORDS: Readonly<Record<Series, string>> = {
  delivered: "Delivered",
  cancelled: "Cancelled",
  pending: "Pending",
  failed: "Failed",
};

const SECONDS_PER_DAY = 86_400;

export function seriesWord(series: Series): string {
  return SERIES_WORDS[series];
}

export type Layer = { series: Series; y: number; height: number };

/**
 * Where the parts of a bar lie, in px from the top. Anything that happened is at least 2 px high: one failure among a
 * thousand must be seen.
 * @param peak the highest bar's count
 */
export function layersOf(bucket: DeliveryBucket, peak: number, height: number): Layer[] {
  const wanted = SERIES.filter((series) => bucket[series] > 0).map((series) => ({
    series,
    height: Math.max(2, Math.round((bucket[series] / Math.max(1, peak)) * height)),
  }));
  const excess = wanted.reduce((sum, layer) => sum + layer.height, 0) - height;
  const largest = wanted.toSorted((a, b) => b.height - a.height)[0];
  if (excess > 0 && largest !== undefined) largest.height = Math.max(2, largest.height - excess);
  let ground = height;
  return wanted.map((layer) => {
    ground -= layer.height;
    return { ...layer, y: ground };
  });
}

/** The deliveries of each kind in all buckets. */
export function totalsOf(buckets: readonly DeliveryBucket[]): Record<Series, number> {
  const sum = (series: Series) => buckets.reduce((total, bucket) => total + bucket[series], 0);
  return { delivered: sum("delivered"), cancelled: sum("cancelled"), pending: sum("pending"), failed: sum("failed") };
}

/** Ends of the buckets from one to the other, which may come in any order, within what was counted. ISO 8601. */
export function rangeOf(histogram: DeliveryHistogram, one: number, other: number): { from: string; to: string } {
  const start = timeOf(histogram, Math.min(one, other));
  const end = timeOf(histogram, Math.max(one, other) + 1);
  return {
    from: new Date(Math.max(start, Date.parse(histogram.from))).toISOString(),
    to: new Date(end).toISOString(),
  };
}

/** The bucket at a place, given as a share of the width. */
export function bucketAt(share: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

/** Where a bucket begins, Unix ms; for the number of buckets: where the last one ends. */
function timeOf({ buckets, bucket_s }: DeliveryHistogram, index: number): number {
  return Date.parse(buckets[0]?.at ?? "") + index * bucket_s * 1000;
}

type Reading = { now: number; offsetAt: (ms: number) => number };

/** `21 Nov 14:00:00 – 14:05:00`: the time of the buckets from one to the other. */
export function spanWords(histogram: DeliveryHistogram, one: number, other: number, reading: Reading): string {
  const { from, to } = rangeOf(histogram, one, other);
  return `${momentWords(Date.parse(from), "always", reading)} – ${momentWords(Date.parse(to), "auto", {
    ...reading,
    now: Date.parse(from),
  })}`;
}

/** `12 delivered, 3 failed`, of the buckets from one to the other; what there is none of is left out. */
export function countWords(histogram: DeliveryHistogram, one: number, other: number): string {
  const totals = totalsOf(histogram.buckets.slice(Math.min(one, other), Math.max(one, other) + 1));
  const parts = SERIES.filter((series) => totals[series] > 0).map(
    (series) => `${formatNumber(totals[series])} ${seriesWord(series).toLowerCase()}`,
  );
  return parts.length === 0 ? "none" : parts.join(", ");
}

export type Tick = { index: number; label: string };

/** Seconds between two times on the axis: such as people count in. */
const TICK_STEPS = [
  ...[1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200],
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * SECONDS_PER_DAY),
];
/** Behind this part of the width a label would not fit. */
const LAST_LABEL = 0.94;

/** A few times along the axis, at round times of the chosen zone. */
export function ticksOf({ buckets, bucket_s }: DeliveryHistogram, most: number, { now, offsetAt }: Reading): Tick[] {
  const span = buckets.length * bucket_s;
  const step = Math.max(bucket_s, TICK_STEPS.find((seconds) => span / seconds <= most) ?? span);
  const overDays = span > SECONDS_PER_DAY;
  /** Which of the axis' stretches a moment lies in, as the clock of the zone shows it. */
  const stretchOf = (ms: number) => Math.floor((ms + offsetAt(ms) * 60_000) / (step * 1000));
  return buckets.flatMap(({ at }, index) => {
    const ms = Date.parse(at);
    if (index > buckets.length * LAST_LABEL || stretchOf(ms) === stretchOf(ms - bucket_s * 1000)) return [];
    const words = momentWords(ms, overDays ? "always" : "never", { now, offsetAt });
    if (step >= SECONDS_PER_DAY) return [{ index, label: words.replace(/ \d\d:\d\d:\d\d$/, "") }];
    return [{ index, label: step >= 60 ? words.replace(/:\d\d$/, "") : words }];
  });
}

function momentWords(ms: number, date: "auto" | "always" | "never", { now, offsetAt }: Reading): string {
  return formatShortTime(ms, { offsetMinutes: offsetAt(ms), date, now });
}
