import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { presentRow } from "@/lib/artifacts/artifact";
import type { Artifact, ArtifactDetail, ArtifactTask, listArtifacts as operation } from "@/lib/contracts/artifacts";
import { ARTIFACT_TASK_STATUSES } from "@/lib/contracts/artifacts";
import { db } from "@/lib/db/client";
import { AppError, notFound } from "@/lib/errors";
import type { ArtifactTask as TaskRow } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";

type Query = z.output<typeof operation.query>;

/** Newest first. @throws AppError "invalid_cursor" */
export async function listArtifacts(
  actor: Actor,
  { cursor, limit, type, correlation_id, tags }: Query,
): Promise<{ data: Artifact[]; next_cursor: string | null }> {
  authorise(actor, "artifacts:read");
  if (cursor !== undefined && !isId("artifact", cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const wanted = tags?.split(",").filter((tag) => tag !== "") ?? [];
  const rows = await db.artifact.findMany({
    where: {
      projectId: actor.projectId,
      ...(cursor !== undefined && { id: { lt: cursor } }),
      ...(type !== undefined && { type }),
      ...(correlation_id !== undefined && { workflow: { correlationId: correlation_id } }),
      ...(wanted.length > 0 && { tags: { hasEvery: wanted } }),
    },
    include: { workflow: { select: { correlationId: true } } },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const data = rows.slice(0, limit).map((row) => presentRow(row, row.workflow.correlationId));
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found" */
export async function getArtifact(actor: Actor, artifactId: string): Promise<ArtifactDetail> {
  authorise(actor, "artifacts:read");
  const row = await db.artifact.findFirst({
    where: { id: artifactId, projectId: actor.projectId },
    include: { workflow: { select: { correlationId: true } }, tasks: { orderBy: { processor: "asc" } } },
  });
  if (!row) throw notFound("artifact");
  const nameOf = await processorNames(actor.projectId);
  return {
    ...presentRow(row, row.workflow.correlationId),
    tasks: row.tasks.map((task) => presentTask(task, nameOf)),
  };
}

/** Names of the project's own processors; a built-in one's id is its name, and a deleted one has none any more. */
export async function processorNames(projectId: string): Promise<(id: string) => string> {
  const rows = await db.processor.findMany({ where: { projectId }, select: { id: true, name: true } });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? (isId("processor", id) ? "deleted processor" : id);
}

export function presentTask(row: TaskRow, nameOf: (id: string) => string): ArtifactTask {
  const status = ARTIFACT_TASK_STATUSES.find((known) => known === row.status) ?? "waiting";
  return {
    processor: row.processor,
    name: nameOf(row.processor),
    status,
    attempts: row.attempts,
    error: row.error,
    due_at: status === "waiting" ? row.dueAt.toISOString() : null,
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
