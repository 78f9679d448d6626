import { type Actor, authorise } from "@/lib/accounts/actor";
import {
  type AcceptedEvent,
  type EmitEventBody,
  type EventDetail,
  eventSchema,
  type ListEventsQuery,
  type ListedEvent,
} from "@/lib/contracts/events";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Event as EventRow } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import type { Page } from "@/lib/webhooks/delivery-queries";
import { type EmittedEvent, emit } from "@/lib/webhooks/emit";
import { countDeliveries } from "@/lib/webhooks/event-counts";
import { beginWorkflow } from "@/lib/workflows/service";

type Event = Omit<EventDetail, "deliveries">;

/**
 * Emits an event on a caller's behalf; with a webhook of the call's own it begins a workflow.
 * @throws AppError "payload_too_large", and those of beginWorkflow
 */
export async function emitEvent(actor: Actor, body: EmitEventBody): Promise<EmittedEvent> {
  authorise(actor, "events:write");
  return transaction(async (tx) => {
    const correlationId = body.webhook ? await beginWorkflowOf(tx, actor, body) : body.correlation_id;
    return emit(tx, actor.projectId, {
      type: body.type,
      data: body.data,
      source: actor.subject.kind === "user" ? "console" : "api",
      occurredAt: body.occurred_at === undefined ? undefined : new Date(body.occurred_at),
      labels: body.labels,
      application: body.application,
      environment: body.environment,
      correlationId,
    });
  });
}

function beginWorkflowOf(tx: Tx, actor: Actor, { type, correlation_id, webhook }: EmitEventBody): Promise<string> {
  return beginWorkflow(tx, {
    projectId: actor.projectId,
    by: actor.subject.id,
    kind: "event",
    title: type,
    correlationId: correlation_id,
    webhook,
    mayJoinOthers: actor.permissions.has("webhooks:write"),
  });
}

/** Newest first, with what became of their deliveries: two statements a page. @throws AppError "invalid_cursor". */
export async function listEvents(actor: Actor, query: ListEventsQuery): Promise<Page<ListedEvent>> {
  authorise(actor, "events:read");
  if (query.cursor !== undefined && !isId("event", query.cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.event.findMany({
    where: {
      projectId: actor.projectId,
      ...(query.cursor === undefined ? {} : { id: { lt: query.cursor } }),
      ...(query.type ? { type: query.type } : {}),
      ...(query.correlation_id ? { correlationId: query.correlation_id } : {}),
      ...(query.outcome === undefined ? {} : { deliveryCount: query.outcome === "filtered" ? 0 : { gt: 0 } }),
    },
    orderBy: { id: "desc" },
    take: query.limit + 1,
  });
  const shown = rows.slice(0, query.limit);
  const countsOf = await countDeliveries(
    actor.projectId,
    shown.map((row) => row.id),
  );
  const data = shown.map((row) => ({ ...toEvent(row), delivery_counts: countsOf(row.id) }));
  return { data, next_cursor: rows.length > query.limit ? (data.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found". */
export async function getEvent(actor: Actor, eventId: string): Promise<EventDetail> {
  authorise(actor, "events:read");
  const row = await db.event.findFirst({
    where: { id: eventId, projectId: actor.projectId },
  });
  if (!row) throw notFound("event");
  const deliveries = await db.delivery.findMany({
    where: { eventId, projectId: actor.projectId },
    select: { id: true, webhookId: true, url: true, status: true },
    orderBy: { id: "asc" },
  });
  return {
    ...toEvent(row),
    deliveries: deliveries.map(({ webhookId, ...delivery }) => ({ ...delivery, webhook_id: webhookId })),
  };
}

export function toAcceptedEvent(event: EmittedEvent): AcceptedEvent {
  return {
    id: event.id,
    type: event.type,
    correlation_id: event.correlationId,
    deliveries: event.deliveries.map((delivery) => ({ id: delivery.id, webhook_id: delivery.webhookId })),
  };
}

function toEvent(row: EventRow): Event {
  return eventSchema.parse({
    id: row.id,
    type: row.type,
    source: row.source,
    labels: row.labels,
    application: row.application,
    environment: row.environment,
    correlation_id: row.correlationId,
    sequence: row.sequence,
    body: row.body,
    occurred_at: row.occurredAt.toISOString(),
    created_at: row.createdAt.toISOString(),
  });
}
