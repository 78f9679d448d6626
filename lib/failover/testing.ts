import type { Actor } from "@/lib/accounts/actor";
import { at, atBesideOthers, clearCompute, instancesOf, seconds, simulated } from "@/lib/compute/testing";
import { ledgerChecks } from "@/lib/credits/audit";
import { db } from "@/lib/db/client";
import { failoverRound, SOMETHING_AT_STAKE } from "@/lib/failover/watch";
import { createTestPool } from "@/lib/fleet/testing";
import { type Failover as FailoverRow, Prisma } from "@/lib/generated/prisma/client";
import { bookingChecks } from "@/lib/reservations/audit-checks";
import { bookHours, createCustomer, hour, T0 } from "@/lib/reservations/testing";

/** For tests: leaves nothing of the test before: no project, no machine, no pool that could be used. */
export async function clearFleet(): Promise<void> {
  await clearCompute();
  await db.drill.deleteMany();
  await db.project.deleteMany();
  await db.unit.updateMany({ data: { health: "healthy", healthCause: null, retiredAt: T0 } });
  await db.node.updateMany({ data: { retiredAt: T0 } });
  await db.pool.updateMany({ data: { open: false } });
}

/** For tests: everything that time does, at one moment of the test's own clock, while others may do it too. */
export async function atOnceBesideOthers(now: Date): Promise<void> {
  await atBesideOthers(now);
  await failoverRound({ now, providerOf: () => simulated });
}

/** The same, when nobody else does it. @throws where something was done, and nothing had told a worker that waits to do it */
export async function atOnce(now: Date): Promise<void> {
  await at(now);
  const [told] = await db.$queryRaw<[{ due: boolean }]>`SELECT ${Prisma.raw(SOMETHING_AT_STAKE)} AS due`;
  const done = await failoverRound({ now, providerOf: () => simulated });
  if (done > 0 && !told.due) throw new Error(`${done} failovers began or ended, and no worker would have known.`);
}

/** Every five seconds from one time to another. */
export async function pass(from: Date, to: Date): Promise<void> {
  for (let now = from; now <= to; now = seconds(5, now)) await atOnce(now);
}

export function failoversOf(reservationId: string): Promise<FailoverRow[]> {
  return db.failover.findMany({ where: { reservationId }, orderBy: { id: "asc" } });
}

/** `data` of the failover.triggered events of a project, in the order of their emission. */
export async function failoverEvents(actor: Actor): Promise<Record<string, unknown>[]> {
  const rows = await db.$queryRaw<{ body: string }[]>`
    SELECT body FROM event WHERE project_id = ${actor.projectId} AND type = 'failover.triggered' ORDER BY id`;
  return rows.map(({ body }) => JSON.parse(body).data);
}

/** Names of the checks of the self-audit that find anything. */
export async function auditFindings(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, sql } of [...bookingChecks, ...ledgerChecks]) {
    const rows = await db.$queryRaw<unknown[]>`${Prisma.raw(sql)}`;
    if (rows.length > 0)
      found.push(
        `${name}: ${JSON.stringify(rows[0], (_key, value) => (typeof value === "bigint" ? `${value}` : value))}`,
      );
  }
  return found;
}

/** Nodes on which a reservation has GPUs at a moment, with how many. */
export async function nodesAt(reservationId: string, at: Date): Promise<Record<string, number>> {
  const rows = await db.$queryRaw<{ name: string; gpus: number }[]>`
    SELECT n.name, count(*)::int AS gpus FROM allocation a JOIN unit u ON u.id = a.unit_id JOIN node n ON n.id = u.node_id
     WHERE a.reservation_id = ${reservationId} AND a.starts_at <= ${at} AND a.ends_at > ${at} GROUP BY n.name`;
  return Object.fromEntries(rows.map(({ name, gpus }) => [name, gpus]));
}

/** For tests: a running reservation of so many GPUs in a pool of so many nodes of eight. */
export async function running(
  { nodes = 2, ...pool }: Partial<Prisma.PoolUncheckedCreateInput> & { nodes?: number } = {},
  body: Parameters<typeof bookHours>[3] = {},
) {
  const actor = await createCustomer();
  const made = await createTestPool({ nodes, lanes: 8, ...pool });
  const { id } = await bookHours(actor, made.id, [0, 10], { gpu_count: 8, ...body });
  await pass(hour(0), seconds(25, hour(0)));
  const [instance] = await instancesOf(id);
  const node = await db.node.findUniqueOrThrow({ where: { id: instance?.nodeId ?? "" } });
  return { actor, pool: made, id, node };
}
