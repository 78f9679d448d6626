import { type Actor, authorise } from "@/lib/accounts/actor";
import type { DeliveryOverview } from "@/lib/contracts/deliveries";
import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";
import { firstIdAt } from "@/lib/ids";
import { IS_SERVED, OLDEST_DUE } from "@/lib/queue/oldest-due";

const WINDOW_HOURS = 24;

/** A delivery that a machine with a slow clock added to an event may be named as if it came before the event. */
const CLOCK_SKEW_MS = 3600 * 1000;

type Totals = { events: bigint; filtered: bigint; accepted: bigint };
type StatusCount = { status: string; count: bigint };

/**
 * The loss audit: the events accepted in the last 24 hours and what became of them. Each event says how many deliveries
 * it was given (`delivery_count`, written in the transaction that stored them); the deliveries are counted from the log.
 * A delivery whose row is gone, or whose status is none of the known ones, is unaccounted. How late the queue is, is told
 * of the project's own webhooks: those that requests brought along may be many, and are counted but not asked one by one.
 */
export async function getOverview(actor: Actor, now: Date): Promise<DeliveryOverview> {
  authorise(actor, "deliveries:read");
  const { projectId } = actor;
  const since = new Date(now.getTime() - WINDOW_HOURS * 3600 * 1000);
  const firstEvent = firstIdAt("event", since);
  const firstDelivery = firstIdAt("delivery", new Date(since.getTime() - CLOCK_SKEW_MS));
  const [totals, byStatus, overdue] = await db.$transaction(
    [
      db.$queryRaw<Totals[]>`
        SELECT count(*) AS events, count(*) FILTER (WHERE delivery_count = 0) AS filtered,
               coalesce(sum(delivery_count), 0)::bigint AS accepted
          FROM event WHERE project_id = ${projectId} AND id >= ${firstEvent}`,
      db.$queryRaw<StatusCount[]>`
        SELECT status, count(*) AS count FROM delivery
         WHERE project_id = ${projectId} AND id >= ${firstDelivery} AND event_id >= ${firstEvent}
         GROUP BY status`,
      db.$queryRaw<{ since: Date | null }[]>`
        SELECT min(${Prisma.raw(OLDEST_DUE)}) AS since FROM webhook w
         WHERE w.project_id = ${projectId} AND w.workflow_id IS NULL AND ${Prisma.raw(IS_SERVED)}`,
    ],
    // One snapshot for all three: otherwise a delivery between two counts would look lost.
    { isolationLevel: "RepeatableRead" },
  );
  const count = (status: string) => Number(byStatus.find((group) => group.status === status)?.count ?? 0);
  const accepted = Number(totals[0]?.accepted ?? 0);
  const delivered = count("delivered");
  const pending = count("pending");
  const failed = count("failed");
  const cancelled = count("cancelled");
  return {
    window_hours: WINDOW_HOURS,
    events: Number(totals[0]?.events ?? 0),
    filtered: Number(totals[0]?.filtered ?? 0),
    accepted,
    delivered,
    pending,
    failed,
    cancelled,
    unaccounted: accepted - delivered - pending - failed - cancelled,
    oldest_due_at: overdue[0]?.since?.toISOString() ?? null,
  };
}
