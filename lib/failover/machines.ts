import { askToStop } from "@/lib/compute/machine";
import { placeInstances } from "@/lib/compute/place";
import { applyChange, lifeOf } from "@/lib/compute/rows";
import { failInstances, replaceInstance } from "@/lib/compute/service";
import type { Tx } from "@/lib/db/transaction";
import type { Instance as InstanceRow, Reservation as ReservationRow } from "@/lib/generated/prisma/client";

/** Instances of a reservation that are for some of these units and have not ended. */
export async function instancesOn(tx: Tx, reservationId: string, unitIds: readonly string[]): Promise<InstanceRow[]> {
  return tx.instance.findMany({
    where: { reservationId, endedAt: null, units: { some: { unitId: { in: [...unitIds] } } } },
    orderBy: { id: "asc" },
  });
}

/**
 * Lets instances whose units failed go, and boots the same on the units that their reservation has now. One that was
 * stopped by hand stays stopped there. Those that were about to begin or to stop are left to the reconciler.
 * @param row locked
 */
export async function replaceMachines(
  tx: Tx,
  row: ReservationRow,
  instances: readonly InstanceRow[],
  { cause, now }: { cause: string; now: Date },
): Promise<void> {
  await failInstances(
    tx,
    instances.map(({ id }) => id),
    cause,
    now,
  );
  for (const { id } of instances) {
    const instance = await tx.instance.findUniqueOrThrow({ where: { id } });
    if (instance.status === "failed") {
      await replaceInstance(tx, id, now);
      continue;
    }
    if (instance.status !== "stopped") continue;
    await tx.instance.update({ where: { id }, data: { endedAt: now } });
    const { config, environment, correlationId, createdBy } = instance;
    const made = await placeInstances(tx, row, now, { config, environment, correlationId, by: createdBy });
    for (const next of made) {
      const stop = askToStop(lifeOf(next), "requested", now);
      if (stop) await applyChange(tx, next, stop, { now });
    }
  }
}
