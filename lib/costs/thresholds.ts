import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import {
  COST_LIMITS,
  COST_PERIODS,
  type CostPeriod,
  type CostThreshold,
  type createCostThresholdBody,
} from "@/lib/contracts/costs";
import { toJsonMicros } from "@/lib/contracts/money";
import { periodAt } from "@/lib/costs/periods";
import { costsOf } from "@/lib/costs/watch";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { isUniqueViolation } from "@/lib/db/errors";
import { transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { CostThreshold as ThresholdRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

/** All of the project's, each with how its period stands. @throws AppError "forbidden" */
export async function listThresholds(actor: Actor, at?: Date): Promise<CostThreshold[]> {
  authorise(actor, "costs:read");
  const rows = await db.costThreshold.findMany({
    where: { projectId: actor.projectId },
    orderBy: [{ amountMicros: "asc" }, { id: "asc" }],
  });
  return present(actor.projectId, rows, at ?? (await databaseNow(db)));
}

/** @throws AppError "forbidden", "conflict" for one that is there already or beyond the limit of a project */
export async function createThreshold(
  actor: Actor,
  { amount_micros, period }: z.output<typeof createCostThresholdBody>,
  at?: Date,
): Promise<CostThreshold> {
  authorise(actor, "costs:manage");
  const { projectId } = actor;
  const now = at ?? (await databaseNow(db));
  const row = await transaction(async (tx) => {
    // Those who set thresholds of one project at the same time wait for each other, or the limit would be passed.
    await tx.$queryRaw`SELECT id FROM project WHERE id = ${projectId} FOR NO KEY UPDATE`;
    if ((await tx.costThreshold.count({ where: { projectId } })) >= COST_LIMITS.thresholds) {
      throw new AppError("conflict", `A project has at most ${COST_LIMITS.thresholds} thresholds; delete one first.`);
    }
    return tx.costThreshold.create({
      data: {
        id: newId("costThreshold"),
        projectId,
        amountMicros: BigInt(amount_micros),
        period,
        createdBy: actor.subject.id,
        createdAt: now,
      },
    });
  }).catch((error: unknown) => {
    if (isUniqueViolation(error, "cost_threshold_once_key")) {
      throw new AppError("conflict", "There is a threshold of this amount and period already.");
    }
    throw error;
  });
  const [shown] = await present(projectId, [row], now);
  if (!shown) throw notFound("threshold");
  return shown;
}

/** @throws AppError "forbidden", "not_found" */
export async function deleteThreshold(actor: Actor, thresholdId: string): Promise<void> {
  authorise(actor, "costs:manage");
  const { count } = await db.costThreshold.deleteMany({ where: { id: thresholdId, projectId: actor.projectId } });
  if (count === 0) throw notFound("threshold");
}

async function present(projectId: string, rows: readonly ThresholdRow[], now: Date): Promise<CostThreshold[]> {
  const kinds = COST_PERIODS.filter((kind) => rows.some((row) => row.period === kind));
  const costs = new Map<string, bigint>();
  for (const kind of kinds) {
    costs.set(kind, (await costsOf(db, [projectId], periodAt(kind, now), now)).get(projectId) ?? 0n);
  }
  const crossings = await db.costCrossing.findMany({
    where: {
      thresholdId: { in: rows.map(({ id }) => id) },
      periodStart: { in: kinds.map((kind) => periodAt(kind, now).start) },
    },
  });
  const crossedAt = new Map(crossings.map((crossing) => [crossing.thresholdId, crossing.crossedAt]));
  return rows.map((row) => {
    const { start, end } = periodAt(row.period as CostPeriod, now);
    return {
      id: row.id,
      amount_micros: toJsonMicros(row.amountMicros),
      period: row.period as CostPeriod,
      period_start: start.toISOString(),
      period_end: end.toISOString(),
      cost_micros: toJsonMicros(costs.get(row.period) ?? 0n),
      crossed_at: crossedAt.get(row.id)?.toISOString() ?? null,
      created_at: row.createdAt.toISOString(),
    };
  });
}
