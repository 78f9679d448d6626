import { type Actor, authorise } from "@/lib/accounts/actor";
import {
  type Delivery,
  type DeliveryDetail,
  type DeliveryQuery,
  webhookSourceSchema,
} from "@/lib/contracts/deliveries";
import { db } from "@/lib/db/client";
import { AppError, notFound } from "@/lib/errors";
import { type Delivery as DeliveryRow, Prisma } from "@/lib/generated/prisma/client";
import { findCrowds } from "@/lib/webhooks/crowd";
import { originOf } from "@/lib/webhooks/delivery-origin";
import { boundOf, isCursor, scopeOf, selectNewest } from "@/lib/webhooks/delivery-scope";
import { toAttempt, toDeliveries, toDelivery } from "@/lib/webhooks/delivery-view";
import { waitingFor } from "@/lib/webhooks/delivery-waiting";

export type Page<T> = { data: T[]; next_cursor: string | null };

/** A worker's clock may be behind the one that named the delivery by this much. */
const CLOCK_SKEW_MS = 3600 * 1000;

/** Rows that one page looks at where no index knows what is asked for. */
const LOOKED_AT = 50_000;

/**
 * A page of the delivery log, newest first. Keyset: the cursor is the last id of the page before, and ids sort by time,
 * so a page costs the same wherever it is and rows that arrive meanwhile shift nothing. A page of rare rows can be
 * short, or empty, before the end of the log: its cursor then says how far it has looked.
 * @throws AppError "invalid_cursor".
 */
export async function listDeliveries(actor: Actor, query: DeliveryQuery): Promise<Page<Delivery>> {
  authorise(actor, "deliveries:read");
  const now = new Date();
  const { rows, next_cursor } = await pageOfRows(actor.projectId, query, now);
  return { data: await toDeliveries(rows, now), next_cursor };
}

/**
 * The rows of a page of the log. Who may see them is for the caller to know.
 * @param projectId null: of the whole installation
 * @throws AppError "invalid_cursor".
 */
export async function pageOfRows(projectId: string | null, query: DeliveryQuery, now: Date) {
  const { ids, next_cursor } = await pageOfIds(projectId, query, now);
  const rows = await db.delivery.findMany({
    where: { ...(projectId !== null && { projectId }), id: { in: ids } },
    orderBy: { id: "desc" },
  });
  return { rows, next_cursor };
}

/**
 * The ids of a page of the log, for what is to happen to them.
 * @param most rows that may be looked at one by one
 * @throws AppError "invalid_cursor".
 */
export async function pageOfIds(
  projectId: string | null,
  { cursor, limit, ...clauses }: DeliveryQuery,
  now: Date,
  most = LOOKED_AT,
): Promise<{ ids: string[]; next_cursor: string | null }> {
  if (cursor !== undefined && !isCursor(cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const scope = await scopeOf({ projectId, now }, clauses);
  if (scope.branches.length === 0) return { ids: [], next_cursor: null };
  const condition = cursor === undefined ? Prisma.sql`true` : Prisma.sql`id < ${cursor}`;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM (${selectNewest(scope, { condition, limit: limit + 1, most })}) AS found
     ORDER BY id DESC LIMIT ${limit + 1}`;
  const found = rows.map(({ id }) => id);
  const isFull = found.length > limit;
  // One branch that filled the page has looked far enough. Of several, another may have stopped earlier.
  const bound =
    scope.residual === null || (isFull && scope.branches.length === 1) ? null : await boundOf(scope, condition, most);
  const seen = bound === null ? found : found.filter((id) => id >= bound);
  if (seen.length > limit) return { ids: seen.slice(0, limit), next_cursor: seen[limit - 1] ?? null };
  return { ids: seen, next_cursor: bound };
}

/** @param webhookId also demand that the delivery is this webhook's. @throws AppError "not_found". */
export async function getDelivery(actor: Actor, deliveryId: string, webhookId?: string): Promise<DeliveryDetail> {
  authorise(actor, "deliveries:read");
  const row = await db.delivery.findFirst({
    where: { id: deliveryId, projectId: actor.projectId, ...(webhookId === undefined ? {} : { webhookId }) },
  });
  const origin = row && (await originOf(row));
  if (!origin) throw notFound("delivery");
  const { event, webhook } = origin;
  const [attempts, headId, crowds] = await Promise.all([
    attemptsOf(row),
    laneHead(row),
    findCrowds(actor.projectId, { deliveryId: row.id }),
  ]);
  const now = new Date();
  return {
    ...toDelivery(row, now, webhook.workflowId !== null),
    attempts: attempts.map((attempt) => toAttempt(attempt, event.body)),
    event: {
      id: event.id,
      type: event.type,
      correlation_id: event.correlationId,
      sequence: event.sequence,
      source: event.source,
      body: event.body,
      occurred_at: event.occurredAt.toISOString(),
      created_at: event.createdAt.toISOString(),
    },
    waiting: waitingFor(row, webhook, headId, now, crowds.get(row.id)),
    webhook: {
      id: webhook.id,
      description: webhook.description,
      enabled: webhook.enabled,
      deleted: webhook.deletedAt !== null,
      source: webhookSourceSchema.parse(webhook.source),
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
  return toDeliveries(rows, new Date());
}

/** The oldest unfinished delivery that a strictly ordered one is behind; null when it is the oldest or has no lane. */
async function laneHead(delivery: Pick<DeliveryRow, "webhookId" | "status" | "lane" | "seq">): Promise<string | null> {
  if (delivery.status !== "pending" || delivery.lane === null || delivery.seq === null) return null;
  const head = await db.delivery.findFirst({
    where: { webhookId: delivery.webhookId, lane: delivery.lane, status: "pending", seq: { lt: delivery.seq } },
    orderBy: { seq: "asc" },
    select: { id: true },
  });
  return head?.id ?? null;
}
