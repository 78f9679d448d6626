import type { Produced, PublishedArtifact } from "@/lib/artifacts/artifact";
import type { PublishOptions } from "@/lib/artifacts/components";
import { retryInMs } from "@/lib/artifacts/policy";
import { publish } from "@/lib/artifacts/publish";
import { jsonObject } from "@/lib/contracts/common";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { Prisma } from "@/lib/generated/prisma/client";

/** How long a claimed task is out of the others' reach, in ms: a call's deadline and room for storing what came of it. */
export const TASK_LEASE_MS = 30_000;

/** Due tasks among which a claim chooses. */
const LOOKED_AT = 500;

/** `attempt` is also the fence: each claim raises it, so that whoever lost the lease cannot settle. */
export type Task = { artifact: PublishedArtifact; processor: string; attempt: number };

type Row = {
  processor: string;
  attempts: number;
  id: string;
  project_id: string;
  workflow_id: string;
  correlation_id: string;
  sequence: number;
  event_id: string;
  parent_id: string | null;
  depth: number;
  type: string;
  payload: unknown;
  tags: string[];
  produced_by: string;
  created_by: string;
  created_at: Date;
};

const DUE = "status = 'waiting' AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())";

/** SQL: whether there is a task to be leased. */
export const TASK_DUE = `EXISTS (SELECT FROM artifact_task WHERE ${DUE})`;

/**
 * Leases due tasks, oldest first, of each processor at most `perProcessor`.
 * @param full processors that have as much under way as they may: a dead one cannot keep the others waiting
 */
export async function claimTasks({
  limit,
  perProcessor,
  full,
}: {
  limit: number;
  perProcessor: number;
  full: readonly string[];
}): Promise<Task[]> {
  const rows = await db.$queryRaw<Row[]>`
    WITH RECURSIVE due AS (
      SELECT artifact_id, processor, due_at FROM artifact_task
       WHERE ${Prisma.raw(DUE)} AND processor <> ALL (${[...full]}::text[])
       ORDER BY due_at LIMIT ${LOOKED_AT}
    ), ranked AS (
      SELECT *, row_number() OVER (PARTITION BY processor ORDER BY due_at) AS n FROM due
    ), chosen AS (
      SELECT t.artifact_id, t.processor FROM artifact_task t JOIN ranked r USING (artifact_id, processor)
       WHERE r.n <= ${perProcessor} AND t.status = 'waiting' AND (t.lease_until IS NULL OR t.lease_until <= now())
       ORDER BY r.due_at LIMIT ${limit} FOR UPDATE OF t SKIP LOCKED
    ), claimed AS (
      UPDATE artifact_task t
         SET attempts = t.attempts + 1, lease_until = now() + make_interval(secs => ${TASK_LEASE_MS / 1000}::float8)
        FROM chosen WHERE t.artifact_id = chosen.artifact_id AND t.processor = chosen.processor
      RETURNING t.artifact_id, t.processor, t.attempts
    ), ancestry AS (
      SELECT artifact_id AS leaf, artifact_id AS id, 0 AS depth FROM claimed
      UNION ALL
      SELECT y.leaf, a.parent_id, y.depth + 1 FROM ancestry y JOIN artifact a ON a.id = y.id WHERE a.parent_id IS NOT NULL
    )
    SELECT c.processor, c.attempts, a.*, w.correlation_id,
           (SELECT max(depth) FROM ancestry y WHERE y.leaf = a.id) AS depth
      FROM claimed c JOIN artifact a ON a.id = c.artifact_id JOIN workflow w ON w.id = a.workflow_id
     ORDER BY a.id`;
  return rows.map(toTask);
}

function toTask(row: Row): Task {
  return {
    processor: row.processor,
    attempt: row.attempts,
    artifact: {
      id: row.id,
      projectId: row.project_id,
      workflowId: row.workflow_id,
      correlationId: row.correlation_id,
      sequence: row.sequence,
      eventId: row.event_id,
      parentId: row.parent_id,
      depth: row.depth,
      type: row.type,
      payload: jsonObject.parse(row.payload),
      tags: row.tags,
      producedBy: row.produced_by,
      createdBy: row.created_by,
      createdAt: row.created_at,
    },
  };
}

/**
 * Records that a task is done and publishes what it made, both or neither, so that a repetition after a crash has one
 * effect.
 * @returns the children; undefined when the task belongs to somebody else by now
 */
export async function completeTask(
  { artifact, processor, attempt }: Task,
  { produced, producedBy }: { produced: readonly Produced[]; producedBy: string },
  options: PublishOptions,
): Promise<PublishedArtifact[] | undefined> {
  return transaction(async (tx) => {
    const settled = await tx.$executeRaw`
      UPDATE artifact_task SET status = 'done', finished_at = now(), lease_until = NULL, error = NULL
       WHERE artifact_id = ${artifact.id} AND processor = ${processor} AND status = 'waiting' AND attempts = ${attempt}`;
    if (settled === 0) return undefined;
    const { projectId, correlationId, workflowId, createdBy } = artifact;
    const workflow = { projectId, correlationId, workflowId };
    const children: PublishedArtifact[] = [];
    for (const child of produced) {
      children.push(await publish(tx, child, { workflow, producedBy, createdBy, parent: artifact }, options));
    }
    return children;
  });
}

/** Records a failure: it is tried again after a while, unless that makes no sense or it was the last attempt. */
export async function failTask({ artifact, processor, attempt }: Task, error: string, final: boolean): Promise<void> {
  const inMs = final ? null : retryInMs(attempt);
  await db.$executeRaw`
    UPDATE artifact_task
       SET status = ${inMs === null ? "failed" : "waiting"}, error = ${error}, lease_until = NULL,
           finished_at = CASE WHEN ${inMs === null} THEN now() END,
           due_at = now() + make_interval(secs => ${(inMs ?? 0) / 1000}::float8)
     WHERE artifact_id = ${artifact.id} AND processor = ${processor} AND status = 'waiting' AND attempts = ${attempt}`;
}

/** Gives back what was leased and not begun. */
export async function releaseTasks(tasks: readonly Pick<Task, "artifact" | "processor">[]): Promise<void> {
  if (tasks.length === 0) return;
  await db.$executeRaw`
    UPDATE artifact_task t SET lease_until = NULL, attempts = 0
      FROM unnest(${tasks.map(({ artifact }) => artifact.id)}::text[], ${tasks.map(({ processor }) => processor)}::text[])
           AS g (artifact_id, processor)
     WHERE t.artifact_id = g.artifact_id AND t.processor = g.processor AND t.status = 'waiting' AND t.attempts = 1`;
}
