import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { toJsonMicros } from "@/lib/contracts/money";
import type { ResponseOf } from "@/lib/contracts/operation";
import type { CancelSeriesPreview, cancelSeries as operation } from "@/lib/contracts/series";
import type { Tx } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { cancel } from "@/lib/reservations/cancel";
import { perform } from "@/lib/reservations/perform";
import { lockPool } from "@/lib/reservations/pool-state";
import { openScene, type Scene, whoIs } from "@/lib/reservations/scene";
import { readSeries } from "@/lib/reservations/series-queries";

const TIMEOUT_MS = 30_000;

/**
 * Cancels the reservations of a series that have not begun, all of them or none; what has begun stays. A dry run tells
 * what would come back.
 * @param now the database's clock unless given
 * @throws AppError "not_found"; "conflict" when nothing is still to come
 */
export async function cancelSeries(
  actor: Actor,
  seriesId: string,
  { dry_run, reason }: z.output<typeof operation.body>,
  now?: Date,
): Promise<ResponseOf<typeof operation> | CancelSeriesPreview> {
  authorise(actor, "reservations:write");
  return perform(
    dry_run,
    async (tx) => {
      const { projectId } = actor;
      if (!(await tx.reservationSeries.findFirst({ where: { id: seriesId, projectId }, select: { id: true } }))) {
        throw notFound("series");
      }
      const { scene, rows } = await lockRest(tx, actor, seriesId, now);
      if (rows.length === 0) throw new AppError("conflict", "Nothing of this series is still to come.");
      const all = await tx.reservation.count({ where: { seriesId, projectId } });
      const cancelled = [];
      for (const row of rows) {
        const { settled } = await cancel(scene, row, reason ?? null);
        cancelled.push({ row, settled });
      }
      const summary = {
        cancelled: rows.length,
        kept: all - rows.length,
        refund_micros: toJsonMicros(cancelled.reduce((sum, { settled }) => sum + settled.refund, 0n)),
        fee_micros: toJsonMicros(cancelled.reduce((sum, { settled }) => sum + settled.fee, 0n)),
      };
      if (!dry_run) return { ...summary, series: await readSeries(tx, actor, seriesId) };
      return {
        dry_run: true as const,
        ...summary,
        reservations: cancelled.map(({ row, settled }) => ({
          id: row.id,
          starts_at: row.startsAt.toISOString(),
          ends_at: row.endsAt.toISOString(),
          refund_micros: toJsonMicros(settled.refund),
          fee_micros: toJsonMicros(settled.fee),
          refund_bps: settled.refundBps,
        })),
      };
    },
    { timeoutMs: TIMEOUT_MS },
  );
}

/** All that is still to come, by start, locked: pools in the order of their ids, then the rows; the account comes last. */
async function lockRest(
  tx: Tx,
  actor: Actor,
  seriesId: string,
  now: Date | undefined,
): Promise<{ scene: Scene; rows: ReservationRow[] }> {
  const { projectId } = actor;
  const pools = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT pool_id AS id FROM reservation
     WHERE series_id = ${seriesId} AND project_id = ${projectId} AND status IN ('held', 'confirmed') ORDER BY 1`;
  for (const { id } of pools) await lockPool(tx, id);
  const scene = await openScene(tx, whoIs(actor), now);
  await tx.$queryRaw`
    SELECT 1 FROM reservation WHERE series_id = ${seriesId} AND project_id = ${projectId} ORDER BY id FOR NO KEY UPDATE`;
  const rows = await tx.reservation.findMany({
    where: { seriesId, projectId, status: { in: ["held", "confirmed"] }, startsAt: { gt: scene.now } },
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
  });
  if (rows.every(({ poolId }) => pools.some(({ id }) => id === poolId))) return { scene, rows };
  throw new AppError("unavailable", "One of them went to another pool at this moment. Repeat the request.", {
    retryAfterS: 1,
  });
}
