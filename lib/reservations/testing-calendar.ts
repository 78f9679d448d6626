import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { priceOf } from "@/lib/contracts/pricing";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";

/** For tests and benches of what only reads: bookings straight into the database, placed as told. */
export type StoredBooking = {
  projectId: string;
  createdBy: string;
  poolId: string;
  unitIds: readonly string[];
  from: Date;
  to: Date;
  title?: string;
  status?: "held" | "confirmed" | "active" | "completed" | "cancelled" | "expired";
  /** Hours and number of GPUs after the first segment, which has all units; the later have the first of them. */
  segments?: readonly { from: Date; to: Date; gpuCount: number }[];
};

/** Ids in the order given. A few statements, however many there are. */
export async function storeBookings(bookings: readonly StoredBooking[]): Promise<string[]> {
  const rows = bookings.map((booking) => ({ ...booking, id: newId("reservation") }));
  const segmentsOf = ({ segments, from, to, unitIds }: StoredBooking) =>
    segments ?? [{ from, to, gpuCount: unitIds.length }];
  await db.reservation.createMany({
    data: rows.map((row) => {
      const segments = segmentsOf(row).map(({ from, to, gpuCount }) => ({
        starts_at: from.toISOString(),
        ends_at: to.toISOString(),
        gpu_count: gpuCount,
      }));
      const price = priceOf({ segments, rateMicros: 2_000_000, policy: DEFAULT_BOOKING_POLICY, bookedAt: row.from });
      return {
        id: row.id,
        projectId: row.projectId,
        poolId: row.poolId,
        createdBy: row.createdBy,
        title: row.title ?? "",
        status: row.status ?? "confirmed",
        gpuCount: Math.max(...segments.map(({ gpu_count }) => gpu_count)),
        startsAt: row.from,
        endsAt: row.to,
        segments,
        correlationId: row.id,
        price,
        totalMicros: BigInt(price.total_micros),
        holdExpiresAt: row.status === "held" ? row.to : null,
      };
    }),
  });
  const allocations = rows.flatMap((row) =>
    row.status === "cancelled" || row.status === "expired"
      ? []
      : segmentsOf(row).flatMap(({ from, to, gpuCount }) =>
          row.unitIds.slice(0, gpuCount).map((unitId) => ({
            id: newId("allocation"),
            poolId: row.poolId,
            unitId,
            kind: "booking",
            reservationId: row.id,
            startsAt: from,
            endsAt: to,
            blocksFrom: from,
            blocksTo: to,
          })),
        ),
  );
  for (let i = 0; i < allocations.length; i += 2000) {
    await db.allocation.createMany({ data: allocations.slice(i, i + 2000) });
  }
  return rows.map(({ id }) => id);
}

/** A maintenance of some units. */
export async function storeMaintenance(
  poolId: string,
  unitIds: readonly string[],
  from: Date,
  to: Date,
  reason: string,
) {
  const id = newId("maintenance");
  await db.maintenance.create({
    data: { id, poolId, reason, startsAt: from, endsAt: to, createdBy: "usr_test" },
  });
  await db.allocation.createMany({
    data: unitIds.map((unitId) => ({
      id: newId("allocation"),
      poolId,
      unitId,
      kind: "maintenance",
      maintenanceId: id,
      startsAt: from,
      endsAt: to,
      blocksFrom: from,
      blocksTo: to,
    })),
  });
  return id;
}
