import { RESERVATION_STATUSES, type ReservationStatus } from "@/lib/contracts/reservations";
import type { Prisma, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import type { Scene } from "@/lib/reservations/scene";

/** The one status machine: from which status which others can be reached. */
const NEXT: Readonly<Record<ReservationStatus, readonly ReservationStatus[]>> = {
  held: ["confirmed", "expired", "cancelled"],
  confirmed: ["active", "cancelled"],
  active: ["completed", "cancelled"],
  completed: [],
  cancelled: [],
  expired: [],
};

export function statusOf({ status }: Pick<ReservationRow, "status">): ReservationStatus {
  const known = RESERVATION_STATUSES.find((name) => name === status);
  if (!known) throw new Error(`There is no status "${status}".`);
  return known;
}

/** Whether it still holds or uses GPUs. */
export function isOpen(row: Pick<ReservationRow, "status">): boolean {
  return NEXT[statusOf(row)].length > 0;
}

/**
 * Writes a change that others must notice: the version rises. Only from the state that was read: the row is locked, so
 * anything else is a mistake of ours and nothing is written.
 */
export async function writeChange(
  { tx, now }: Pick<Scene, "tx" | "now">,
  row: ReservationRow,
  data: Omit<Prisma.ReservationUncheckedUpdateManyInput, "status" | "version"> & { status?: ReservationStatus },
): Promise<ReservationRow> {
  const from = statusOf(row);
  if (data.status !== undefined && data.status !== from && !NEXT[from].includes(data.status)) {
    throw new Error(`A reservation does not go from ${from} to ${data.status}.`);
  }
  const [changed] = await tx.reservation.updateManyAndReturn({
    where: { id: row.id, status: row.status, version: row.version },
    data: { ...data, version: row.version + 1, updatedAt: now },
  });
  if (!changed) throw new Error(`Reservation ${row.id} is not what was read.`);
  return changed;
}
