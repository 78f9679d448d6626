import type { Traffic } from "@/lib/contracts/statistics";
import { BUCKET_COUNT, percentileOf } from "@/lib/webhooks/histogram";

/** Sums over rows of webhook_stat, with the arrays added up place by place. */
export type Sums = {
  delivered: number;
  failed: number;
  attempts_ok: number;
  attempts_failed: number;
  latency: readonly number[];
  queue_wait: readonly number[];
};

export const NO_SUMS: Sums = {
  delivered: 0,
  failed: 0,
  attempts_ok: 0,
  attempts_failed: 0,
  latency: [],
  queue_wait: [],
};

/**
 * SQL that adds up the rows of a group: the columns of Sums. One sum per place of the arrays is three times as fast as
 * unnesting them. Constant text, safe to put into a statement.
 */
export const SUM_COLUMNS = `coalesce(sum(delivered), 0)::float8 AS delivered, coalesce(sum(failed), 0)::float8 AS failed,
  coalesce(sum(attempts_ok), 0)::float8 AS attempts_ok, coalesce(sum(attempts_failed), 0)::float8 AS attempts_failed,
  ${sumOfArrays("latency", "float8")} AS latency, ${sumOfArrays("queue_wait", "float8")} AS queue_wait`;

/** SQL for an array column added up place by place. */
export function sumOfArrays(column: "latency" | "queue_wait", type: "float8" | "int"): string {
  const sums = Array.from({ length: BUCKET_COUNT }, (_, index) => `coalesce(sum(${column}[${index + 1}]), 0)`);
  return `ARRAY[${sums.join(", ")}]::${type}[]`;
}

export function addSums(a: Sums, b: Sums): Sums {
  return {
    delivered: a.delivered + b.delivered,
    failed: a.failed + b.failed,
    attempts_ok: a.attempts_ok + b.attempts_ok,
    attempts_failed: a.attempts_failed + b.attempts_failed,
    latency: addArrays(a.latency, b.latency),
    queue_wait: addArrays(a.queue_wait, b.queue_wait),
  };
}

/** Sums in the words of the API. */
export function toTraffic({ latency, queue_wait, ...counts }: Sums): Traffic {
  const attempts = counts.attempts_ok + counts.attempts_failed;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => rounded(percentileOf(latency, share)));
  const [wait50, wait95] = [0.5, 0.95].map((share) => rounded(percentileOf(queue_wait, share)));
  return {
    delivered: counts.delivered,
    failed: counts.failed,
    attempts_ok: counts.attempts_ok,
    attempts_failed: counts.attempts_failed,
    success_rate: attempts === 0 ? null : counts.attempts_ok / attempts,
    latency_ms: p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 },
    queue_wait_ms: wait50 == null || wait95 == null ? null : { p50: wait50, p95: wait95 },
  };
}

function addArrays(a: readonly number[], b: readonly number[]): readonly number[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  return long.map((count, index) => count + (short[index] ?? 0));
}

/** Tenths of a millisecond: more would pretend to an exactness that the buckets do not have. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
