import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { emitInstance } from "@/lib/compute/events";
import type { Change, Life, LogLine } from "@/lib/compute/life";
import { instanceSchema } from "@/lib/contracts/instances";
import { afterCommit, type Tx } from "@/lib/db/transaction";
import { type Instance as InstanceRow, Prisma } from "@/lib/generated/prisma/client";
import { announceInstances } from "@/lib/live/channel";

const lifeSchema = z.object({
  status: instanceSchema.shape.status,
  wanted: instanceSchema.shape.wanted,
  stopReason: instanceSchema.shape.stop_reason,
  address: instanceSchema.shape.address,
});

/** What the state machine knows of a row. */
export function lifeOf(row: InstanceRow): Life {
  const { failure, externalId, tries, triedAt, dueAt, runningSince, ranMs, checkedAt, endedAt } = row;
  const parsed = lifeSchema.parse(row);
  return { ...parsed, failure, externalId, tries, triedAt, dueAt, runningSince, ranMs, checkedAt, endedAt };
}

/** Takes the row's lock. @returns null when there is none, or the lease of this token is no longer its lease */
export async function lockInstance(tx: Tx, id: string, token?: string): Promise<InstanceRow | null> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM instance
     WHERE id = ${id} AND (${token ?? null}::uuid IS NULL OR lease_token = ${token ?? null}::uuid) FOR NO KEY UPDATE`;
  return locked.length === 0 ? null : tx.instance.findUniqueOrThrow({ where: { id } });
}

/**
 * Stores a change of a locked row with everything that goes with it: GPUs, log, event, and the word to the screens. A
 * changed status ends the lease of whoever is asking the provider at the moment: the answer belongs to another state.
 * @param settled the lease ends because its question is answered
 */
export async function applyChange(
  tx: Tx,
  row: InstanceRow,
  change: Change,
  { now, settled = false }: { now: Date; settled?: boolean },
): Promise<InstanceRow> {
  const { address, ...patch } = change.patch;
  const shows = change.logs.length > 0 || isShown(row, change.patch);
  if (change.units === "take") await takeUnits(tx, row.id, now);
  if (change.units === "release") await releaseUnits(tx, row.id, now);
  const after = await tx.instance.update({
    where: { id: row.id },
    data: {
      ...patch,
      ...(address !== undefined && { address: address ?? Prisma.DbNull }),
      ...((settled || change.patch.status !== undefined) && { leaseToken: null, leaseUntil: null }),
      ...(shows && { revision: { increment: 1 } }),
      updatedAt: shows ? now : row.updatedAt,
    },
  });
  await writeLogs(tx, after, change.logs, now);
  if (change.event) await emitInstance(tx, after, change.event, now);
  if (shows) afterCommit(tx, () => announceInstances(row.projectId, [row.id]));
  return after;
}

/** Lines for people, in order. */
export async function writeLogs(
  tx: Tx,
  { id, projectId }: Pick<InstanceRow, "id" | "projectId">,
  lines: readonly LogLine[],
  now: Date,
): Promise<void> {
  if (lines.length === 0) return;
  await tx.instanceLog.createMany({
    data: lines.map(({ level, message, details = {} }) => ({
      instanceId: id,
      projectId,
      at: now,
      level,
      message,
      details: details as Prisma.InputJsonObject,
    })),
  });
}

/** Who has not let go of one of its GPUs yet; null: nobody. Locks them, so that the answer stays true. */
export async function heldBy(tx: Tx, instanceId: string): Promise<string | null> {
  await tx.$queryRaw`
    SELECT u.id FROM unit u JOIN instance_unit own ON own.unit_id = u.id AND own.instance_id = ${instanceId}
     ORDER BY u.id FOR NO KEY UPDATE OF u`;
  const [other] = await tx.$queryRaw<{ instance_id: string }[]>`
    SELECT other.instance_id FROM instance_unit own
      JOIN instance_unit other ON other.unit_id = own.unit_id AND other.instance_id <> own.instance_id
     WHERE own.instance_id = ${instanceId} AND other.released_at IS NULL LIMIT 1`;
  return other?.instance_id ?? null;
}

async function takeUnits(tx: Tx, instanceId: string, now: Date): Promise<void> {
  await tx.instanceUnit.updateMany({ where: { instanceId }, data: { takenAt: now, releasedAt: null } });
}

async function releaseUnits(tx: Tx, instanceId: string, now: Date): Promise<void> {
  await tx.instanceUnit.updateMany({ where: { instanceId, releasedAt: null }, data: { releasedAt: now } });
}

/** Whether it changes what people see. */
function isShown(row: InstanceRow, patch: Partial<Life>): boolean {
  const { dueAt: _due, checkedAt: _checked, triedAt: _tried, address, ...rest } = patch;
  if (address !== undefined && !isDeepStrictEqual(address, lifeOf(row).address)) return true;
  return Object.entries(rest).some(([key, value]) => row[key as keyof InstanceRow] !== value);
}
