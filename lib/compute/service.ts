import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Change } from "@/lib/compute/life";
import { askToStart, askToStop, fail, holdsUnits } from "@/lib/compute/machine";
import { placeInstances } from "@/lib/compute/place";
import { readInstance } from "@/lib/compute/queries";
import { applyChange, lifeOf, lockInstance } from "@/lib/compute/rows";
import type { createInstancesBody, InstanceDetail } from "@/lib/contracts/instances";
import { databaseNow } from "@/lib/db/clock";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Instance as InstanceRow, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { beginWorkflow } from "@/lib/workflows/service";

/**
 * Boots the GPUs of an active reservation anew. Instances of it that were stopped or failed are ended.
 * @param at the database's clock unless given
 * @throws AppError "not_found"; "conflict" while it is not active, or an instance has its GPUs
 */
export async function createInstances(
  actor: Actor,
  { reservation_id, config, environment, webhook }: z.output<typeof createInstancesBody>,
  at?: Date,
): Promise<{ data: InstanceDetail[]; next_cursor: null }> {
  authorise(actor, "instances:write");
  const { projectId, subject } = actor;
  return transaction(async (tx) => {
    const reservation = await lockReservation(tx, reservation_id, projectId);
    if (!reservation) throw notFound("reservation");
    const now = at ?? (await databaseNow(tx));
    requireActive(reservation, now);
    await endRested(tx, reservation, now);
    const correlationId = webhook
      ? await beginWorkflow(tx, {
          projectId,
          by: subject.id,
          kind: "instance",
          title: `Instances: ${reservation.title || reservation.id}`,
          webhook,
        })
      : reservation.correlationId;
    const made = await placeInstances(tx, reservation, now, {
      ...(config !== undefined && { config }),
      ...(environment !== undefined && { environment }),
      correlationId,
      by: subject.id,
    });
    const data: InstanceDetail[] = [];
    for (const { id } of made) data.push(await readInstance(tx, projectId, id, now));
    return { data, next_cursor: null };
  });
}

/** @throws AppError "not_found"; "conflict" where its reservation is over or does not give it its GPUs any more */
export function startInstance(actor: Actor, instanceId: string, at?: Date): Promise<InstanceDetail> {
  return change(actor, instanceId, at, async (tx, row, now) => {
    const reservation = await tx.reservation.findUniqueOrThrow({ where: { id: row.reservationId } });
    requireActive(reservation, now);
    const asked = askToStart(lifeOf(row), now);
    if (asked === undefined || !(await isEntitled(tx, row.id, now))) {
      throw new AppError("conflict", "Its reservation no longer has these GPUs. Boot the reservation's GPUs anew.");
    }
    return asked;
  });
}

/** @throws AppError "not_found" */
export function stopInstance(actor: Actor, instanceId: string, at?: Date): Promise<InstanceDetail> {
  return change(actor, instanceId, at, async (_tx, row, now) => askToStop(lifeOf(row), "requested", now));
}

/**
 * Lets instances fail for a cause that was found out elsewhere, such as a node that is down: `instance.failed` is
 * emitted, their machines are cleared away. Those that have no machine stay as they are.
 * @returns those that failed by it
 */
export async function failInstances(
  tx: Tx,
  instanceIds: readonly string[],
  cause: string,
  now: Date,
): Promise<InstanceRow[]> {
  const failed: InstanceRow[] = [];
  for (const id of instanceIds.toSorted()) {
    const row = await lockInstance(tx, id);
    const change = row && fail(lifeOf(row), cause, now);
    if (row && change) failed.push(await applyChange(tx, row, change, { now }));
  }
  return failed;
}

/**
 * Puts another instance in the place of one that failed: ends it, while its machine is still being cleared away, and
 * boots the same on the GPUs that its reservation has now. Call it once the allocations are moved.
 * @throws Error when it has not failed
 */
