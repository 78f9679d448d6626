import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { presentRow } from "@/lib/artifacts/artifact";
import { presentTask, processorNames } from "@/lib/artifacts/queries";
import { webhookSourceSchema } from "@/lib/contracts/deliveries";
import {
  type listWorkflows as operation,
  WORKFLOW_LIMITS,
  type Workflow,
  type WorkflowArtifact,
  type WorkflowDetail,
  type WorkflowEvent,
  workflowKindSchema,
} from "@/lib/contracts/workflows";
import { db } from "@/lib/db/client";
import { AppError, notFound } from "@/lib/errors";
import type { Prisma } from "@/lib/generated/prisma/client";
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
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
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

/** A workflow whole: five statements, whatever is in it. @throws AppError "not_found" */
export async function getWorkflow(actor: Actor, correlationId: string, now: Date): Promise<WorkflowDetail> {
  authorise(actor, "artifacts:read");
  const { projectId } = actor;
  const row = await db.workflow.findUnique({
    where: { projectId_correlationId: { projectId, correlationId } },
    include: { _count: COUNTS, webhooks: { orderBy: { id: "asc" } } },
  });
  if (!row) throw notFound("workflow");
  const [artifacts, events, nameOf, processorOf] = await Promise.all([
    db.artifact.findMany({
      where: { workflowId: row.id },
      include: { tasks: { orderBy: { processor: "asc" } } },
      orderBy: { sequence: "asc" },
      take: WORKFLOW_LIMITS.shown,
    }),
    db.event.findMany({
      where: { projectId, correlationId },
      orderBy: [{ sequence: { sort: "asc", nulls: "first" } }, { id: "asc" }],
      take: WORKFLOW_LIMITS.shown + 1,
    }),
    authorNames([row.createdBy]),
    processorNames(projectId),
  ]);
  const shown = events.slice(0, WORKFLOW_LIMITS.shown);
  const deliveriesOf = await readDeliveries(
    projectId,
    shown.map(({ id }) => id),
    now,
  );
  const artifactOf = new Map(artifacts.map(({ eventId, id }) => [eventId, id]));
  return {
    ...present(row, nameOf),
    artifact_tree: treeOf(
      artifacts.map(({ tasks, ...artifact }) => {
        const { correlation_id: _, ...shown } = presentRow(artifact, correlationId);
        return { ...shown, tasks: tasks.map((task) => presentTask(task, processorOf)), children: [] };
      }),
    ),
    events: shown.map((event) => ({
      id: event.id,
      type: event.type,
      sequence: event.sequence,
      source: event.source,
      artifact_id: artifactOf.get(event.id) ?? null,
      occurred_at: event.occurredAt.toISOString(),
      deliveries: deliveriesOf.get(event.id) ?? [],
    })),
    request_webhooks: row.webhooks.map((webhook) => ({
      id: webhook.id,
      url: webhook.url,
      has_secret: webhook.secret !== null,
      gone: webhook.deletedAt !== null,
      created_at: webhook.createdAt.toISOString(),
    })),
    truncated: events.length > WORKFLOW_LIMITS.shown || row._count.artifacts > artifacts.length,
  };
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

/** Puts each under the one that led to it; they come in sequence, so parents come first. */
function treeOf(artifacts: readonly WorkflowArtifact[]): WorkflowArtifact[] {
  const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const roots: WorkflowArtifact[] = [];
  for (const artifact of artifacts) {
    const parent = artifact.parent_id === null ? undefined : byId.get(artifact.parent_id);
    (parent?.children ?? roots).push(artifact);
  }
  return roots;
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
