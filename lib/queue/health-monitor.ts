import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { announceWebhooksChanged } from "@/lib/live/channel";
import type { Settlement } from "@/lib/queue/settle";
import { emit } from "@/lib/webhooks/emit";
import { disable } from "@/lib/webhooks/enabling";
import { reportExhausted } from "@/lib/webhooks/exhausted";
import {
  advance,
  type Condition,
  type Health,
  type Observation,
  probeIntervalMs,
  type Transition,
} from "@/lib/webhooks/health-policy";
import { remove } from "@/lib/webhooks/removing";

/** Webhooks of one transaction. */
const BATCH = 100;

/** When deliveries that could not be reported yet are looked at again. */
const REPORT_AGAIN_MS = 10_000;

type Seen = Observation & {
  lastFailure: string | null;
  pausedUntil: Date | null;
  /** A person's test or retry succeeded, which shows that there is nothing to wait for. */
  endsPause: boolean;
};

/**
 * Turns what attempts showed into the conditions of webhooks: stages, pauses, disabling, operational events. Healthy
 * webhooks that succeed cost nothing: they are not even looked at. What was seen is kept in memory until the next
 * flush, which is why a killed worker can lose a second of it; the following attempts show it again.
 */
export class HealthMonitor {
  #seen = new Map<string, Seen>();
  /** What a flush is writing at this moment. */
  #beingWritten: ReadonlyMap<string, Seen> = new Map();
  /** Webhooks with deliveries that were given up, and when to report them. */
  readonly #exhausted = new Map<string, number>();

  /** @param pauseMs the receiver asked for it (Retry-After) */
  record({ webhookId, outcome, attempt, isFailing, pauseMs }: Settlement, now: Date = new Date()): void {
    // A test says whether the webhook works, but a failed one may be meant to fail.
    if (outcome.kind === "released" || (attempt.trigger === "test" && outcome.kind !== "delivered")) return;
    const before = this.#seen.get(webhookId) ?? NOTHING;
    if (outcome.kind === "delivered") {
      if (!isFailing && !this.#seen.has(webhookId) && !this.#beingWritten.has(webhookId)) return;
      // Any other success was under way when the receiver asked for the pause; the receiver still means it.
      const byHand = attempt.trigger === "test" || attempt.trigger === "manual";
      this.#seen.set(webhookId, {
        ...NOTHING,
        succeeded: true,
        pausedUntil: byHand ? null : before.pausedUntil,
        endsPause: byHand || before.endsPause,
      });
      return;
    }
    const pausedUntil = pauseMs > 0 ? new Date(now.getTime() + pauseMs) : null;
    this.#seen.set(webhookId, {
      ...before,
      failures: before.failures + 1,
      firstFailureAt: before.firstFailureAt ?? attempt.startedAt,
      gone: before.gone || attempt.httpStatus === 410,
      lastFailure: attempt.errorMessage,
      pausedUntil: later(before.pausedUntil, pausedUntil),
    });
    if (outcome.kind === "failed" && !this.#exhausted.has(webhookId)) this.#exhausted.set(webhookId, 0);
  }

  /** Writes what was seen; on failure it is kept for the next time. */
  async flush(now: Date = new Date()): Promise<void> {
    const seen = [...this.#seen].sort(([a], [b]) => (a < b ? -1 : 1));
    for (let start = 0; start < seen.length; start += BATCH) {
      await this.#write(
        seen.slice(start, start + BATCH).map(([webhookId]) => webhookId),
        now,
      );
    }
    for (const [webhookId, notBefore] of [...this.#exhausted]) {
      if (notBefore > now.getTime()) continue;
      if (await transaction((tx) => reportExhausted(tx, webhookId, now))) this.#exhausted.delete(webhookId);
      else this.#exhausted.set(webhookId, now.getTime() + REPORT_AGAIN_MS);
    }
  }

  /** What is seen while this is written starts from nothing, or it would count what is written a second time. */
  async #write(webhookIds: readonly string[], now: Date): Promise<void> {
    const batch = new Map<string, Seen>();
    for (const webhookId of webhookIds) {
      const entry = this.#seen.get(webhookId);
      if (entry && this.#seen.delete(webhookId)) batch.set(webhookId, entry);
    }
    this.#beingWritten = batch;
    try {
      await transaction((tx) => applyAll(tx, batch, now));
    } catch (error) {
      for (const [webhookId, entry] of batch) this.#seen.set(webhookId, together(entry, this.#seen.get(webhookId)));
      throw error;
    } finally {
      this.#beingWritten = new Map();
    }
  }
}

/** What was seen first and what was seen after it, as if it had been seen in one go. */
function together(first: Seen, then: Seen | undefined): Seen {
  if (!then) return first;
  const endsPause = first.endsPause || then.endsPause;
  if (then.succeeded) {
    return {
      ...then,
      endsPause,
      pausedUntil: then.endsPause ? then.pausedUntil : later(first.pausedUntil, then.pausedUntil),
    };
  }
  return {
    succeeded: first.succeeded,
    failures: first.failures + then.failures,
    firstFailureAt: first.firstFailureAt ?? then.firstFailureAt,
    gone: first.gone || then.gone,
    lastFailure: then.lastFailure ?? first.lastFailure,
    pausedUntil: later(first.pausedUntil, then.pausedUntil),
    endsPause,
  };
}

