import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { transaction } from "@/lib/db/transaction";
import type { RoundOptions } from "@/lib/failover/detect";
import { readReport } from "@/lib/failover/drill-report";
import { healUnits } from "@/lib/failover/health";
import { log } from "@/lib/log";
import { lockPool } from "@/lib/reservations/pool-state";

/** A drill that has not come to rest by then is ended, and its report says what is left. */
const PATIENCE_MINUTES = 15;

/**
 * Ends drills of which everything is healed, or that take too long: the fault is removed, what failed by it is healthy
 * again, and the drill's report says what did not hold.
 * @returns how many ended
 */
export async function finishDrills({ now }: RoundOptions): Promise<number> {
  const running = await db.drill.findMany({ where: { status: "running" }, orderBy: { id: "asc" } });
  let finished = 0;
  for (const { id, poolId } of running) {
    finished += await transaction(async (tx) => {
      await lockPool(tx, poolId);
      const drill = await tx.drill.findUniqueOrThrow({ where: { id } });
      if (drill.status !== "running") return 0;
      const at = now ?? (await databaseNow(tx));
      const units = await tx.unit.findMany({ where: { nodeId: drill.nodeId, retiredAt: null } });
      const unitIds = units.map(({ id }) => id);
      const noticed = units.every(({ health }) => health === "failed");
      const left = await tx.allocation.count({
        where: {
          unitId: { in: unitIds },
          startsAt: { lte: at },
          endsAt: { gt: at },
          reservation: { status: "active", endsAt: { gt: at } },
        },
      });
      const recovering = await tx.failover.count({ where: { drillId: id, status: "recovering" } });
      const late = at.getTime() - drill.startedAt.getTime() >= PATIENCE_MINUTES * 60_000;
      if (!late && (!noticed || left > 0 || recovering > 0)) return 0;
      const report = readReport(drill);
      const didNotHold = [
        ...(noticed ? [] : ["The failure of the node was not noticed."]),
        ...(left > 0 ? [`${left} GPUs of bookings that have begun are still on the node.`] : []),
        ...(recovering > 0 ? [`${recovering} failovers had not come to an end.`] : []),
      ];
      await tx.simulatedFault.deleteMany({ where: { id: report.fault_id ?? "" } });
      await healUnits(tx, { poolId, unitIds: unitIds.filter((id) => !report.failed_before.includes(id)), now: at });
      await tx.drill.update({
        where: { id },
        data: { status: "finished", finishedAt: at, report: { ...report, did_not_hold: didNotHold } },
      });
      log.info({ drill: id, didNotHold }, "a drill ended");
      return 1;
    });
  }
  return finished;
}
