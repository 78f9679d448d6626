import { z } from "zod";
import { toJsonMicros } from "@/lib/contracts/money";
import { grantCredits } from "@/lib/credits/movements";
import { graceEnd } from "@/lib/credits/rollover";
import type { Tx } from "@/lib/db/transaction";
import { gapEnd, gapStart, lastSeen, wasWanted } from "@/lib/failover/gap";
import { instancesOn } from "@/lib/failover/machines";
import { type LostTime, type SlaCredit, slaCredit } from "@/lib/failover/sla";
import type { Ending } from "@/lib/failover/step";
import type { Failover as FailoverRow, Instance as InstanceRow, Prisma } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announceChange } from "@/lib/reservations/events";
import type { Scene } from "@/lib/reservations/scene";
import { storedPrice } from "@/lib/reservations/view";
import { emit } from "@/lib/webhooks/emit";

export type Way = "spare" | "repack" | "substitute" | "none";
type Step = { at: string; what: string };

/** Used before what was paid for, after what expires sooner. */
const SLA_PRIORITY = 40;

/** A failure of a reservation's units, while it is dealt with. */
export type Failure = {
  reservationId: string;
  poolId: string;
  cause: string;
  /** When the units were found to have failed. */
  since: Date;
  drillId: string | null;
};

/** Where it went. */
export type Destination = { poolId: string; unitIds: string[]; nodes: string };

/**
 * Writes down that the place of an instance was lost and what comes instead. One for each instance, whoever sees its
 * failure; where there was none yet, one for the units. A failover that has not come to an end and is struck again goes on
 * in the new one, from its beginning.
 */
export async function openFailover(
  { tx, now, projectId }: Scene,
  failure: Failure,
  {
    instance,
    fromNode,
    fromUnits,
    way,
    to,
    alternatives = [],
  }: {
    instance: InstanceRow | null;
    fromNode: string;
    fromUnits: string[];
    way: Way;
    /** null: nowhere */
    to: Destination | null;
    alternatives?: unknown[];
  },
): Promise<FailoverRow> {
  const unfinished = await tx.failover.findMany({
    where: { reservationId: failure.reservationId, status: "recovering", toUnits: { hasSome: fromUnits } },
    orderBy: { id: "asc" },
  });
  const id = newId("failover");
  for (const before of unfinished) {
    await tx.failover.update({
      where: { id: before.id },
      data: {
        status: "ended",
        timeline: addStep(before, now, `What was to replace it failed too: it goes on as ${id}.`),
      },
    });
  }
  const seen = lastSeen(instance, now);
  const failedAt = gapStart(seen, unfinished);
  const timeline: Step[] = [
    ...unfinished.flatMap((before) => stepsOf(before)),
    ...(instance && seen < now && unfinished.length === 0
      ? [{ at: seen.toISOString(), what: `${instance.name} was last seen to run on ${fromNode}.` }]
      : []),
    { at: failure.since.toISOString(), what: `${fromNode} failed: ${failure.cause}` },
    { at: now.toISOString(), what: wordsOf(way, to) },
  ];
  return tx.failover.create({
    data: {
      id,
      projectId,
      reservationId: failure.reservationId,
      poolId: failure.poolId,
      instanceId: instance?.id ?? null,
      cause: failure.cause,
      fromNode,
      toNode: to?.nodes ?? null,
      fromUnits,
      toUnits: to?.unitIds ?? [],
      toPoolId: to?.poolId ?? null,
      status: "recovering",
      way,
      alternatives: alternatives as Prisma.InputJsonArray,
      drillId: failure.drillId,
      failedAt,
      timeline,
      createdAt: now,
      movedAt: now,
    },
  });
}

export function wordsOf(way: Way, to: Destination | null): string {
  switch (way) {
    case "spare":
      return `Moved to spare GPUs on ${to?.nodes}.`;
    case "repack":
      return `Moved to ${to?.nodes}; bookings that had not begun made room.`;
    case "substitute":
      return `Moved to ${to?.nodes} of another pool, at the same price.`;
    case "none":
      return "There was no room anywhere: what failed ends here, and the rest of its price came back in full.";
  }
}

/**
 * Brings a failover to its end: what the gap costs is credited at once, and `failover.triggered` is emitted, in the
 * caller's transaction, which has the reservation's lock.
 * @param alternatives what can be booked instead, for one that gives up
 * @throws Error when it has come to an end before
 */
export async function closeFailover(
  scene: Scene,
  row: FailoverRow,
  { at, status, what, gaveUp, alternatives }: Ending & { alternatives: unknown[] },
): Promise<FailoverRow> {
  const { tx, now, policy } = scene;
  const reservation = await tx.reservation.findUniqueOrThrow({ where: { id: row.reservationId } });
  const instance = row.instanceId ? await tx.instance.findUnique({ where: { id: row.instanceId } }) : null;
  const end = gapEnd({ failedAt: row.failedAt, at, endsAt: reservation.endsAt });
  const price = storedPrice(reservation.price);
  const credit = slaCredit(wasWanted(instance) ? await lostTime(scene, row, instance, end) : [], price, {
    multiplierBps: policy.sla.multiplier_bps,
    capMicros: BigInt(price.total_micros) - (await creditedBefore(scene, row)),
  });
  const grantId = await post(scene, row, credit);
  const replacement = (await instancesOn(tx, row.reservationId, row.toUnits))[0];
  const closed = await tx.failover.update({
    where: { id: row.id, status: "recovering" },
    data: {
      status,
      ...(gaveUp && { way: "none", toNode: null, alternatives: alternatives as Prisma.InputJsonArray }),
      replacementId: replacement?.id ?? row.replacementId,
      recoveredAt: end,
      sla: { ...credit, grant_id: grantId },
      timeline: [
        ...stepsOf(row),
        { at: end.toISOString(), what },
        ...(grantId === null ? [] : [{ at: now.toISOString(), what: `${credit.minutes} GPU minutes were credited.` }]),
      ],
    },
  });
  await emitFailover(scene, closed, { instance, credit });
  announceChange(scene, { projectId: row.projectId, ids: [row.reservationId], credits: grantId !== null });
  return closed;
}

