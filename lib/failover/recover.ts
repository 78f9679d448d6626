import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { RoundOptions } from "@/lib/failover/detect";
import { instancesOn } from "@/lib/failover/machines";
import { closeFailover } from "@/lib/failover/record";
import type { Instance as InstanceRow, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { lockRow } from "@/lib/reservations/lock";
import { openScene } from "@/lib/reservations/scene";

/**
 * Brings failovers to their end whose replacement runs, or will not run. Each under its reservation's lock, which its
 * credit needs anyway.
 * @returns how many came to an end
 */
export async function closeRecovered({ now }: RoundOptions): Promise<number> {
  const open = await db.failover.findMany({
    where: { status: "recovering" },
    select: { id: true, projectId: true, reservationId: true },
    orderBy: { id: "asc" },
  });
  let closed = 0;
  for (const { id, projectId, reservationId } of open) {
    closed += await transaction(async (tx) => {
      const reservation = await lockRow(tx, projectId, reservationId);
      const row = await tx.failover.findUniqueOrThrow({ where: { id } });
      if (row.status !== "recovering") return 0;
      const scene = await openScene(tx, { projectId, by: "system" }, now);
      const end = endOf(reservation, await instancesOn(tx, reservationId, row.toUnits), scene.now);
      if (end) await closeFailover(scene, row, end);
      return end ? 1 : 0;
    });
  }
  return closed;
}

type End = Parameters<typeof closeFailover>[2];

/** undefined: it is under way, or what replaces it failed too and is dealt with as a failure of its own. */
function endOf(reservation: ReservationRow, replacements: readonly InstanceRow[], now: Date): End | undefined {
  if (reservation.status !== "active" || reservation.endsAt <= now) {
    const at = reservation.endedAt ?? reservation.endsAt;
    return { at, status: "ended", what: "The reservation ended before it ran again." };
  }
  const [first] = replacements;
  if (!first) return undefined;
  const stopped = replacements.find(({ stopReason }) => stopReason === "requested");
  if (stopped) return { at: now, status: "ended", what: `${stopped.name} was stopped by hand.` };
  const broken = replacements.find(({ status, ranMs }) => status === "failed" && ranMs === 0n);
  if (broken) {
    const what = `${broken.name} could not be started in its place: ${broken.failure}`;
    return { at: now, status: "ended", what, gaveUp: true };
  }
  if (replacements.some(({ status }) => status !== "running")) return undefined;
  const since = Math.max(...replacements.map(({ runningSince }) => (runningSince ?? now).getTime()));
  return { at: new Date(since), status: "recovered", what: `${first.name} runs again.` };
}
