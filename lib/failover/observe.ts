import type { Tx } from "@/lib/db/transaction";
import { instancesOn } from "@/lib/failover/machines";
import { type Step, stepFailover } from "@/lib/failover/step";
import type { Failover as FailoverRow, Reservation as ReservationRow } from "@/lib/generated/prisma/client";

/** What follows for a failover from how things are. @param row recovering @param reservation locked */
export async function nextStep(tx: Tx, row: FailoverRow, reservation: ReservationRow, now: Date): Promise<Step> {
  const { reservationId, toUnits, places } = row;
  const held = await tx.allocation.count({
    where: { reservationId, unitId: { in: toUnits }, startsAt: { lte: now }, endsAt: { gt: now } },
  });
  const replacements = await instancesOn(tx, reservationId, toUnits);
  return stepFailover({ now, places, reservation, held: held > 0, replacements });
}
