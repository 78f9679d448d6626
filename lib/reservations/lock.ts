import { lockAccount } from "@/lib/credits/account";
import type { Tx } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { versionConflict } from "@/lib/reservations/history";
import { expireHold } from "@/lib/reservations/life";
import { lockPool } from "@/lib/reservations/pool-state";
import type { Scene } from "@/lib/reservations/scene";

/**
 * Locks the reservation for a change of what it blocks: first its pool and the pool that it is to go to, then the row.
 * Pools are taken in the order of their ids, so that two that change places do not wait for each other.
 * @throws AppError "not_found"
 */
export async function lockWithPools(
  tx: Tx,
  projectId: string,
  reservationId: string,
  otherPoolId?: string,
): Promise<ReservationRow> {
  const seen = await tx.reservation.findFirst({ where: { id: reservationId, projectId }, select: { poolId: true } });
  if (!seen) throw notFound("reservation");
  const poolIds = [...new Set([seen.poolId, otherPoolId ?? seen.poolId])].sort();
  for (const poolId of poolIds) await lockPool(tx, poolId);
  const row = await lockRow(tx, projectId, reservationId);
  if (poolIds.includes(row.poolId)) return row;
  throw new AppError("unavailable", "It went to another pool at this moment. Repeat the request.", { retryAfterS: 1 });
}

/** Locks the row alone: for what blocks neither more nor less afterwards. @throws AppError "not_found" */
export async function lockRow(tx: Tx, projectId: string, reservationId: string): Promise<ReservationRow> {
  await tx.$queryRaw`
    SELECT 1 FROM reservation WHERE id = ${reservationId} AND project_id = ${projectId} FOR NO KEY UPDATE`;
  const row = await tx.reservation.findFirst({ where: { id: reservationId, projectId } });
  if (!row) throw notFound("reservation");
  return row;
}

/** @throws AppError "version_conflict" */
export async function requireVersion(tx: Tx, row: ReservationRow, sent: number | undefined): Promise<void> {
  if (sent !== undefined && sent !== row.version) throw await versionConflict(tx, row, sent);
}

/**
 * Lets holds of the pools go that have run out, whosoever they are: a dead hold must not stand in anybody's way until the
 * next sweep. Under the pools' locks. Accounts are locked in the order of their ids, the caller's own among them, as two
 * such bookings in different pools could otherwise wait for each other.
 */
export async function expireDeadHolds(scene: Scene, poolIds: readonly string[]): Promise<void> {
  const { tx, now, projectId } = scene;
  const dead = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM reservation
     WHERE pool_id = ANY(${[...poolIds]}) AND status = 'held' AND hold_expires_at <= ${now}
     ORDER BY id FOR NO KEY UPDATE`;
  if (dead.length === 0) return;
  const rows = await tx.reservation.findMany({
    where: { id: { in: dead.map(({ id }) => id) }, status: "held", holdExpiresAt: { lte: now } },
    orderBy: { id: "asc" },
  });
  // Before the accounts, for what it writes locks the pool's row.
  const accounts = [...new Set([projectId, ...rows.map((row) => row.projectId)])].sort();
  await tx.allocation.deleteMany({ where: { reservationId: { in: rows.map(({ id }) => id) } } });
  for (const account of accounts) await lockAccount(tx, account);
  for (const row of rows) await expireHold({ ...scene, projectId: row.projectId, by: "system" }, row);
}
