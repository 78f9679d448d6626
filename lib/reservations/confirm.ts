import { AppError } from "@/lib/errors";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { announceChange, emitReservation } from "@/lib/reservations/events";
import { compareFacts, factsOf, recordChange } from "@/lib/reservations/history";
import type { Scene } from "@/lib/reservations/scene";
import { writeChange } from "@/lib/reservations/status";

/** Confirms a held reservation, whose row is locked. @throws AppError "conflict" */
export async function confirm(scene: Scene, row: ReservationRow): Promise<ReservationRow> {
  if (row.status !== "held") {
    const why =
      row.status === "expired" ? "It was held and not confirmed in time; book anew." : `It is ${row.status} already.`;
    throw new AppError("conflict", why);
  }
  if (row.holdExpiresAt && row.holdExpiresAt <= scene.now) {
    throw new AppError("conflict", "It was held and not confirmed in time; book anew.");
  }
  const confirmed = await writeChange(scene, row, { status: "confirmed" });
  await recordChange(scene, confirmed, { kind: "confirmed", ...compareFacts(factsOf(row), factsOf(confirmed)) });
  await emitReservation(scene, "reservation.confirmed", confirmed);
  announceChange(scene, { projectId: row.projectId, ids: [row.id], poolIds: [row.poolId] });
  return confirmed;
}
