import { deliveryStatusSchema } from "@/lib/contracts/deliveries";
import type { DeliveryCounts, EventNews } from "@/lib/contracts/events";
import { db } from "@/lib/db/client";

const NO_DELIVERIES: DeliveryCounts = { pending: 0, delivered: 0, failed: 0, cancelled: 0, revision: 0 };

/**
 * What became of the deliveries of some events, in one statement. `revision` is the sum of theirs: deliveries are only
 * ever added and revisions only rise, hence so does the sum.
 */
export async function countDeliveries(
  projectId: string,
  eventIds: string[],
): Promise<(eventId: string) => DeliveryCounts> {
  if (eventIds.length === 0) return () => NO_DELIVERIES;
  const groups = await db.delivery.groupBy({
    by: ["eventId", "status"],
    where: { projectId, eventId: { in: eventIds } },
    _count: true,
    _sum: { revision: true },
  });
  const counts = new Map<string, DeliveryCounts>();
  for (const { eventId, status, _count, _sum } of groups) {
    const before = counts.get(eventId) ?? NO_DELIVERIES;
    const revision = before.revision + (_sum.revision ?? 0);
    counts.set(eventId, { ...before, [deliveryStatusSchema.parse(status)]: _count, revision });
  }
  return (eventId) => counts.get(eventId) ?? NO_DELIVERIES;
}

/** For the live stream, which has checked who listens. Newest first. */
export async function eventNewsByIds(projectId: string, ids: string[]): Promise<EventNews[]> {
  const [rows, countsOf] = await Promise.all([
    db.event.findMany({
      where: { projectId, id: { in: ids } },
      select: { id: true, type: true, correlationId: true, deliveryCount: true },
      orderBy: { id: "desc" },
    }),
    countDeliveries(projectId, ids),
  ]);
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    correlation_id: row.correlationId,
    filtered: row.deliveryCount === 0,
    delivery_counts: countsOf(row.id),
  }));
}
