import { pool } from "@/lib/db/pool";
import { BUCKET_COUNT } from "@/lib/webhooks/histogram";

/** What has been counted since this process began to count. */
export type Totals = {
  delivered: number;
  failed: number;
  attemptsOk: number;
  attemptsFailed: number;
  events: number;
  /** Attempts by latency, in the buckets of lib/webhooks/histogram.ts. */
  latency: number[];
};

const MINUTE_MS = 60_000;

/** By then every worker has added what it counted, and every transaction that emitted has ended. */
const SETTLED_MS = 2 * MINUTE_MS;

/** How much is read at once after a long time without a scrape. */
const LONGEST_READ_MS = 24 * 60 * MINUTE_MS;

/**
 * Totals that only ever rise, of the whole installation, as counters must. Statistics are removed with age, so their sum
 * over all time would fall; instead each reading adds the minutes since the one before. Minutes that may still change
 * are counted on top and not kept. A process starts from zero, which Prometheus knows how to take.
 */
export class Counters {
  #settled: Totals = zero();
  /** The minutes before are in #settled. */
  #from: number;
  #reading: Promise<Totals> | undefined;

  constructor(now: Date) {
    this.#from = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  }

  /** Whoever asks while somebody reads gets the same answer. */
  read(now: Date): Promise<Totals> {
    this.#reading ??= this.#read(now.getTime()).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(now: number): Promise<Totals> {
    const oldest = now - LONGEST_READ_MS;
    if (this.#from < oldest) this.#from = Math.floor(oldest / MINUTE_MS) * MINUTE_MS;
    const boundary = Math.max(this.#from, Math.floor((now - SETTLED_MS) / MINUTE_MS) * MINUTE_MS);
    if (boundary > this.#from) {
      this.#settled = sum(this.#settled, await countBetween(this.#from, boundary));
      this.#from = boundary;
    }
    return sum(this.#settled, await countBetween(this.#from, now + MINUTE_MS));
  }
}

/** Times in ms since 1970; the first is included. */
async function countBetween(from: number, to: number): Promise<Totals> {
  const range = [new Date(from), new Date(to)];
  const [stats, latency, events] = await Promise.all([
    pool().query<Record<"delivered" | "failed" | "ok" | "bad", number>>(
      `SELECT coalesce(sum(delivered), 0)::float8 AS delivered, coalesce(sum(failed), 0)::float8 AS failed,
              coalesce(sum(attempts_ok), 0)::float8 AS ok, coalesce(sum(attempts_failed), 0)::float8 AS bad
         FROM webhook_stat WHERE minute >= $1 AND minute < $2`,
      range,
    ),
    pool().query<{ bucket: number; count: number }>(
      `SELECT bucket::int AS bucket, sum(count)::float8 AS count
         FROM webhook_stat CROSS JOIN LATERAL unnest(latency) WITH ORDINALITY AS counts (count, bucket)
        WHERE minute >= $1 AND minute < $2 GROUP BY bucket`,
      range,
    ),
    pool().query<{ count: number }>(
      "SELECT count(*)::float8 AS count FROM event WHERE created_at >= $1 AND created_at < $2",
      range,
    ),
  ]);
  const [row] = stats.rows;
  const counts = new Map(latency.rows.map(({ bucket, count }) => [bucket - 1, count]));
  return {
    delivered: row?.delivered ?? 0,
    failed: row?.failed ?? 0,
    attemptsOk: row?.ok ?? 0,
    attemptsFailed: row?.bad ?? 0,
    events: events.rows[0]?.count ?? 0,
    latency: Array.from({ length: BUCKET_COUNT }, (_, bucket) => counts.get(bucket) ?? 0),
  };
}

function zero(): Totals {
  const latency = Array.from({ length: BUCKET_COUNT }, () => 0);
  return { delivered: 0, failed: 0, attemptsOk: 0, attemptsFailed: 0, events: 0, latency };
}

function sum(a: Totals, b: Totals): Totals {
  return {
    delivered: a.delivered + b.delivered,
    failed: a.failed + b.failed,
    attemptsOk: a.attemptsOk + b.attemptsOk,
    attemptsFailed: a.attemptsFailed + b.attemptsFailed,
    events: a.events + b.events,
    latency: a.latency.map((count, bucket) => count + (b.latency[bucket] ?? 0)),
  };
}
