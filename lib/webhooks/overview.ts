import { type Actor, authorise } from "@/lib/accounts/actor";
import type { DeliveryOverview } from "@/lib/contracts/deliveries";
import { db } from "@/lib/db/client";
import { firstIdAt } from "@/lib/ids";

const WINDOW_HOURS = 24;

/**
 * The loss audit: everything accepted in the last 24 hours and what became of it, counted from the rows themselves.
 * `accepted` counts the rows, the others count by status; a row with a status unknown here would show as unaccounted.
 */
export async function getOverview(actor: Actor, now: Date): Promise<DeliveryOverview> {
  authorise(actor, "deliveries:read");
  const since = new Date(now.getTime() - WINDOW_HOURS * 3600 * 1000);
  const where = { projectId: actor.projectId, id: { gte: firstIdAt("delivery", since) } };
  const [accepted, byStatus, events, overdue] = await db.$transaction(
    [
      db.delivery.count({ where }),
      db.delivery.groupBy({ by: ["status"], where, _count: true, orderBy: { status: "asc" } }),
      db.event.count({ where: { projectId: actor.projectId, id: { gte: firstIdAt("event", since) } } }),
      db.delivery.aggregate({
        where: { projectId: actor.projectId, status: "pending", nextAttemptAt: { lte: now } },
        _min: { nextAttemptAt: true },
      }),
    ],
    // One snapshot for all four: otherwise a delivery between two counts would look lost.
    { isolationLevel: "RepeatableRead" },
  );
  const count = (status: string) => {
    const group = byStatus.find((candidate) => candidate.status === status);
    return typeof group?._count === "number" ? group._count : 0;
  };
  const delivered = count("delivered");
  const pending = count("pending");
  const failed = count("failed");
  const cancelled = count("cancelled");
  return {
    window_hours: WINDOW_HOURS,
    accepted,
    delivered,
    pending,
    failed,
    cancelled,
    unaccounted: accepted - delivered - pending - failed - cancelled,
    events,
    oldest_due_at: overdue._min.nextAttemptAt?.toISOString() ?? null,
  };
}
