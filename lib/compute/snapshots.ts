import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { readNames } from "@/lib/accounts/names";
import { emitSnapshot } from "@/lib/compute/events";
import { lockInstance, writeLogs } from "@/lib/compute/rows";
import type { SnapshotChange } from "@/lib/compute/snapshot-step";
import { presentSnapshot } from "@/lib/compute/view";
import { INSTANCE_LIMITS } from "@/lib/contracts/instances";
import type { createSnapshotBody, Snapshot } from "@/lib/contracts/snapshots";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import { type Instance as InstanceRow, Prisma, type Snapshot as SnapshotRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announceInstances } from "@/lib/live/channel";

/**
 * Asks for a snapshot of a running instance; a worker takes it.
 * @throws AppError "not_found"; "conflict" unless it runs, while another one is under way, or at the limit
 */
export async function createSnapshot(
  actor: Actor,
  instanceId: string,
  { name }: z.output<typeof createSnapshotBody>,
  at?: Date,
): Promise<Snapshot> {
  authorise(actor, "instances:write");
  return transaction(async (tx) => {
    const instance = await lockInstance(tx, instanceId);
    if (instance?.projectId !== actor.projectId) throw notFound("instance");
    if (instance.status !== "running") {
      throw new AppError("conflict", `The instance is ${instance.status}: a snapshot is taken while it runs.`);
    }
    const taken = await tx.snapshot.groupBy({ by: ["status"], where: { instanceId }, _count: true });
    const underWay = taken.some(({ status }) => status === "requested" || status === "running");
    if (underWay) throw new AppError("conflict", "Another snapshot of it is being taken. Wait until it is done.");
    const total = taken.reduce((sum, { _count }) => sum + _count, 0);
    if (total >= INSTANCE_LIMITS.snapshots) {
      throw new AppError("conflict", `An instance has at most ${INSTANCE_LIMITS.snapshots} snapshots.`);
    }
    const now = at ?? (await databaseNow(tx));
    const id = await insertSnapshot(tx, instance, { name, trigger: "manual", by: actor.subject.id }, now);
    const row = await tx.snapshot.findUniqueOrThrow({
      where: { id: id ?? "" },
      include: { instance: { select: { name: true } } },
    });
    return presentSnapshot(row, await readNames(tx, [row.createdBy]));
  });
}

/** How long before the end of a reservation its snapshots begin. */
const LEAD = Prisma.raw(`interval '${INSTANCE_LIMITS.snapshotLeadMinutes} minutes'`);

/** Instances whose reservation ends soon and wants a snapshot of each, which has not been asked for. */
export const lastSnapshotsAt = (now: Date | Prisma.Sql) => Prisma.sql`
    SELECT i.id FROM reservation r JOIN instance i ON i.reservation_id = r.id
     WHERE r.status = 'active' AND r.snapshot_at_end AND r.ends_at > ${now} AND r.ends_at - ${LEAD} <= ${now}
       AND i.status = 'running' AND i.wanted = 'running' AND i.ended_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM snapshot s WHERE s.instance_id = i.id AND s.trigger = 'before_end')`;

/**
 * Asks for the snapshots of instances whose reservation ends soon and wants one: once for each instance.
 * @returns how many
 */
export async function beginLastSnapshots(now: Date): Promise<number> {
  const due = await db.$queryRaw<{ id: string }[]>`${lastSnapshotsAt(now)} ORDER BY i.id`;
  let begun = 0;
  for (const { id } of due) {
    begun += await transaction(async (tx) => {
      const instance = await lockInstance(tx, id);
      if (instance?.status !== "running") return 0;
      const last = { name: "Before the end", trigger: "before_end", by: "system" } as const;
      return (await insertSnapshot(tx, instance, last, now)) === null ? 0 : 1;
    });
  }
  return begun;
}

type Wanted = { name: string; trigger: "manual" | "before_end"; by: string };

/** Of a locked instance. @returns null where it has its one snapshot before the end already */
async function insertSnapshot(
  tx: Tx,
  instance: InstanceRow,
  { name, trigger, by }: Wanted,
  now: Date,
): Promise<string | null> {
  const id = newId("snapshot");
  const { projectId, id: instanceId, correlationId } = instance;
  const { count } = await tx.snapshot.createMany({
    data: { id, projectId, instanceId, name, trigger, correlationId, createdBy: by, dueAt: now, createdAt: now },
    skipDuplicates: true,
  });
  if (count === 0) return null;
  await writeLogs(tx, instance, [{ level: "info", message: "A snapshot is asked for.", details: { by } }], now);
  afterCommit(tx, () => announceInstances(projectId, [instanceId]));
  return id;
}

/** Stores what became of a snapshot whose lease is held. @param token the lease's; another one: nothing is stored */
export async function settleSnapshot(
  { id, token }: { id: string; token: string },
  decide: (row: SnapshotRow, now: Date) => SnapshotChange,
  at?: Date,
): Promise<boolean> {
  return transaction(async (tx) => {
    const locked = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM snapshot WHERE id = ${id} AND lease_token = ${token}::uuid FOR NO KEY UPDATE`;
    if (locked.length === 0) return false;
    const now = at ?? (await databaseNow(tx));
    const row = await tx.snapshot.findUniqueOrThrow({ where: { id }, include: { instance: true } });
    const { patch, logs, completed } = decide(row, now);
    const after = await tx.snapshot.update({ where: { id }, data: { ...patch, leaseToken: null, leaseUntil: null } });
    await writeLogs(tx, row.instance, logs, now);
    if (completed) await emitSnapshot(tx, after, row.instance, now);
    if (logs.length > 0) afterCommit(tx, () => announceInstances(row.projectId, [row.instanceId]));
    return true;
  });
}
