import type { Tx } from "@/lib/db/transaction";
import { moveDemoCredits } from "@/lib/demo/credits";
import { createDemoFleet } from "@/lib/demo/fleet";
import { seedInstances } from "@/lib/demo/instances";
import { createDemoProjects } from "@/lib/demo/people";
import { seededRandom } from "@/lib/demo/random";
import { demoReservation } from "@/lib/demo/reservation-rows";
import { type DemoBooking, type DemoMaintenance, demoMaintenance, demoTimetable } from "@/lib/demo/timetable";
import { lockFleet } from "@/lib/fleet/guards";
import type { Prisma } from "@/lib/generated/prisma/client";
import { newIdAt } from "@/lib/ids";

const CHUNK = 1000;
const DAY_MS = 24 * 3600 * 1000;

/**
 * A fleet with two months of bookings of several projects, their instances, credits and maintenance. The fleet belongs to the
 * installation: one that has pools already is left as it is.
 * @returns how many reservations there are; 0: it was left alone
 */
export async function seedReservations(tx: Tx, projectId: string, now: Date): Promise<number> {
  await lockFleet(tx);
  if ((await tx.pool.count()) > 0) return 0;
  const random = seededRandom(20_261_122);
  const pools = await createDemoFleet(tx, now);
  const projects = await createDemoProjects(tx, projectId, now);
  const maintenance = demoMaintenance(pools, now);
  const bookings = demoTimetable({ pools, projects, maintenance }, now, random);
  const nameOf = await unitNames(tx);
  const reservations = bookings.map((booking) => demoReservation(booking, now, nameOf));

  await tx.reservation.createMany({
    data: reservations.map(({ row }) => row as Prisma.ReservationCreateManyInput),
  });
  await tx.workflow.createMany({
    data: reservations.map(({ row }) => ({
      id: newIdAt("workflow", row.createdAt),
      projectId: row.projectId,
      correlationId: row.correlationId,
      kind: "reservation",
      title: row.title,
      createdBy: row.createdBy,
      createdAt: row.createdAt,
    })),
  });
  const changes = reservations
    .flatMap((reservation) => reservation.changes)
    .toSorted((a, b) => new Date(a.createdAt ?? now).getTime() - new Date(b.createdAt ?? now).getTime());
  await inChunks(changes, (data) => tx.reservationChange.createMany({ data }));
  await createMaintenance(tx, maintenance, projects[0]?.people[0] ?? "system");
  const allocations = [...bookings.flatMap(allocationsOf), ...maintenance.flatMap(maintenanceAllocations)];
  await inChunks(allocations, (data) => tx.allocation.createMany({ data }));
  const booked = bookings.flatMap((booking, index) => {
    const reservation = reservations[index];
    return reservation ? [{ booking, reservation }] : [];
  });
  await seedInstances(tx, projectId, booked, now);
  for (const project of projects) {
    await moveDemoCredits(
      tx,
      project,
      reservations.filter(({ row }) => row.projectId === project.projectId),
      now,
    );
  }
  return reservations.length;
}

/** `fra-h100-01/3`, as the history names units. */
async function unitNames(tx: Tx): Promise<(unitId: string) => string> {
  const units = await tx.unit.findMany({ include: { node: { select: { name: true } } } });
  const names = new Map(units.map(({ id, node, lane }) => [id, `${node.name}/${lane}`]));
  return (unitId) => names.get(unitId) ?? "";
}

/** Those of a cancelled booking are given back. */
function allocationsOf({ id, pool, cancelledAt, allocations }: DemoBooking): Prisma.AllocationCreateManyInput[] {
  if (cancelledAt) return [];
  return allocations.map((allocation) => ({
    id: allocation.id,
    poolId: pool.id,
    unitId: allocation.unitId,
    kind: "booking",
    reservationId: id,
    startsAt: new Date(allocation.from),
    endsAt: new Date(allocation.to),
    blocksFrom: new Date(allocation.blocksFrom),
    blocksTo: new Date(allocation.blocksTo),
  }));
}

async function createMaintenance(tx: Tx, all: readonly DemoMaintenance[], by: string): Promise<void> {
  await tx.maintenance.createMany({
    data: all.map(({ id, pool, reason, startsAt, endsAt }) => {
      const planned = new Date(startsAt.getTime() - 20 * DAY_MS);
      return { id, poolId: pool.id, reason, startsAt, endsAt, createdBy: by, createdAt: planned, updatedAt: planned };
    }),
  });
}

function maintenanceAllocations({ id, pool, unitIds, startsAt, endsAt }: DemoMaintenance) {
  return unitIds.map((unitId) => ({
    id: newIdAt("allocation", startsAt),
    poolId: pool.id,
    unitId,
    kind: "maintenance",
    maintenanceId: id,
    startsAt,
    endsAt,
    blocksFrom: startsAt,
    blocksTo: endsAt,
  }));
}

async function inChunks<T>(rows: T[], insert: (chunk: T[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += CHUNK) await insert(rows.slice(start, start + CHUNK));
}
