import type { Actor } from "@/lib/accounts/actor";
import type { ComputeProvider } from "@/lib/compute/provider";
import { reconcile, roundDueAt } from "@/lib/compute/reconcile";
import { SimulatedProvider } from "@/lib/compute/simulated/provider";
import type { FaultKind } from "@/lib/contracts/compute-faults";
import { db } from "@/lib/db/client";
import type { Instance as InstanceRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { passTime } from "@/lib/reservations/life-cycle";
import { T0 } from "@/lib/reservations/testing";

/** For tests: reservations and instances that live by a clock of the test's own, on simulated machines. */

/** The clock of the simulated machines of this test file, and of whoever asks for it. */
export const clock = { now: T0 };

export const simulated = new SimulatedProvider({ clock: async () => clock.now });

/** So many seconds after a time. */
export function seconds(count: number, start: Date): Date {
  return new Date(start.getTime() + count * 1_000);
}

/** At this time: what is due of reservations, then of instances. @returns how many steps instances took */
export async function atBesideOthers(now: Date, provider: ComputeProvider = simulated): Promise<number> {
  clock.now = now;
  await passTime({ now });
  return reconcile({ now, providerOf: () => provider });
}

/**
 * The same, when nobody else does it at this moment.
 * @throws where steps were taken, and nothing had told a worker that waits to begin a round
 */
export async function at(now: Date, provider: ComputeProvider = simulated): Promise<number> {
  clock.now = now;
  await passTime({ now });
  const [told] = await db.$queryRaw<[{ due: boolean }]>`SELECT ${roundDueAt(now)} AS due`;
  const steps = await reconcile({ now, providerOf: () => provider });
  if (steps > 0 && !told.due) throw new Error(`${steps} steps were taken, and no worker would have known.`);
  return steps;
}

/** Every five seconds from one time to another. */
export async function live(from: Date, to: Date, provider: ComputeProvider = simulated): Promise<void> {
  for (let now = from; now <= to; now = seconds(5, now)) await at(now, provider);
}

/** From then on until nothing is on its way any more, and nothing follows from that; two minutes at most. */
export async function settle(from: Date): Promise<void> {
  let rested = false;
  for (let now = from; now <= seconds(120, from); now = seconds(5, now)) {
    await at(now);
    const underWay = await db.instance.count({
      where: {
        OR: [{ status: { in: ["requested", "starting", "stopping"] } }, { status: "failed", dueAt: { not: null } }],
      },
    });
    if (underWay === 0 && rested) return;
    rested = underWay === 0;
  }
}

/** Leaves nothing of the test before that could take a step or a fault. */
export async function clearCompute(): Promise<void> {
  await db.$executeRaw`TRUNCATE instance, simulated_machine, simulated_snapshot, simulated_fault CASCADE`;
  await db.$executeRaw`DELETE FROM allocation`;
  clock.now = T0;
}

export async function makeFault(kind: FaultKind, remaining: number | null = null, node: string | null = null) {
  const { id } = await db.simulatedFault.create({
    data: { id: newId("simulatedFault"), kind, nodeName: node, remaining, createdBy: "usr_test" },
  });
  return id;
}

export function instancesOf(reservationId: string): Promise<InstanceRow[]> {
  return db.instance.findMany({ where: { reservationId }, orderBy: [{ createdAt: "asc" }, { slot: "asc" }] });
}

export async function onlyInstance(reservationId: string): Promise<InstanceRow> {
  const [only, more] = await instancesOf(reservationId);
  if (!only || more) throw new Error("There is not one instance.");
  return only;
}

/** What a log says, oldest first. */
export async function logOf(instanceId: string): Promise<string[]> {
  const rows = await db.instanceLog.findMany({ where: { instanceId }, orderBy: { id: "asc" } });
  return rows.map(({ message }) => message);
}

type ToldEvent = { type: string; correlation_id: string; environment: string | null; data: Record<string, unknown> };

/** The events of instances and snapshots of a project, in the order of their emission. */
export async function computeEvents(actor: Actor): Promise<ToldEvent[]> {
  const rows = await db.$queryRaw<{ type: string; body: string; correlation_id: string; environment: string | null }[]>`
    SELECT type, body, correlation_id, environment FROM event
     WHERE project_id = ${actor.projectId} AND (type LIKE 'instance.%' OR type LIKE 'snapshot.%') ORDER BY id`;
  return rows.map(({ body, ...row }) => ({ ...row, data: JSON.parse(body).data }));
}

/** Nodes on which machines have more GPUs at once than the node has: none, whatever happens. */
export async function crowdedNodes(): Promise<string[]> {
  const rows = await db.$queryRaw<{ node: string }[]>`
    SELECT m.node_name AS node FROM simulated_machine m
      JOIN instance i ON i.label = m.label
     GROUP BY m.node_name, i.node_id
    HAVING sum(m.gpu_count) > (SELECT count(*) FROM unit WHERE node_id = i.node_id)`;
  return rows.map(({ node }) => node);
}