export async function replaceInstance(tx: Tx, instanceId: string, now: Date): Promise<InstanceRow[]> {
  const found = await tx.instance.findUniqueOrThrow({ where: { id: instanceId } });
  const reservation = await lockReservation(tx, found.reservationId, found.projectId);
  const row = await lockInstance(tx, instanceId);
  if (!reservation || row?.status !== "failed") throw new Error(`Instance ${instanceId} has not failed.`);
  if (row.endedAt === null) await tx.instance.update({ where: { id: instanceId }, data: { endedAt: now } });
  const { config, environment, correlationId, createdBy } = row;
  return placeInstances(tx, reservation, now, { config, environment, correlationId, by: createdBy });
}

/** Whether its reservation is active and gives it all its GPUs at the moment. */
export async function isEntitled(tx: Tx, instanceId: string, now: Date): Promise<boolean> {
  return (await entitledOf(tx, [instanceId], now)).has(instanceId);
}

/** Which of these instances are entitled to their GPUs. */
export async function entitledOf(tx: Pick<Tx, "$queryRaw">, ids: readonly string[], now: Date): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM instance i JOIN reservation r ON r.id = i.reservation_id
     WHERE i.id = ANY (${ids}::text[]) AND i.ended_at IS NULL AND r.status = 'active' AND r.ends_at > ${now}
       AND NOT EXISTS (
         SELECT 1 FROM instance_unit iu WHERE iu.instance_id = i.id AND NOT EXISTS (
           SELECT 1 FROM allocation a WHERE a.reservation_id = r.id AND a.unit_id = iu.unit_id
              AND a.starts_at <= ${now} AND a.ends_at > ${now}))`;
  return new Set(rows.map(({ id }) => id));
}

/** @returns null where there is none in the project */
export async function lockReservation(tx: Tx, id: string, projectId: string): Promise<ReservationRow | null> {
  await tx.$queryRaw`SELECT id FROM reservation WHERE id = ${id} FOR NO KEY UPDATE`;
  return tx.reservation.findFirst({ where: { id, projectId } });
}

async function change(
  actor: Actor,
  instanceId: string,
  at: Date | undefined,
  decide: (tx: Tx, row: InstanceRow, now: Date) => Promise<Change | null>,
): Promise<InstanceDetail> {
  authorise(actor, "instances:write");
  const { projectId, subject } = actor;
  return transaction(async (tx) => {
    const row = await lockInstance(tx, instanceId);
    if (row?.projectId !== projectId) throw notFound("instance");
    const now = at ?? (await databaseNow(tx));
    const decided = await decide(tx, row, now);
    if (decided) {
      const logs = decided.logs.map((line) => ({ ...line, details: { ...line.details, by: subject.id } }));
      await applyChange(tx, row, { ...decided, logs }, { now });
    }
    return readInstance(tx, projectId, instanceId, now);
  });
}

function requireActive(reservation: ReservationRow, now: Date): void {
  if (reservation.status === "active" && reservation.endsAt > now) return;
  throw new AppError("conflict", "Its reservation is not active: instances run between its start and its end.");
}

/** @throws AppError "conflict" naming an instance that has its GPUs, or is about to */
async function endRested(tx: Tx, reservation: ReservationRow, now: Date): Promise<void> {
  const rows = await tx.instance.findMany({
    where: { reservationId: reservation.id, endedAt: null },
    orderBy: { id: "asc" },
  });
  for (const { id } of rows) {
    const row = await lockInstance(tx, id);
    if (!row || row.endedAt !== null) continue;
    const life = lifeOf(row);
    if (life.status === "requested" || holdsUnits(life)) {
      throw new AppError("conflict", `Its instance "${row.name}" is ${row.status}. Stop it first, then boot anew.`);
    }
    await tx.instance.update({
      where: { id },
      data: { endedAt: now, updatedAt: now, revision: { increment: 1 } },
    });
  }
}
