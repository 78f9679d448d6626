import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { createReplayBody, type ReplayDetail } from "@/lib/contracts/replays";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { takeLease } from "@/lib/replay/lease";
import { createReplay } from "@/lib/replay/service";
import { runStep } from "@/lib/replay/step";
import { emit } from "@/lib/webhooks/emit";

/** Events of one transaction; each of its own would keep the tests waiting for commits. */
const BATCH = 20;

/**
 * What tests of replays have in common: something that was not delivered, and a worker that one can stop anywhere.
 * @returns the events' ids in the order of their emission
 */
export async function emitSome(actor: Actor, count: number, type = "instance.started"): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const first = ids.length;
    const batch = Array.from({ length: Math.min(BATCH, count - first) }, (_, offset) => first + offset);
    const emitted = await transaction(async (tx) => {
      const made: string[] = [];
      for (const index of batch) {
        const data = { index, key: `k${index % 3}` };
        made.push((await emit(tx, actor.projectId, { type, data, source: "api" })).id);
        // Ids of the same millisecond are in no order.
        await sleep(2);
      }
      return made;
    });
    ids.push(...emitted);
  }
  return ids;
}

/** Gives up everything that waits, as if its last attempt had failed. */
export async function giveUp(actor: Actor): Promise<void> {
  await db.$executeRaw`
    UPDATE delivery SET status = 'failed', attempt_count = max_attempts, next_attempt_at = NULL, completed_at = now()
     WHERE project_id = ${actor.projectId} AND status = 'pending'`;
}

/** The last hour, at a rate that does not keep a test waiting, unless told otherwise. */
export function start(actor: Actor, body: Partial<z.input<typeof createReplayBody>>): Promise<ReplayDetail> {
  const hour = { from: new Date(Date.now() - 3600_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString() };
  return createReplay(actor, createReplayBody.parse({ kind: "missing", ...hour, rate: 1000, ...body }));
}

/** One worker's steps until the replay gives it nothing more to do, or until it has queued so many. */
export async function work({ until = Number.POSITIVE_INFINITY }: { until?: number } = {}): Promise<void> {
  const lease = await takeLease();
  if (!lease) return;
  for (;;) {
    const { over, waitMs } = await runStep(lease);
    const { queued } = await db.replay.findUniqueOrThrow({ where: { id: lease.replayId }, select: { queued: true } });
    if (over || queued >= until) return;
    await sleep(waitMs);
  }
}

/** What happens when a worker dies: its lease runs out. */
export async function forgetLeases(): Promise<void> {
  await db.$executeRaw`UPDATE replay SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL`;
}

export async function deliver(actor: Actor): Promise<void> {
  await db.$executeRaw`
    UPDATE delivery SET status = 'delivered', attempt_count = attempt_count + 1, next_attempt_at = NULL, completed_at = now()
     WHERE project_id = ${actor.projectId} AND status = 'pending'`;
}