/**
 * The GPUs of what ran: when one of its GPUs fails an instance fails as a whole. Those that it did not have to leave boot
 * again where they are, and are missing until then only.
 */
async function lostTime({ tx }: Scene, row: FailoverRow, instance: InstanceRow | null, end: Date): Promise<LostTime[]> {
  const unitIds = instance
    ? (await tx.instanceUnit.findMany({ where: { instanceId: instance.id } })).map(({ unitId }) => unitId)
    : row.fromUnits;
  const units = await tx.unit.findMany({
    where: { id: { in: unitIds } },
    include: { node: { select: { name: true } } },
  });
  const again = await runAgainSince(
    tx,
    row,
    unitIds.filter((id) => !row.fromUnits.includes(id)),
  );
  return units.map(({ id, lane, node }) => ({
    unitId: id,
    node: node.name,
    lane,
    from: row.failedAt.getTime(),
    to: Math.min(end.getTime(), again.get(id)?.getTime() ?? Number.POSITIVE_INFINITY),
  }));
}

/** When another instance of the reservation came up on these of its GPUs, whatever became of it since. */
async function runAgainSince(tx: Tx, row: FailoverRow, unitIds: string[]): Promise<Map<string, Date>> {
  const rows = await tx.$queryRaw<{ unit_id: string; since: Date }[]>`
    SELECT iu.unit_id, min(l.at) AS since
      FROM instance_unit iu
      JOIN instance i ON i.id = iu.instance_id AND i.reservation_id = ${row.reservationId}
      JOIN instance_log l ON l.instance_id = i.id AND l.details ->> 'status' = 'running' AND l.at >= ${row.createdAt}
     WHERE iu.unit_id = ANY (${unitIds}) AND i.id IS DISTINCT FROM ${row.instanceId}
     GROUP BY iu.unit_id`;
  return new Map(rows.map(({ unit_id, since }) => [unit_id, since]));
}

const storedSla = z.object({ total_micros: z.int() });

async function creditedBefore({ tx }: Scene, { reservationId, id }: FailoverRow): Promise<bigint> {
  const rows = await tx.failover.findMany({
    where: { reservationId, id: { not: id }, recoveredAt: { not: null } },
    select: { sla: true },
  });
  return rows.reduce((sum, { sla }) => sum + BigInt(storedSla.safeParse(sla).data?.total_micros ?? 0), 0n);
}

async function post({ tx, now, policy }: Scene, row: FailoverRow, credit: SlaCredit): Promise<string | null> {
  if (credit.total_micros === 0) return null;
  const grant = await grantCredits(tx, {
    projectId: row.projectId,
    source: "sla",
    amount: BigInt(credit.total_micros),
    expiresAt: graceEnd(now, policy.sla.credit_days),
    priority: SLA_PRIORITY,
    note: `For ${credit.minutes} GPU minutes that ${row.reservationId} was without ${row.fromNode}`,
    by: "system",
    key: `failover:${row.id}`,
    now,
  });
  return grant.id;
}

async function emitFailover(
  { tx, now }: Scene,
  row: FailoverRow,
  { instance, credit }: { instance: InstanceRow | null; credit: SlaCredit },
): Promise<void> {
  const reservation = await tx.reservation.findUniqueOrThrow({ where: { id: row.reservationId } });
  const environment = instance?.environment ?? reservation.environment;
  await emit(tx, row.projectId, {
    type: "failover.triggered",
    data: {
      failover_id: row.id,
      reservation_id: row.reservationId,
      instance_id: row.instanceId,
      replacement_id: row.replacementId,
      from_node: row.fromNode,
      to_node: row.toNode,
      cause: row.cause,
      way: row.way,
      gap_seconds: Math.ceil(((row.recoveredAt ?? now).getTime() - row.failedAt.getTime()) / 1000),
      sla_micros: toJsonMicros(BigInt(credit.total_micros)),
      drill: row.drillId !== null,
      alternatives: row.alternatives,
    },
    source: "platform",
    occurredAt: now,
    correlationId: instance?.correlationId ?? reservation.correlationId,
    ...(environment !== null && { environment }),
    ...(instance?.application && { application: instance.application }),
  });
}

const storedSteps = z.array(z.object({ at: z.string(), what: z.string() }));

export function stepsOf({ timeline }: Pick<FailoverRow, "timeline">): Step[] {
  return storedSteps.parse(timeline);
}

export function addStep(row: FailoverRow, at: Date, what: string): Step[] {
  return [...stepsOf(row), { at: at.toISOString(), what }];
}
