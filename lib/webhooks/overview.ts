import { type Actor, authorise } from "@/lib/accounts/actor";
import type { DeliveryOverview } from "@/lib/contracts/deliveries";
import { type Tx, transaction } from "@/lib/db/transaction";
import { Prisma } from "@/lib/generated/prisma/client";
import { firstIdAt } from "@/lib/ids";
import { IS_SERVED, OLDEST_DUE } from "@/lib/queue/oldest-due";
import { type EventRow, rejudge, selectEvents, selectWebhooks, type WebhookRow } from "@/lib/webhooks/rejudge";

const WINDOW_HOURS = 24;

/** A delivery that a machine with a slow clock added to an event may be named as if it came before the event. */
const CLOCK_SKEW_MS = 3600 * 1000;

/** As long as one statement may take: a day of millions of events takes seconds. */
const TIMEOUT_MS = 60_000;

type Totals = { events: bigint; filtered: bigint; accepted: bigint; given: string };
type Counts = { delivered: bigint; pending: bigint; failed: bigint; cancelled: bigint; found: string };
type Difference = { lost: bigint; surplus: bigint };

/**
 * The loss audit: the events accepted in the last 24 hours and what became of them. Each event says how many deliveries
 * it was given (`delivery_count`, written in the transaction that stored them); the deliveries are counted from the log.
 * A delivery whose row is gone is lost; one more than its event was given is surplus. Whether the right webhooks were
 * given one is asked of the newest events, see `rejudge`. How late the queue is, is told of the project's own webhooks:
 * those that requests brought along may be many, and are counted but not asked one by one.
 */
export async function getOverview(actor: Actor, now: Date): Promise<DeliveryOverview> {
  authorise(actor, "deliveries:read");
  const { projectId } = actor;
  const since = new Date(now.getTime() - WINDOW_HOURS * 3600 * 1000);
  // One snapshot for all: otherwise a delivery between two counts would look lost.
  const { audit, overdue, events, webhooks } = await transaction(
    async (tx) => ({
      audit: await countAll(tx, projectId, since),
      overdue: await tx.$queryRaw<{ since: Date | null }[]>`
        SELECT min(${Prisma.raw(OLDEST_DUE)}) AS since FROM webhook w
         WHERE w.project_id = ${projectId} AND w.workflow_id IS NULL AND ${Prisma.raw(IS_SERVED)}`,
      events: await tx.$queryRaw<EventRow[]>(selectEvents(projectId, since)),
      webhooks: await tx.$queryRaw<WebhookRow[]>(selectWebhooks(projectId)),
    }),
    { isolation: "RepeatableRead", timeoutMs: TIMEOUT_MS },
  );
  const rejudged = await rejudge(events, webhooks);
  return {
    window_hours: WINDOW_HOURS,
    ...audit,
    rejudged_events: rejudged.events,
    missing: rejudged.missing,
    oldest_due_at: overdue[0]?.since?.toISOString() ?? null,
  };
}

/**
 * Counts by one pass over each table. Where events were given what is there, a sum over events, in which each weighs by a
 * hash of its id, is that over deliveries: only where they differ is it worth counting event by event.
 */
async function countAll(tx: Tx, projectId: string, since: Date) {
  const firstEvent = firstIdAt("event", since);
  const firstDelivery = firstIdAt("delivery", new Date(since.getTime() - CLOCK_SKEW_MS));
  const ofEvents = Prisma.sql`FROM event WHERE project_id = ${projectId} AND id >= ${firstEvent}`;
  const ofDeliveries = Prisma.sql`
    FROM delivery WHERE project_id = ${projectId} AND id >= ${firstDelivery} AND event_id >= ${firstEvent}
                    AND status IN ('delivered', 'pending', 'failed', 'cancelled')`;
  const [totals] = await tx.$queryRaw<[Totals]>`
    SELECT count(*) AS events, count(*) FILTER (WHERE delivery_count = 0) AS filtered,
           coalesce(sum(delivery_count), 0)::bigint AS accepted,
           coalesce(sum((hashtextextended(id, 0) >> 16) * delivery_count), 0)::text AS given ${ofEvents}`;
  const [counts] = await tx.$queryRaw<[Counts]>`
    SELECT count(*) FILTER (WHERE status = 'delivered') AS delivered, count(*) FILTER (WHERE status = 'pending') AS pending,
           count(*) FILTER (WHERE status = 'failed') AS failed, count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
           coalesce(sum(hashtextextended(event_id, 0) >> 16), 0)::text AS found ${ofDeliveries}`;
  const { delivered, pending, failed, cancelled, found } = counts;
  const isSame = totals.given === found && totals.accepted === delivered + pending + failed + cancelled;
  const [{ lost, surplus }] = isSame
    ? [{ lost: 0n, surplus: 0n }]
    : await tx.$queryRaw<[Difference]>`
        SELECT coalesce(sum(greatest(given - found, 0)), 0)::bigint AS lost,
               coalesce(sum(greatest(found - given, 0)), 0)::bigint AS surplus
          FROM (SELECT coalesce(e.delivery_count, 0) AS given, coalesce(d.n, 0) AS found
                  FROM (SELECT id, delivery_count ${ofEvents}) e
                       FULL JOIN (SELECT event_id, count(*) AS n ${ofDeliveries} GROUP BY event_id) d ON d.event_id = e.id) each`;
  return {
    events: Number(totals.events),
    filtered: Number(totals.filtered),
    accepted: Number(totals.accepted),
    delivered: Number(delivered),
    pending: Number(pending),
    failed: Number(failed),
    cancelled: Number(cancelled),
    lost: Number(lost),
    surplus: Number(surplus),
    unaccounted: Number(lost + surplus),
  };
}