const NOTHING: Seen = {
  succeeded: false,
  failures: 0,
  firstFailureAt: null,
  gone: false,
  lastFailure: null,
  pausedUntil: null,
  endsPause: false,
};

type Row = {
  id: string;
  project_id: string;
  workflow_id: string | null;
  url: string;
  enabled: boolean;
  health: Health;
  health_since: Date;
  failing_since: Date | null;
  consecutive_failures: number;
  paused_until: Date | null;
};

/** Rows are locked in the order of their ids, as emit locks those of ordered webhooks. */
async function applyAll(tx: Tx, batch: ReadonlyMap<string, Seen>, now: Date): Promise<void> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT id, project_id, workflow_id, url, enabled, health, health_since, failing_since, consecutive_failures, paused_until FROM webhook
     WHERE id = ANY(${[...batch.keys()]}) AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE`;
  const changes = rows.flatMap((row) => {
    const seen = batch.get(row.id);
    return seen ? [changeOf(row, seen, now)] : [];
  });
  await store(tx, changes);
  for (const change of changes) await tell(tx, change);
}

type Change = { row: Row; seen: Seen; pausedUntil: Date | null } & ReturnType<typeof advance>;

function changeOf(row: Row, seen: Seen, now: Date): Change {
  const { condition, transition } = advance(conditionOf(row), seen, now);
  const probeAt =
    condition.health === "probing" && seen.failures > 0
      ? new Date(now.getTime() + probeIntervalMs(condition.healthSince, now))
      : null;
  // Another worker may have been told to wait; a pause that is over is forgotten.
  const standing = !seen.endsPause && row.paused_until !== null && row.paused_until > now ? row.paused_until : null;
  return { row, seen, condition, transition, pausedUntil: later(later(standing, seen.pausedUntil), probeAt) };
}

/**
 * One statement for all. Not through the model, which would set updated_at: that says when people last edited the
 * webhook.
 */
async function store(tx: Tx, changes: readonly Change[]): Promise<void> {
  const rows = changes.map(({ row, seen, condition, pausedUntil }) => ({
    id: row.id,
    health: condition.health,
    health_since: condition.healthSince,
    failing_since: condition.failingSince,
    consecutive_failures: condition.consecutiveFailures,
    last_failure: seen.failures > 0 ? seen.lastFailure : null,
    paused_until: pausedUntil,
  }));
  await tx.$executeRaw`
    UPDATE webhook w SET health = c.health, health_since = c.health_since, failing_since = c.failing_since,
           consecutive_failures = c.consecutive_failures, last_failure = c.last_failure, paused_until = c.paused_until
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS c (
             id text, health text, health_since timestamptz, failing_since timestamptz, consecutive_failures int,
             last_failure text, paused_until timestamptz)
     WHERE w.id = c.id`;
}

/** Announces a change to the consoles, and a step from one stage to another to the project's webhooks. */
async function tell(tx: Tx, { row, seen, condition, transition }: Change): Promise<void> {
  if (row.workflow_id !== null) {
    // It belongs to one request: nobody manages it, so nobody is told. One that is gone for good gets nothing more, and
    // since nobody could enable it again, nothing is left waiting.
    if (transition === "gone" || transition === "failing") await remove(tx, row.id, { by: "system" });
    return;
  }
  afterCommit(tx, () => announceWebhooksChanged(row.project_id));
  if (transition === null || !row.enabled) return;
  if (transition === "gone" || transition === "failing") {
    const why = seen.lastFailure ?? "It failed.";
    await disable(tx, row.id, { reason: transition, by: "system", why });
  }
  const lastFailure = condition.consecutiveFailures > 0 ? seen.lastFailure : null;
  await emit(tx, row.project_id, {
    type: EVENT_OF[transition],
    data: dataOf(row, condition, lastFailure, transition),
    source: "engine",
  });
}

const EVENT_OF: Readonly<Record<Transition, string>> = {
  warning: "endpoint.warning",
  probing: "endpoint.warning",
  recovered: "endpoint.recovered",
  gone: "endpoint.disabled",
  failing: "endpoint.disabled",
};

function dataOf(row: Row, condition: Condition, lastFailure: string | null, transition: Transition) {
  return {
    webhook_id: row.id,
    url: row.url,
    failing_since: condition.failingSince?.toISOString() ?? null,
    consecutive_failures: condition.consecutiveFailures,
    last_failure: lastFailure,
    ...((transition === "warning" || transition === "probing") && { stage: transition }),
    ...((transition === "gone" || transition === "failing") && { reason: transition }),
  };
}

function conditionOf(row: Row): Condition {
  return {
    health: row.health,
    healthSince: row.health_since,
    failingSince: row.failing_since,
    consecutiveFailures: row.consecutive_failures,
  };
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
