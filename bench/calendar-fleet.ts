import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { type StoredBooking, storeBookings, storeMaintenance } from "@/lib/reservations/testing-calendar";

const HOUR = 3_600_000;

export type CalendarFleet = { projectId: string; userId: string; poolIds: string[]; bookings: number };

/**
 * A fleet of 200 GPUs in five pools, and so many bookings spread evenly over 31 days: a quarter the reader's own, a
 * quarter of their team, the rest of another project; now and then one that is only held, and a maintenance per pool.
 * Always the same for the same arguments.
 * @param from midnight UTC of the first day
 */
export async function storeCalendarFleet(
  { projectId, userId }: { projectId: string; userId: string },
  { bookings, from, now }: { bookings: number; from: Date; now: Date },
): Promise<CalendarFleet> {
  const strangers = newId("project");
  await db.project.create({ data: { id: strangers, name: "Strangers", plan: "premium" } });
  const names = ["Aurora", "Borealis", "Corona", "Dawn", "Eclipse"];
  const pools = [];
  for (const name of names) pools.push(await createTestPool({ name, nodes: 5, lanes: 8, horizonDays: 365 }));
  for (const pool of pools) {
    const at = new Date(from.getTime() + 31 * 24 * HOUR);
    await storeMaintenance(
      pool.id,
      pool.units.slice(0, 8).map(({ id }) => id),
      at,
      new Date(at.getTime() + 12 * HOUR),
      "New firmware",
    );
  }

  // Each group of GPUs is booked again and again, with an hour between; groups of 2 and of 4 by turns.
  const groups = pools.flatMap((pool) => {
    const found: { poolId: string; unitIds: string[] }[] = [];
    for (let i = 0, size = 2; i + size <= pool.units.length; i += size, size = size === 2 ? 4 : 2) {
      found.push({ poolId: pool.id, unitIds: pool.units.slice(i, i + size).map(({ id }) => id) });
    }
    return found;
  });
  const perGroup = Math.ceil(bookings / groups.length);
  const each = Math.floor((31 * 24) / Math.max(perGroup, 1)) * HOUR;
  const rows: StoredBooking[] = Array.from({ length: bookings }, (_, i) => {
    const group = groups[i % groups.length] ?? groups[0];
    const start = new Date(from.getTime() + Math.floor(i / groups.length) * each + (i % 7) * HOUR);
    const end = new Date(start.getTime() + Math.max(each - 7 * HOUR, HOUR));
    const whose = i % 4;
    const isHeld = start > now && i % 11 === 0;
    return {
      projectId: whose < 2 ? projectId : strangers,
      createdBy: whose === 0 ? userId : newId("user"),
      poolId: group?.poolId ?? "",
      unitIds: group?.unitIds ?? [],
      from: start,
      to: end,
      title: `Training run ${i + 1}`,
      status: isHeld ? "held" : end <= now ? "completed" : start <= now ? "active" : "confirmed",
    };
  });
  for (let i = 0; i < rows.length; i += 500) await storeBookings(rows.slice(i, i + 500));
  return { projectId, userId, poolIds: pools.map(({ id }) => id), bookings };
}
