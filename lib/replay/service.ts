import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import {
  type createReplayBody,
  REPLAY_LIMITS,
  type ReplayDetail,
  type ReplayPreview,
  type ReplayScope,
  type ReplayStatus,
} from "@/lib/contracts/replays";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Prisma } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announceReplays } from "@/lib/live/channel";
import { makePlan, type Plan } from "@/lib/replay/plan";
import { readReplay } from "@/lib/replay/queries";
import { toPreview } from "@/lib/replay/view";

/** Counting a month of a busy project takes longer than an ordinary transaction may. */
const COUNT_TIMEOUT_MS = 55_000;

/** Counts what a replay would send; changes nothing. @throws AppError "validation_failed". */
export async function previewReplay(actor: Actor, scope: ReplayScope): Promise<ReplayPreview> {
  authorise(actor, "deliveries:read");
  // One snapshot: the counts of different webhooks belong to the same moment.
  const plan = await transaction(async (tx) => makePlan(tx, actor.projectId, scope, await databaseNow(tx)), {
    isolation: "RepeatableRead",
    timeoutMs: COUNT_TIMEOUT_MS,
  });
  return toPreview(plan);
}

/**
 * Counts once more and starts the job, which a worker carries out.
 * @throws AppError "validation_failed"; "conflict" when there is nothing to send or too many replays are unfinished
 */
export async function createReplay(actor: Actor, body: z.output<typeof createReplayBody>): Promise<ReplayDetail> {
  authorise(actor, "deliveries:retry");
  const { rate, ...scope } = body;
  const { projectId } = actor;
  const id = newId("replay");
  return transaction(
    async (tx) => {
      // Two at once would both find room for one more. Not the project's row: foreign keys to it would have to wait.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`replays of ${projectId}`}, 0))`;
      const unfinished = await tx.replay.count({ where: { projectId, status: { in: ["running", "paused"] } } });
      if (unfinished >= REPLAY_LIMITS.unfinishedPerProject) {
        throw new AppError(
          "conflict",
          `A project has at most ${REPLAY_LIMITS.unfinishedPerProject} unfinished replays; wait for one or cancel it.`,
        );
      }
      const now = await databaseNow(tx);
      const plan = await makePlan(tx, projectId, scope, now);
      const { total, repeats } = toPreview(plan);
      if (total === 0) throw nothingToSend(plan);
      await tx.replay.create({
        data: {
          id,
          projectId,
          kind: plan.kind,
          scope: {
            from: plan.from.toISOString(),
            to: plan.to.toISOString(),
            ...(scope.webhook_ids && { webhook_ids: scope.webhook_ids }),
            ...(scope.event_types && { event_types: scope.event_types }),
          },
          rate,
          total,
          repeats,
          createdBy: actor.subject.id,
          createdAt: now,
        },
      });
      await tx.replayTarget.createMany({
        data: plan.targets
          .filter(({ reason }) => reason === null)
          .map(({ webhookId, spans, total }) => ({
            replayId: id,
            webhookId,
            spans: spans as Prisma.InputJsonValue,
            total,
          })),
      });
      afterCommit(tx, () => announceReplays(projectId, [id]));
      return readReplay(tx, projectId, id);
    },
    { timeoutMs: COUNT_TIMEOUT_MS },
  );
}

/** @throws AppError "not_found"; "conflict" when it has ended. */
export function pauseReplay(actor: Actor, replayId: string): Promise<ReplayDetail> {
  return change(actor, replayId, () => ({ status: "paused" }));
}

/** @throws AppError "not_found"; "conflict" when it has ended. */
export function resumeReplay(actor: Actor, replayId: string): Promise<ReplayDetail> {
  return change(actor, replayId, () => ({ status: "running" }));
}

/** @throws AppError "not_found"; "conflict" when it has ended. */
export function cancelReplay(actor: Actor, replayId: string): Promise<ReplayDetail> {
  return change(actor, replayId, (now) => ({ status: "cancelled", finishedAt: now }));
}

/** @param rate deliveries per second. @throws AppError "not_found"; "conflict" when it has ended. */
export function changeRate(actor: Actor, replayId: string, rate: number): Promise<ReplayDetail> {
  return change(actor, replayId, () => ({ rate }));
}

type Change = { status?: ReplayStatus; finishedAt?: Date; rate?: number };

/** Waits for the step that is under way, if any. With the state goes the lease, so that no further step follows. */
async function change(actor: Actor, replayId: string, decide: (now: Date) => Change): Promise<ReplayDetail> {
  authorise(actor, "deliveries:retry");
  const { projectId } = actor;
  return transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM replay WHERE id = ${replayId} AND project_id = ${projectId} FOR NO KEY UPDATE`;
    const row = await tx.replay.findFirst({ where: { id: replayId, projectId } });
    if (!row) throw notFound("replay");
    if (row.status === "completed" || row.status === "cancelled") {
      throw new AppError("conflict", `This replay is ${row.status}; start another one.`);
    }
    const now = await databaseNow(tx);
    const changed = decide(now);
    if (changed.status !== row.status || changed.rate !== undefined) {
      await tx.replay.update({
        where: { id: replayId },
        data: {
          ...changed,
          ...(changed.status && { leaseToken: null, leaseUntil: null }),
          // What was not spent at the old rate or before a pause is not made up for.
          spentTo: now,
          revision: { increment: 1 },
        },
      });
      afterCommit(tx, () => announceReplays(projectId, [replayId]));
    }
    return readReplay(tx, projectId, replayId);
  });
}

function nothingToSend(plan: Plan): AppError {
  const waiting = plan.targets.reduce((sum, { total }) => sum + total, 0);
  return new AppError(
    "conflict",
    waiting === 0
      ? "There is nothing to send: no delivery or event of this range fits."
      : `There is nothing to send: all ${waiting} belong to webhooks that are disabled or deleted. Enable them first.`,
  );
}

async function databaseNow(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ now: Date }]>`SELECT now() AS now`;
  return row.now;
}
