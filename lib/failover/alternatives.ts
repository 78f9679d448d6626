import { type Offer, topologySchema } from "@/lib/contracts/availability";
import { ceilTo, gridMs } from "@/lib/contracts/booking-rules";
import { db } from "@/lib/db/client";
import { readBookingPolicy } from "@/lib/fleet/policy";
import { findAlternatives } from "@/lib/reservations/alternatives";
import { loadPool } from "@/lib/reservations/pool-state";
import { readParts, spanOf, within } from "@/lib/reservations/segments";

/** What can be booked at the moment instead of what is left of a reservation. */
export async function alternativesTo(reservationId: string, now: Date): Promise<Offer[]> {
  const row = await db.reservation.findUniqueOrThrow({ where: { id: reservationId } });
  const pool = await loadPool(db, row.poolId);
  const rest = within(readParts(row.segments), now.getTime(), Number.POSITIVE_INFINITY);
  if (rest.length === 0) return [];
  const { to, most } = spanOf(rest);
  const from = ceilTo(now.getTime(), gridMs(pool.rules));
  if (from >= to) return [];
  const want = { parts: [{ from, to, count: most }], topology: topologySchema.parse(row.topology) };
  const policy = await readBookingPolicy();
  return (await findAlternatives(db, { projectId: row.projectId, pool, want, policy, now })).alternatives;
}
