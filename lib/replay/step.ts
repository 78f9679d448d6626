import { filterSchema, retrySchema } from "@/lib/contracts/webhooks";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import type { ReplayTarget as TargetRow, Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { announceDeliveries } from "@/lib/live/channel";
import { wakeWorkers } from "@/lib/queue/wake";
import { nextFailed, nextMissed, toMatched } from "@/lib/replay/candidates";
import { LEASE_S, type Lease } from "@/lib/replay/lease";
import { blocked } from "@/lib/replay/plan";
import { allowance, roomAhead, type Span, STEP_LIMIT, shareOut } from "@/lib/replay/policy";
import { add, type Skipped, skippedSchema, storedScope } from "@/lib/replay/view";
import { addDeliveries } from "@/lib/webhooks/insert-deliveries";
import { matchEvent, maxAttempts } from "@/lib/webhooks/policy";

/** Webhooks served in one step; those that waited longest. */
const TARGETS_PER_STEP = 20;

/** Milliseconds until the next step, at least, when this one used up what the rate allows. */
const PACE_MS = 150;

/** The same when nothing could be done because the webhooks have enough lying due. */
const FULL_MS = 500;

/** `over`: this lease has nothing more to do, because the replay has ended, was stopped, or belongs to another worker. */
export type StepResult = { over: boolean; changed: boolean; waitMs: number };

type Job = {
  id: string;
  project_id: string;
  kind: string;
  scope: unknown;
  rate: number;
  created_at: Date;
  spent_to: bigint;
  now: bigint;
};

type Progress = { queued: number; skipped: Skipped; cursor: string | null; finished: boolean };

/**
 * Carries a replay on by a few deliveries. The rows, the cursors and the counts are changed in one transaction: whatever
 * kills the worker, no delivery is sent without being counted, or counted without being sent, and the next worker goes
 * on behind the last one.
 */
export async function runStep(lease: Lease): Promise<StepResult> {
  return transaction(async (tx) => {
    const job = await lock(tx, lease);
    if (!job) return { over: true, changed: false, waitMs: 0 };
    const targets = await tx.replayTarget.findMany({
      where: { replayId: job.id, finished: false },
      include: { webhook: true },
      orderBy: [{ servedAt: "asc" }, { webhookId: "asc" }],
      take: TARGETS_PER_STEP,
    });
    if (targets.length === 0) {
      await complete(tx, job.id);
      return { over: true, changed: true, waitMs: 0 };
    }
    const { count, spend } = allowance({ spentTo: Number(job.spent_to), now: Number(job.now), rate: job.rate });
    const due = await countDue(tx, job.id);
    const rooms = targets.map((target) => {
      if (blocked(target.webhook) !== null) return 0;
      // Where all that was counted is done, a look behind the last one ends it, however full the queue is.
      if (remaining(target) === 0) return 1;
      return roomAhead(job.rate, due.get(target.webhookId) ?? 0);
    });
    const shares = shareOut(count, rooms);
    const done: { target: TargetRow; progress: Progress }[] = [];
    for (const [index, target] of targets.entries()) {
      const progress = await advance(tx, job, target, shares[index] ?? 0);
      if (progress) done.push({ target, progress });
    }
    const used = done.reduce((sum, { progress }) => sum + progress.queued, 0);
    await store(tx, job.id, { targets, done, spentTo: spend(used) });
    return { over: false, changed: done.length > 0, waitMs: pause({ job, count, used, rooms, done: done.length }) };
  });
}

/** Only the holder of the lease gets the row, which nobody else can change until the step is committed. */
async function lock(tx: Tx, { replayId, token }: Lease): Promise<Job | undefined> {
  const [job] = await tx.$queryRaw<Job[]>`
    UPDATE replay SET lease_until = clock_timestamp() + make_interval(secs => ${LEASE_S})
     WHERE id = ${replayId} AND lease_token = ${token}::uuid AND status = 'running'
    RETURNING id, project_id, kind, scope, rate, created_at, (extract(epoch FROM spent_to) * 1e6)::bigint AS spent_to,
              (extract(epoch FROM clock_timestamp()) * 1e6)::bigint AS now`;
  return job;
}

/** By webhook, what of the replay could be sent now or is under way; retries that wait for their time do not count. */
async function countDue(tx: Tx, replayId: string): Promise<Map<string, number>> {
  const rows = await tx.$queryRaw<{ webhook_id: string; n: number }[]>`
    SELECT webhook_id, count(*)::int AS n FROM delivery
     WHERE replay_id = ${replayId} AND status = 'pending' AND next_attempt_at <= clock_timestamp() GROUP BY 1`;
  return new Map(rows.map((row) => [row.webhook_id, row.n]));
}

/** @param share how many may be queued. @returns null when nothing is to be done at this webhook now */
async function advance(
  tx: Tx,
  job: Job,
  target: TargetRow & { webhook: WebhookRow },
  share: number,
): Promise<Progress | null> {
  const reason = blocked(target.webhook);
  if (reason !== null) {
    const skipped: Skipped = {};
    add(skipped, reason, remaining(target));
    return { queued: 0, skipped, cursor: target.cursor, finished: true };
  }
  if (share === 0) return null;
  return job.kind === "failed" ? sendFailed(tx, job, target, share) : sendMissed(tx, job, target, share);
}

/** Under their own ids and in their old places; the schedule begins anew behind the attempts that were made. */
async function sendFailed(
  tx: Tx,
  job: Job,
  { webhook, cursor }: TargetRow & { webhook: WebhookRow },
  share: number,
): Promise<Progress> {
  const { from, to, event_types } = storedScope.parse(job.scope);
  const scope = { from: Date.parse(from), to: Date.parse(to), types: event_types, endedBy: job.created_at };
  const found = await nextFailed(tx, { ...scope, webhookId: webhook.id, cursor, limit: share });
  const sent =
    found.length === 0
      ? []
      : await tx.$queryRaw<{ id: string }[]>`
          UPDATE delivery SET status = 'pending', next_attempt_at = now(), trigger = 'replay', replay_id = ${job.id},
                 url = ${webhook.url}, max_attempts = attempt_count + ${maxAttempts(retrySchema.parse(webhook.retry))},
                 completed_at = NULL, lease_token = NULL, lease_until = NULL, revision = revision + 1
           WHERE id = ANY(${found.map(({ id }) => id)}) AND status = 'failed' RETURNING id`;
  afterCommit(tx, () => {
    wakeWorkers();
    announceDeliveries(
      job.project_id,
      sent.map(({ id }) => id),
    );
  });
  const skipped: Skipped = {};
  add(skipped, "superseded", found.length - sent.length);
  return { queued: sent.length, skipped, cursor: found.at(-1)?.place ?? cursor, finished: found.length < share };
}

async function sendMissed(
  tx: Tx,
  job: Job,
  { webhook, spans, cursor }: TargetRow & { webhook: WebhookRow },
  share: number,
): Promise<Progress> {
  const page = await nextMissed(tx, job.project_id, {
    // Written by the planner, which is the only one to write it.
    wanted: { webhookId: webhook.id, url: webhook.url, spans: spans as Span[] },
    types: storedScope.parse(job.scope).event_types,
    cursor,
    limit: share,
  });
  const present = {
    eventTypes: webhook.eventTypes,
    enabled: true,
    filter: filterSchema.nullable().parse(webhook.filter),
  };
  const fitting =
    job.kind === "missing"
      ? page.events.filter((event) => matchEvent(present, toMatched(event)) === "match")
      : page.events;
  const { id, url, ordering, orderKey } = webhook;
  const receiver = { id, url, ordering, orderKey, retry: retrySchema.parse(webhook.retry) };
  const stored = await addDeliveries(
    tx,
    job.project_id,
    fitting.map((event) => ({
      event: { id: event.id, type: event.type, body: JSON.parse(event.body) },
      webhook: receiver,
    })),
    { trigger: "replay", replayId: job.id },
  );
  const skipped: Skipped = {};
  add(skipped, "unsubscribed", page.events.length - fitting.length);
  add(skipped, "superseded", fitting.length - stored.length);
  return { queued: stored.length, skipped, cursor: page.cursor, finished: page.ended };
}

/**
 * Moves cursors and counts. At the end of a webhook all of its total is accounted for: what was not met any more had been
 * sent in another way. What came on top, because it was just being stored while the replay was counted, raises the total.
 */
async function store(
  tx: Tx,
  replayId: string,
  {
    targets,
    done,
    spentTo,
  }: { targets: readonly TargetRow[]; done: readonly { target: TargetRow; progress: Progress }[]; spentTo: number },
): Promise<void> {
  const sum = { queued: 0, skipped: 0, total: 0 };
  for (const { target, progress } of done) {
    const skipped = { ...skippedSchema.parse(target.skipped) };
    for (const [reason, count] of Object.entries(progress.skipped)) add(skipped, reason as keyof Skipped, count);
    const queued = target.queued + progress.queued;
    const before = countOf(skipped);
    if (progress.finished) add(skipped, "superseded", target.total - queued - before);
    const total = Math.max(target.total, queued + countOf(skipped));
    await tx.replayTarget.update({
      where: { replayId_webhookId: { replayId, webhookId: target.webhookId } },
      data: { queued, skipped, total, cursor: progress.cursor, finished: progress.finished },
    });
    sum.queued += progress.queued;
    sum.skipped += countOf(skipped) - countOf(skippedSchema.parse(target.skipped));
    sum.total += total - target.total;
  }
  await tx.$executeRaw`
    UPDATE replay_target SET served_at = clock_timestamp()
     WHERE replay_id = ${replayId} AND webhook_id = ANY(${targets.map(({ webhookId }) => webhookId)})`;
  await tx.$executeRaw`
    UPDATE replay SET queued = queued + ${sum.queued}, skipped = skipped + ${sum.skipped}, total = total + ${sum.total},
           spent_to = to_timestamp(${spentTo} / 1e6::float8), revision = revision + ${done.length > 0 ? 1 : 0}, updated_at = now()
     WHERE id = ${replayId}`;
}

async function complete(tx: Tx, replayId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE replay SET status = 'completed', finished_at = now(), updated_at = now(), lease_token = NULL, lease_until = NULL,
           revision = revision + 1
     WHERE id = ${replayId}`;
}

function pause(step: { job: Job; count: number; used: number; rooms: readonly number[]; done: number }): number {
  const price = 1000 / step.job.rate;
  // A second's worth is what may be caught up; nothing is lost by waiting for less than that.
  if (step.count === 0) return Math.min(Math.max(PACE_MS, price), 1000);
  if (step.used === STEP_LIMIT || (step.done > 0 && step.used < step.count)) return 0;
  return step.rooms.every((room) => room === 0) ? FULL_MS : PACE_MS;
}

function remaining(target: TargetRow): number {
  return Math.max(0, target.total - target.queued - countOf(skippedSchema.parse(target.skipped)));
}

function countOf(skipped: Skipped): number {
  return Object.values(skipped).reduce((sum, count) => sum + count, 0);
}
