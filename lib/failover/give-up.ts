import { failInstances } from "@/lib/compute/service";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { transaction } from "@/lib/db/transaction";
import { alternativesTo } from "@/lib/failover/alternatives";
import type { RoundOptions } from "@/lib/failover/detect";
import { instancesOn } from "@/lib/failover/machines";
import { layOutages } from "@/lib/failover/outages";
import { closeFailover, openFailover } from "@/lib/failover/record";
import { lockStruck, placesOf } from "@/lib/failover/struck";
import { log } from "@/lib/log";
import { withdraw } from "@/lib/reservations/withdraw";

const REASON = "Its GPUs failed, and there were no others for it";

/**
 * There is no place for what failed: the rest of its price comes back in full, and what can be booked instead is named.
 * Looked for before the locks are taken, as looking takes a while.
 * @returns whether there was something to give up
 */
export async function giveUp(reservationId: string, options: RoundOptions): Promise<boolean> {
  const alternatives = await alternativesTo(reservationId, options.now ?? (await databaseNow(db)));
  return transaction(async (tx) => {
    const found = await lockStruck(tx, reservationId, options.now);
    if (!found) return false;
    const { scene, row, pool, failure, lost } = found;
    const { now } = scene;
    const instances = await instancesOn(tx, row.id, [...lost]);
    const places = await placesOf(tx, instances, [...lost]);
    const opened = [];
    for (const place of places) {
      opened.push(await openFailover(scene, failure, { ...place, way: "none", to: null, alternatives }));
    }
    await withdraw(scene, row, { pool, lost, reason: REASON });
    await layOutages(tx, failure.poolId, now);
    await failInstances(
      tx,
      instances.map(({ id }) => id),
      failure.cause,
      now,
    );
    for (const failover of opened) {
      await closeFailover(scene, failover, { at: now, status: "ended", what: "Given up.", gaveUp: true, alternatives });
    }
    log.error({ reservation: row.id, cause: failure.cause }, "there was no room for a reservation whose GPUs failed");
    return true;
  });
}
