import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Delivery, DeliveryDetail, DeliveryQuery, DeliveryStatus } from "@/lib/contracts/deliveries";
import { db } from "@/lib/db/client";
import { AppError, notFound } from "@/lib/errors";
import type { Delivery as DeliveryRow, Prisma } from "@/lib/generated/prisma/client";
import { firstIdAt, isId } from "@/lib/ids";
import { toAttempt, toDelivery } from "@/lib/webhooks/delivery-view";
import { laneHead, waitingFor } from "@/lib/webhooks/delivery-waiting";

export type Page<T> = { data: T[]; next_cursor: string | null };

/** A worker's clock may be behind the one that named the delivery by this much. */
const CLOCK_SKEW_MS = 3600 * 1000;

/**
 * A page of the delivery log, newest first. Keyset: the cursor is the last id of the page before, and ids sort by time,
 * so a page costs the same wherever it is and rows that arrive meanwhile shift nothing.
 * @throws AppError "invalid_cursor".
 */
export async function listDeliveries(actor: Actor, query: DeliveryQuery): Promise<Page<Delivery>> {
  authorise(actor, "deliveries:read");
  return pageOfDeliveries({ projectId: actor.projectId }, query, toDelivery);
}

/**
 * The same of whatever the scope says. Who may see it is for the caller to know.
 * @throws AppError "invalid_cursor".
 */
export async function pageOfDeliveries<T>(
  scope: Prisma.DeliveryWhereInput,
  query: DeliveryQuery,
  present: (row: DeliveryRow, now: Date) => T,
): Promise<Page<T>> {
  if (query.cursor !== undefined && !isId("delivery", query.cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const now = new Date();
  const rows = await db.delivery.findMany({
    where: {
      AND: [
        scope,
        query.webhook_id === undefined ? {} : { webhookId: query.webhook_id },
        query.event_type === undefined ? {} : { eventType: query.event_type },
        query.replay_id === undefined ? {} : { replayId: query.replay_id },
        query.status === undefined ? {} : statusFilter(query.status, now),
        // Time is asked of the id, which the index is ordered by anyway.
        query.from === undefined ? {} : { id: { gte: firstIdAt("delivery", new Date(query.from)) } },
        query.to === undefined ? {} : { id: { lt: firstIdAt("delivery", new Date(query.to)) } },
        query.cursor === undefined ? {} : { id: { lt: query.cursor } },
        query.q ? matchingIds(query.q) : {},
      ],
    },
    orderBy: { id: "desc" },
    take: query.limit + 1,
  });
  const shown = rows.slice(0, query.limit);
  return {
    data: shown.map((row) => present(row, now)),
    next_cursor: rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** @param webhookId also demand that the delivery is this webhook's. @throws AppError "not_found". */
export async function getDelivery(actor: Actor, deliveryId: string, webhookId?: string): Promise<DeliveryDetail> {
  authorise(actor, "deliveries:read");
  const row = await db.delivery.findFirst({
    where: { id: deliveryId, projectId: actor.projectId, ...(webhookId === undefined ? {} : { webhookId }) },
    include: { event: true, webhook: true },
  });
  if (!row) throw notFound("delivery");
  const [attempts, headId] = await Promise.all([attemptsOf(row), laneHead(row)]);
  const now = new Date();
  return {
    ...toDelivery(row, now),
    attempts: attempts.map((attempt) => toAttempt(attempt, row.event.body)),
    event: {
      id: row.event.id,
      type: row.event.type,
      correlation_id: row.event.correlationId,
      source: row.event.source,
      body: row.event.body,
      occurred_at: row.event.occurredAt.toISOString(),
      created_at: row.event.createdAt.toISOString(),
    },
    waiting: waitingFor(row, row.webhook, headId, now),
    webhook: {
      id: row.webhook.id,
      description: row.webhook.description,
      enabled: row.webhook.enabled,
      deleted: row.webhook.deletedAt !== null,
    },
  };
}

/** In order. The time lets the database skip the partitions of the days before. */
export function attemptsOf(delivery: { id: string; createdAt: Date }) {
  return db.attempt.findMany({
    where: { deliveryId: delivery.id, startedAt: { gte: new Date(delivery.createdAt.getTime() - CLOCK_SKEW_MS) } },
    orderBy: { number: "asc" },
  });
}

/** For the live stream, which has checked who listens. */
export async function deliveriesByIds(projectId: string, ids: string[]): Promise<Delivery[]> {
  const rows = await db.delivery.findMany({ where: { projectId, id: { in: ids } }, orderBy: { id: "desc" } });
  const now = new Date();
  return rows.map((row) => toDelivery(row, now));
}

/** "pending" and "delivering" are one stored status, told apart by the lease. */
function statusFilter(statuses: readonly DeliveryStatus[], now: Date): Prisma.DeliveryWhereInput {
  const stored = statuses.filter((status) => status !== "delivering");
  const waiting = statuses.includes("pending");
  const underWay = statuses.includes("delivering");
  if (waiting === underWay) return { status: { in: stored } };
  const unleased = { OR: [{ leaseUntil: null }, { leaseUntil: { lte: now } }] };
  const pending = { status: "pending", ...(underWay ? { leaseUntil: { gt: now } } : unleased) };
  return { OR: [pending, { status: { in: stored.filter((status) => status !== "pending") } }] };
}

/** The prefix tells which id is meant; anything else can only be a correlation id, which must be whole. */
function matchingIds(q: string): Prisma.DeliveryWhereInput {
  if (q.startsWith("dlv_")) return { id: { gte: q, lt: `${q}~` } };
  if (q.startsWith("evt_")) return { OR: [{ eventId: { gte: q, lt: `${q}~` } }, { event: { correlationId: q } }] };
  if (q.startsWith("wh_")) return { webhookId: { gte: q, lt: `${q}~` } };
  return { event: { correlationId: q } };
}
