import { formatNumber, formatPercent } from "@/components/ui/format";
import type { Statistics, Traffic } from "@/lib/contracts/statistics";
import { bucketWords, shortDuration } from "./axis";

/** A bucket as the charts draw it; null is a gap. Times in ms. */
export type Point = {
  start: number;
  ok: number;
  bad: number;
  success: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  wait50: number | null;
  wait95: number | null;
};

export function toPoints({ buckets }: Statistics): Point[] {
  return buckets.map((bucket) => ({
    start: Date.parse(bucket.start),
    ok: bucket.attempts_ok,
    bad: bucket.attempts_failed,
    success: bucket.success_rate,
    p50: bucket.latency_ms?.p50 ?? null,
    p95: bucket.latency_ms?.p95 ?? null,
    p99: bucket.latency_ms?.p99 ?? null,
    wait50: bucket.queue_wait_ms?.p50 ?? null,
    wait95: bucket.queue_wait_ms?.p95 ?? null,
  }));
}

export function attemptsOf({ attempts_ok, attempts_failed }: Traffic): number {
  return attempts_ok + attempts_failed;
}

/** What a point is called; the one that is not over says so. */
export function pointWords(point: Point, bucketMs: number, now: number, offsetAt: (ms: number) => number): string {
  const words = bucketWords(point.start, bucketMs, offsetAt);
  return point.start + bucketMs > now ? `${words} (so far)` : words;
}

/** What each chart says of a stretch of time, in one line. */
export const READOUTS = {
  success: ({ success_rate, attempts_ok, attempts_failed }: Traffic) =>
    success_rate === null
      ? "no attempts"
      : `${formatPercent(success_rate)}, ${formatNumber(attempts_ok)} of ${formatNumber(attempts_ok + attempts_failed)} attempts`,
  volume: ({ attempts_ok, attempts_failed }: Traffic) =>
    `${formatNumber(attempts_ok)} succeeded, ${formatNumber(attempts_failed)} failed`,
  latency: ({ latency_ms }: Traffic) =>
    latency_ms === null
      ? "no attempts"
      : `p50 ${shortDuration(latency_ms.p50)}, p95 ${shortDuration(latency_ms.p95)}, p99 ${shortDuration(latency_ms.p99)}`,
  wait: ({ queue_wait_ms }: Traffic) =>
    queue_wait_ms === null
      ? "no attempts"
      : `p50 ${shortDuration(queue_wait_ms.p50)}, p95 ${shortDuration(queue_wait_ms.p95)}`,
} as const satisfies Record<string, (traffic: Traffic) => string>;

/** A change against the stretch before: `+12%`, `−0.4 points`, `the same`; null when there is nothing to compare. */
export function changeWords(
  now: number | null,
  before: number | null | undefined,
  unit: "share" | "ratio",
): string | null {
  if (now === null || before === null || before === undefined) return null;
  if (unit === "share") return signed((now - before) * 100, " points");
  return before === 0 ? null : signed((now / before - 1) * 100, "%");
}

function signed(value: number, unit: string): string {
  const rounded = Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  if (rounded === 0) return "the same";
  return `${rounded > 0 ? "+" : "−"}${formatNumber(Math.abs(rounded))}${unit}`;
}
