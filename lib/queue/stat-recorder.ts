import type { Pool } from "pg";
import type { Settlement } from "@/lib/queue/settle";
import { addTo, emptyHistogram } from "@/lib/webhooks/histogram";

type Counts = {
  webhookId: string;
  minute: number;
  delivered: number;
  failed: number;
  attemptsOk: number;
  attemptsFailed: number;
  latency: number[];
  queueWait: number[];
};

const MINUTE_MS = 60_000;

/**
 * In the order of their keys, so that two workers that add to the same rows never wait for each other in a circle.
 * Counts of a webhook whose project is gone are dropped, and of those that requests brought along: there may be one per
 * request, and a row for each and every minute would outnumber what it counts.
 */
const ADD = `
INSERT INTO webhook_stat (webhook_id, minute, project_id, delivered, failed, attempts_ok, attempts_failed, latency, queue_wait)
SELECT w.id, to_timestamp(s.minute / 1000), w.project_id, s.delivered, s.failed, s.attempts_ok, s.attempts_failed,
       s.latency::int[], s.queue_wait::int[]
  FROM unnest($1::text[], $2::float8[], $3::int[], $4::int[], $5::int[], $6::int[], $7::text[], $8::text[])
       AS s (webhook_id, minute, delivered, failed, attempts_ok, attempts_failed, latency, queue_wait)
  JOIN webhook w ON w.id = s.webhook_id AND w.workflow_id IS NULL
 ORDER BY w.id, s.minute
ON CONFLICT (webhook_id, minute) DO UPDATE SET
  delivered = webhook_stat.delivered + excluded.delivered,
  failed = webhook_stat.failed + excluded.failed,
  attempts_ok = webhook_stat.attempts_ok + excluded.attempts_ok,
  attempts_failed = webhook_stat.attempts_failed + excluded.attempts_failed,
  latency = ${sum("latency")},
  queue_wait = ${sum("queue_wait")}`;

function sum(column: string): string {
  return `(SELECT array_agg(coalesce(a, 0) + coalesce(b, 0) ORDER BY i)
             FROM unnest(webhook_stat.${column}, excluded.${column}) WITH ORDINALITY AS pair (a, b, i))`;
}

/**
 * Counts settled attempts per webhook and minute in memory and adds them to webhook_stat. Not in the statement that
 * settles: the rows of busy webhooks would be locked by every batch of every worker. A killed worker loses what it
 * counted since the last flush; the log loses nothing.
 */
export class StatRecorder {
  readonly #pool: Pool;
  #counts = new Map<string, Counts>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Counts what was settled; releases by our own fault are no attempts. */
  record({ webhookId, outcome, attempt }: Settlement, now: Date = new Date()): void {
    if (outcome.kind === "released") return;
    const counts = this.#of(webhookId, Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
    if (outcome.kind === "delivered") counts.attemptsOk += 1;
    else counts.attemptsFailed += 1;
    if (outcome.kind === "delivered") counts.delivered += 1;
    if (outcome.kind === "failed") counts.failed += 1;
    addTo(counts.latency, attempt.latencyMs);
    addTo(counts.queueWait, attempt.timings.queue_ms ?? 0);
  }

  /** Writes what was counted; on failure it is kept for the next time. */
  async flush(): Promise<void> {
    if (this.#counts.size === 0) return;
    const batch = [...this.#counts.values()];
    this.#counts = new Map();
    const column = <T>(pick: (counts: Counts) => T) => batch.map(pick);
    try {
      await this.#pool.query({
        name: "add-stats",
        text: ADD,
        values: [
          column((c) => c.webhookId),
          column((c) => c.minute),
          column((c) => c.delivered),
          column((c) => c.failed),
          column((c) => c.attemptsOk),
          column((c) => c.attemptsFailed),
          column((c) => `{${c.latency.join(",")}}`),
          column((c) => `{${c.queueWait.join(",")}}`),
        ],
      });
    } catch (error) {
      for (const counts of batch) this.#merge(counts);
      throw error;
    }
  }

  #of(webhookId: string, minute: number): Counts {
    const key = `${webhookId} ${minute}`;
    const found = this.#counts.get(key);
    if (found) return found;
    const created = {
      webhookId,
      minute,
      delivered: 0,
      failed: 0,
      attemptsOk: 0,
      attemptsFailed: 0,
      latency: emptyHistogram(),
      queueWait: emptyHistogram(),
    };
    this.#counts.set(key, created);
    return created;
  }

  #merge(counts: Counts): void {
    const into = this.#of(counts.webhookId, counts.minute);
    for (const name of ["delivered", "failed", "attemptsOk", "attemptsFailed"] as const) into[name] += counts[name];
    for (const name of ["latency", "queueWait"] as const) {
      for (const [bucket, count] of counts[name].entries()) into[name][bucket] = (into[name][bucket] ?? 0) + count;
    }
  }
}
