import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { readNames } from "@/lib/accounts/names";
import { emitConfigEvent } from "@/lib/configurations/events";
import { type LockedConfiguration, lockConfiguration, requireCursor } from "@/lib/configurations/guards";
import { requireConfiguration } from "@/lib/configurations/versions";
import { toEvaluation } from "@/lib/configurations/view";
import type { createEvaluationBody, Evaluation, updateEvaluationBody } from "@/lib/contracts/evaluations";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError, invalidField, notFound } from "@/lib/errors";
import type { Evaluation as EvaluationRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

type Page<T> = { data: T[]; next_cursor: string | null };
type Query = { cursor?: string | undefined; limit: number; version_id?: string | undefined };

const shownWith = { version: { select: { id: true, version: true, variant: { select: { name: true } } } } } as const;
type ShownRow = EvaluationRow & { version: { id: string; version: number; variant: { name: string } } };

/** Newest first. @throws AppError "not_found", "invalid_cursor" */
export async function listEvaluations(actor: Actor, configId: string, query: Query): Promise<Page<Evaluation>> {
  authorise(actor, "configs:read");
  const { cursor, limit, version_id: versionId } = query;
  requireCursor("evaluation", cursor);
  await requireConfiguration(actor.projectId, configId);
  const rows = await db.evaluation.findMany({
    where: {
      configId,
      ...(versionId !== undefined && { versionId }),
      ...(cursor !== undefined && { id: { lt: cursor } }),
    },
    include: shownWith,
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const nameOf = await readNames(
    db,
    page.map(({ createdBy }) => createdBy),
  );
  return {
    data: page.map((row) => toEvaluation(row, nameOf)),
    next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** @throws AppError "not_found"; "validation_failed" for a version that is not of this configuration */
export async function createEvaluation(
  actor: Actor,
  configId: string,
  { version_id: versionId, name, status, score, metrics, note }: z.output<typeof createEvaluationBody>,
): Promise<Evaluation> {
  authorise(actor, "configs:write");
  const { projectId, subject } = actor;
  return transaction(async (tx) => {
    const config = await lockConfiguration(tx, projectId, configId, "commit");
    const version = await tx.configVersion.findFirst({ where: { id: versionId, configId }, select: { id: true } });
    if (!version) throw invalidField("version_id", "There is no such version of this configuration.");
    const now = await databaseNow(tx);
    const row = await tx.evaluation.create({
      data: {
        id: newId("evaluation"),
        projectId,
        configId,
        versionId,
        name,
        status,
        score: score ?? null,
        metrics,
        note,
        createdBy: subject.id,
        createdAt: now,
        completedAt: status === "running" ? null : now,
      },
      include: shownWith,
    });
    await tell(tx, config, row);
    return toEvaluation(row, await readNames(tx, [row.createdBy]));
  });
}

/**
 * Changes a running evaluation. Only one of several that complete it at once does: its state is compared and swapped.
 * @throws AppError "not_found"; "validation_failed" without a score; "conflict" when it is not running any more
 */
export async function updateEvaluation(
  actor: Actor,
  configId: string,
  evaluationId: string,
  { status, score, metrics, note }: z.output<typeof updateEvaluationBody>,
): Promise<Evaluation> {
  authorise(actor, "configs:write");
  const { projectId } = actor;
  return transaction(async (tx) => {
    const config = await lockConfiguration(tx, projectId, configId, "commit");
    const before = await tx.evaluation.findFirst({ where: { id: evaluationId, configId } });
    if (!before) throw notFound("evaluation");
    if (status === "completed" && score === undefined && before.score === null) {
      throw invalidField("score", "Give the score it was completed with");
    }
    const now = await databaseNow(tx);
    const { count } = await tx.evaluation.updateMany({
      where: { id: evaluationId, status: "running" },
      data: {
        ...(status !== undefined && { status }),
        ...(score !== undefined && { score }),
        ...(metrics !== undefined && { metrics }),
        ...(note !== undefined && { note }),
        ...(status !== undefined && status !== "running" && { completedAt: now }),
      },
    });
    const row = await tx.evaluation.findUniqueOrThrow({ where: { id: evaluationId }, include: shownWith });
    if (count === 0) throw new AppError("conflict", `This evaluation is ${row.status}; record another one.`);
    await tell(tx, config, row);
    return toEvaluation(row, await readNames(tx, [row.createdBy]));
  });
}

async function tell(tx: Tx, config: LockedConfiguration, row: ShownRow): Promise<void> {
  if (row.status !== "completed") return;
  await emitConfigEvent(tx, "evaluation.completed", {
    config,
    variant: row.version.variant.name,
    data: {
      version: row.version.version,
      version_id: row.versionId,
      evaluation_id: row.id,
      name: row.name,
      score: row.score,
      metrics: row.metrics,
    },
    occurredAt: row.completedAt ?? row.createdAt,
  });
}
