import type { z } from "zod";
import type { Administrator } from "@/lib/accounts/admin";
import type { PoolDetail } from "@/lib/contracts/fleet";
import type { Moved, retireNodeBody } from "@/lib/contracts/fleet-admin";
import { databaseNow } from "@/lib/db/clock";
import { afterCommit, transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { mostBooked } from "@/lib/fleet/guards";
import { clearUnits } from "@/lib/fleet/make-room";
import { findNode } from "@/lib/fleet/nodes";
import { getPool } from "@/lib/fleet/queries";
import { announcePools } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { ALL_TIME, loadPool, lockPool } from "@/lib/reservations/pool-state";

/**
 * Takes a node and its units out of the fleet for good. Bookings on it that have not begun move to other units.
 * @param at the present time; the database's clock unless given
 * @throws AppError "not_found"; "conflict" when it is retired already or too few would be left for the reserve or what is booked;
 *   "capacity_unavailable" with what cannot make room in `extras.in_the_way`, and nothing changed
 */
export async function retireNode(
  { subject }: Administrator,
  { pool_id: poolId, node_id: nodeId }: { pool_id: string; node_id: string },
  { dry_run }: z.output<typeof retireNodeBody>,
  at?: Date,
): Promise<(Moved & { pool: PoolDetail }) | (Moved & { dry_run: true })> {
  const retired = await transaction(
    async (tx) => {
      await lockPool(tx, poolId);
      const pool = await loadPool(tx, poolId);
      const node = await findNode(tx, poolId, nodeId);
      const now = at ?? (await databaseNow(tx));
      const left = pool.units - node.units.length;
      const reserve = pool.units - pool.sellable;
      if (left < reserve) {
        throw new AppError(
          "conflict",
          `Without "${node.name}" the pool has ${left === 1 ? "1 GPU" : `${left} GPUs`}, fewer than the ${reserve} that it keeps in reserve. Lower the reserve first.`,
        );
      }
      const booked = await mostBooked(tx, poolId, now);
      if (left - reserve < booked.units) {
        throw new AppError(
          "conflict",
          `From ${booked.from.toISOString()} on, ${booked.units} GPUs of the pool are booked. Without "${node.name}" ${left - reserve} would be left to sell.`,
        );
      }
      const unitIds = node.units.map(({ id }) => id);
      const moved = await clearUnits(tx, { pool, unitIds, from: now, to: ALL_TIME, now });
      await tx.unit.updateMany({ where: { nodeId, retiredAt: null }, data: { retiredAt: now } });
      await tx.node.update({ where: { id: nodeId }, data: { retiredAt: now } });
      afterCommit(tx, () => announcePools([poolId]));
      return { ...moved, pool: await getPool(poolId, tx) };
    },
    { timeoutMs: 30_000, dryRun: dry_run },
  );
  if (dry_run) return { moved: retired.moved, moved_reservations: retired.moved_reservations, dry_run: true };
  log.info({ by: subject.id, pool: poolId, node: nodeId, moved: retired.moved }, "an administrator retired a node");
  return retired;
}
