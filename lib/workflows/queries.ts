import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { presentRow } from "@/lib/artifacts/artifact";
import { presentTask, processorNames } from "@/lib/artifacts/queries";
import { artifactTree } from "@/lib/contracts/artifact-tree";
import { webhookSourceSchema } from "@/lib/contracts/deliveries";
import {
  type listWorkflows as operation,
  type Workflow,
  type WorkflowDetail,
  type WorkflowEvent,
  type WorkflowStep,
  workflowKindSchema,
} from "@/lib/contracts/workflows";
import { db } from "@/lib/db/client";
import { AppError, notFound } from "@/lib/errors";
import type { Event as EventRow, Prisma } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import { toDelivery } from "@/lib/webhooks/delivery-view";

type Query = z.output<typeof operation.query>;

const COUNTS = { select: { artifacts: true, webhooks: true } } as const;

/** Newest first. @throws AppError "invalid_cursor" */
export async function listWorkflows(
  actor: Actor,
  { cursor, limit, kind, q }: Query,
): Promise<{ data: Workflow[]; next_cursor: string | null }> {
  authorise(actor, "artifacts:read");
  if (cursor !== undefined && !isId("workflow", cursor)) {
    throw invalidCursor();
  }
  const rows = await db.workflow.findMany({
    where: {
      projectId: actor.projectId,
      ...(cursor !== undefined && { id: { lt: cursor } }),
      ...(kind !== undefined && { kind }),
      ...(q && { OR: [{ correlationId: { startsWith: q } }, { title: { contains: q, mode: "insensitive" } }] }),
    },
    include: { _count: COUNTS },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const nameOf = await authorNames(shown.map(({ createdBy }) => createdBy));
  const data = shown.map((row) => present(row, nameOf));
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

/**
 * A workflow with the first of its artifacts and events.
 * @param limit of each; none is read for 0
 * @throws AppError "not_found"
 */
export async function getWorkflow(
  actor: Actor,
  correlationId: string,
  { limit }: { limit: number },
  now: Date,
): Promise<WorkflowDetail> {
  authorise(actor, "artifacts:read");
  const { projectId } = actor;
  const row = await db.workflow.findUnique({
    where: { projectId_correlationId: { projectId, correlationId } },
    include: { _count: COUNTS, webhooks: { orderBy: { id: "asc" } } },
  });
  if (!row) throw notFound("workflow");
  const found = { projectId, correlationId, workflowId: row.id };
  const [steps, events, nameOf] = await Promise.all([
    readSteps(found, { take: limit }),
    readEvents(found, { take: limit + 1 }),
    authorNames([row.createdBy]),
  ]);
  return {
    ...present(row, nameOf),
    artifact_tree: artifactTree(steps),
    events: await presentEvents(found, events.slice(0, limit), now),
    request_webhooks: row.webhooks.map((webhook) => ({
      id: webhook.id,
      url: webhook.url,
      has_secret: webhook.secret !== null,
      gone: webhook.deletedAt !== null,
      created_at: webhook.createdAt.toISOString(),
    })),
    truncated: events.length > limit || row._count.artifacts > steps.length,
  };
}

type Paged = { cursor?: string | undefined; limit: number };

/**
 * In sequence; those that came before the workflow was begun have no number and are first. The cursor is the number, if
 * any, and the id of the last event of the page before.
 * @throws AppError "not_found", "invalid_cursor"
 */
export async function listWorkflowEvents(
  actor: Actor,
  correlationId: string,
  { cursor, limit }: Paged,
  now: Date,
): Promise<{ data: WorkflowEvent[]; next_cursor: string | null }> {
  const workflow = await findWorkflow(actor, correlationId);
  const after = cursor === undefined ? null : /^(\d{1,9})?\.(\w+)$/.exec(cursor);
  if (after === null && cursor !== undefined) throw invalidCursor();
  const [, number, id = ""] = after ?? [];
  const position = after === null ? undefined : { sequence: number === undefined ? null : Number(number), id };
  const rows = await readEvents(workflow, { take: limit + 1, after: position });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    data: await presentEvents(workflow, page, now),
    next_cursor: last ? `${last.sequence ?? ""}.${last.id}` : null,
  };
}

/** In sequence; the cursor is the number of the last of the page before. @throws AppError "not_found", "invalid_cursor" */
export async function listWorkflowArtifacts(
  actor: Actor,
  correlationId: string,
  { cursor, limit }: Paged,
): Promise<{ data: WorkflowStep[]; next_cursor: string | null }> {
  const workflow = await findWorkflow(actor, correlationId);
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw invalidCursor();
  const after = cursor === undefined ? undefined : Number(cursor);
  const steps = await readSteps(workflow, { take: limit + 1, after });
  const data = steps.slice(0, limit);
  return { data, next_cursor: steps.length > limit ? String(data.at(-1)?.sequence) : null };
}

type Found = { projectId: string; correlationId: string; workflowId: string };

async function findWorkflow(actor: Actor, correlationId: string): Promise<Found> {
  authorise(actor, "artifacts:read");
  const { projectId } = actor;
  const row = await db.workflow.findUnique({ where: { projectId_correlationId: { projectId, correlationId } } });
  if (!row) throw notFound("workflow");
  return { projectId, correlationId, workflowId: row.id };
}

function invalidCursor(): AppError {
  return new AppError(
    "invalid_cursor",
    "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
  );
}

/** Artifacts in sequence with their tasks. @param after the number that they follow */
async function readSteps(
  { projectId, correlationId, workflowId }: Found,
  { take, after }: { take: number; after?: number | undefined },
): Promise<WorkflowStep[]> {
  if (take === 0) return [];
  const [rows, processorOf] = await Promise.all([
    db.artifact.findMany({
      where: { workflowId, ...(after !== undefined && { sequence: { gt: after } }) },
      include: { tasks: { orderBy: { processor: "asc" } } },
      orderBy: { sequence: "asc" },
      take,
    }),
    processorNames(projectId),
  ]);
  return rows.map(({ tasks, ...artifact }) => {
    const { correlation_id: _, ...shown } = presentRow(artifact, correlationId);
    return { ...shown, tasks: tasks.map((task) => presentTask(task, processorOf)) };
  });
}

/** Events in sequence. @param after where the page before ended */
function readEvents(
  { projectId, correlationId }: Found,
  { take, after }: { take: number; after?: { sequence: number | null; id: string } | undefined },
): Promise<EventRow[]> {
  const { sequence = null, id = "" } = after ?? {};
  const rest: Prisma.EventWhereInput =
    sequence === null
      ? { OR: [{ sequence: null, id: { gt: id } }, { sequence: { not: null } }] }
      : { OR: [{ sequence, id: { gt: id } }, { sequence: { gt: sequence } }] };
  return db.event.findMany({
    where: { projectId, correlationId, ...(after !== undefined && rest) },
    orderBy: [{ sequence: { sort: "asc", nulls: "first" } }, { id: "asc" }],
    take,
  });
}

/** With the artifacts that they tell of and what became of their deliveries. */
async function presentEvents(
  { projectId, workflowId }: Found,
  events: readonly EventRow[],
  now: Date,
): Promise<WorkflowEvent[]> {
  if (events.length === 0) return [];
  const ids = events.map(({ id }) => id);
  const [deliveriesOf, artifacts] = await Promise.all([
    readDeliveries(projectId, ids, now),
    db.artifact.findMany({
      where: { workflowId, eventId: { in: ids } },
      select: { id: true, type: true, eventId: true },
    }),
  ]);
  const artifactOf = new Map(artifacts.map((artifact) => [artifact.eventId, artifact]));
  return events.map((event) => ({
    id: event.id,
    type: event.type,
    sequence: event.sequence,
    source: event.source,
    artifact_id: artifactOf.get(event.id)?.id ?? null,
    artifact_type: artifactOf.get(event.id)?.type ?? null,
    occurred_at: event.occurredAt.toISOString(),
    deliveries: deliveriesOf.get(event.id) ?? [],
  }));
}

type Row = Prisma.WorkflowGetPayload<{ include: { _count: typeof COUNTS } }>;

function present(row: Row, nameOf: (id: string) => string): Workflow {
  return {
    id: row.id,
    correlation_id: row.correlationId,
    kind: workflowKindSchema.parse(row.kind),
    title: row.title,
    sequence: row.lastSeq,
    artifacts: row._count.artifacts,
    webhooks: row._count.webhooks,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
  };
}

/** Deliveries by their event, in the order in which they were made. */
async function readDeliveries(
  projectId: string,
  eventIds: readonly string[],
  now: Date,
): Promise<Map<string, WorkflowEvent["deliveries"]>> {
  const rows = await db.delivery.findMany({
    where: { projectId, eventId: { in: [...eventIds] } },
    orderBy: { id: "asc" },
  });
  const webhooks = await db.webhook.findMany({
    where: { projectId, id: { in: [...new Set(rows.map(({ webhookId }) => webhookId))] } },
    select: { id: true, source: true },
  });
  const sourceOf = new Map(webhooks.map(({ id, source }) => [id, webhookSourceSchema.parse(source)]));
  const deliveriesOf = new Map<string, WorkflowEvent["deliveries"]>();
  for (const row of rows) {
    const source = sourceOf.get(row.webhookId) ?? "console";
    const { id, webhook_id, url, status, attempt_count, max_attempts, ...rest } = toDelivery(
      row,
      now,
      source === "request",
    );
    const { http_status, error_message, next_attempt_at } = rest;
    const shown = { id, webhook_id, url, source, status, attempt_count, max_attempts };
    const deliveries = deliveriesOf.get(row.eventId) ?? [];
    deliveriesOf.set(row.eventId, [...deliveries, { ...shown, http_status, error_message, next_attempt_at }]);
  }
  return deliveriesOf;
}

/** Names of people and API keys by id. */
async function authorNames(ids: readonly string[]): Promise<(id: string) => string> {
  const wanted = [...new Set(ids)];
  const [users, keys] = await Promise.all([
    db.user.findMany({ where: { id: { in: wanted } }, select: { id: true, name: true } }),
    db.apiKey.findMany({ where: { id: { in: wanted } }, select: { id: true, name: true } }),
  ]);
  const names = new Map([...users, ...keys].map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? (id === "system" ? "Dumont" : "somebody who is gone");
}
