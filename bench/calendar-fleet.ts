import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { type StoredBooking, storeBookings, storeMaintenance } from "@/lib/reservations/testing-calendar";

const HOUR = 3_600_000;

export type CalendarFleet = { projectId: string; userId: string; from: Date; pools: TestPool[] };

const POOLS = ["Aurora", "Borealis", "Corona", "Dawn", "Eclipse"];
const DAYS = 30;

/** A fleet of 200 GPUs in five pools, each with a maintenance after the month that begins at `from`, midnight UTC. */
export async function storeCalendarFleet(month: Omit<CalendarFleet, "pools">): Promise<CalendarFleet> {
  const pools: TestPool[] = [];
  for (const name of POOLS) {
    const pool = await createTestPool({ name, nodes: 5, lanes: 8, horizonDays: 365 });
    const units = pool.units.slice(0, 8).map(({ id }) => id);
    await storeMaintenance(
      pool.id,
      units,
      hours(month.from, DAYS * 24),
      hours(month.from, DAYS * 24 + 12),
      "New firmware",
    );
    pools.push(pool);
  }
  return { ...month, pools };
}

/**
 * So many bookings, spread evenly over the fleet and the month: half of them the reader's own, half their team's; now
 * and then one that is only held. Always the same for the same arguments.
 */
export async function storeCalendarBookings(
  { projectId, userId, from, pools }: CalendarFleet,
  { bookings, now }: { bookings: number; now: Date },
): Promise<void> {
  // Each group of GPUs is booked again and again, with some hours between; groups of 2 and of 4 by turns.
  const groups = pools.flatMap((pool) => {
    const found: { poolId: string; unitIds: string[] }[] = [];
    for (let i = 0, size = 2; i + size <= pool.units.length; i += size, size = size === 2 ? 4 : 2) {
      found.push({ poolId: pool.id, unitIds: pool.units.slice(i, i + size).map(({ id }) => id) });
    }
    return found;
  });
  const each = Math.floor((DAYS * 24) / Math.max(Math.ceil(bookings / groups.length), 1));
  const colleague = newId("user");
  const rows = Array.from({ length: bookings }, (_, i): StoredBooking => {
    const group = groups[i % groups.length];
    const start = hours(from, Math.floor(i / groups.length) * each + (i % 7));
    const end = hours(start, Math.max(each - 7, 1));
    const isHeld = start > now && i % 11 === 0;
    return {
      projectId,
      createdBy: i % 2 === 0 ? userId : colleague,
      poolId: group?.poolId ?? "",
      unitIds: group?.unitIds ?? [],
      from: start,
      to: end,
      title: `Training run ${i + 1}`,
      status: isHeld ? "held" : end <= now ? "completed" : start <= now ? "active" : "confirmed",
    };
  });
  for (let i = 0; i < rows.length; i += 500) await storeBookings(rows.slice(i, i + 500));
}

function hours(from: Date, count: number): Date {
  return new Date(from.getTime() + count * HOUR);
}
