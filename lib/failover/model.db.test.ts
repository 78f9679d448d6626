import fc from "fast-check";
import { expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { createInstances, startInstance, stopInstance } from "@/lib/compute/service";
import { crowdedNodes, makeFault, seconds } from "@/lib/compute/testing";
import { FAILOVER_LIMITS } from "@/lib/contracts/failovers";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { markFailed, markHealthy } from "@/lib/failover/health";
import { atOnce, atOnceBesideOthers, auditFindings, clearFleet, failoverEvents, pass } from "@/lib/failover/testing";
import { auditPool, createTestPool, type TestPool } from "@/lib/fleet/testing";
import type { Failover as FailoverRow } from "@/lib/generated/prisma/client";
import { bookHours, cancel, createCustomer, hour, release } from "@/lib/reservations/testing";

/**
 * Whatever fails, comes back, is stopped, started, given back or cancelled, in any order and seen by two workers at once:
 * each failover ends in one way, once, and is told and credited once. MODEL_RUNS makes it longer; a failure prints the
 * seed and the shortest sequence that shows it.
 */
const RUNS = Number(process.env.MODEL_RUNS ?? 6);

const index = fc.nat({ max: 20 });
const happening = fc.record({
  what: fc.constantFrom(
    "its node down",
    "its node down",
    "any node down",
    "node back",
    "unit failed",
    "starts fail",
    "starts fail",
    "no answer",
    "faults over",
    "cancel",
    "give back",
    "stop",
    "start",
    "boot anew",
  ),
  n: index,
  /** Looks of five seconds until the next thing happens. */
  looks: fc.constantFrom(0, 1, 2, 5, 12, 24),
  /** Whether two workers look at the same moment. */
  twice: fc.boolean(),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

type World = { customers: Actor[]; pools: TestPool[]; ids: string[]; now: Date };

async function newWorld(): Promise<World> {
  await clearFleet();
  const first = await createTestPool({ nodes: 5, lanes: 2, reserveUnits: 2 });
  const second = await createTestPool({ nodes: 2, lanes: 2, gpuTypeId: first.gpuTypeId });
  for (const { id, name } of await db.node.findMany({ where: { poolId: second.id } })) {
    await db.node.update({ where: { id }, data: { name: `other-${name}` } });
  }
  const customers = [await createCustomer(), await createCustomer()];
  const [one, two] = customers as [Actor, Actor];
  const ids = [
    (await bookHours(one, first.id, [0, 3], { gpu_count: 3 })).id,
    (await bookHours(two, first.id, [0, 3], { gpu_count: 2, topology: "single_node" })).id,
    (await bookHours(one, first.id, [0, 3], { gpu_count: 1 })).id,
  ];
  await bookHours(two, first.id, [4, 6], { gpu_count: 4 });
  await pass(hour(0), seconds(25, hour(0)));
  return { customers, pools: [first, second], ids, now: hour(1) };
}

async function happens({ customers, pools, ids, now }: World, { what, n }: Happening): Promise<void> {
  const nodes = await db.node.findMany({
    where: { poolId: { in: pools.map(({ id }) => id) } },
    orderBy: [{ poolId: "asc" }, { name: "asc" }],
    include: { units: { orderBy: { lane: "asc" } } },
  });
  const node = nodes[n % nodes.length] as (typeof nodes)[number];
  const of = { poolId: node.poolId, unitIds: node.units.map(({ id }) => id) };
  const reservation = await db.reservation.findUniqueOrThrow({ where: { id: ids[n % ids.length] ?? "" } });
  const actor = customers.find(({ projectId }) => projectId === reservation.projectId) as Actor;
  const instances = await db.instance.findMany({ where: { reservationId: reservation.id, endedAt: null } });
  const instance = instances[n % Math.max(1, instances.length)];
  switch (what) {
    case "its node down": {
      const its = nodes.find(({ id }) => id === instance?.nodeId);
      if (its) await makeFault("node_down", null, its.name);
      return;
    }
    case "any node down":
      await makeFault("node_down", null, node.name);
      return;
    case "node back":
      await db.simulatedFault.deleteMany({ where: { nodeName: node.name } });
      await markHealthy(of, now);
      return;
    case "unit failed":
      await markFailed({ ...of, unitIds: of.unitIds.slice(0, 1), cause: "ECC errors" }, now);
      return;
    case "starts fail":
      await makeFault("start_fails", null, node.name);
      return;
    case "no answer":
      await makeFault("unreachable", 20, node.name);
      return;
    case "faults over":
      await db.simulatedFault.deleteMany({ where: { kind: { not: "node_down" } } });
      return;
    case "cancel":
      await cancel(actor, reservation.id, {}, now);
      return;
    case "give back": {
      const rest = { starts_at: hour(2).toISOString(), ends_at: hour(3).toISOString() };
      await release(actor, reservation.id, { version: reservation.version, gpu_count: 1, ...rest }, now);
      return;
    }
    case "stop":
      if (instance) await stopInstance(actor, instance.id, now);
      return;
    case "start":
      if (instance) await startInstance(actor, instance.id, now);
      return;
    case "boot anew":
      await createInstances(actor, { reservation_id: reservation.id }, now);
      return;
  }
}

const whole = (row: FailoverRow) =>
  JSON.stringify(row, (_key, value) => (typeof value === "bigint" ? `${value}` : value));

/** Nothing is held twice, and what came to its end stays as it was. @param ended by id */
async function lookAround({ pools }: World, ended: Map<string, string>): Promise<void> {
  const twice = await db.$queryRaw<unknown[]>`
    SELECT unit_id FROM instance_unit WHERE released_at IS NULL GROUP BY unit_id HAVING count(*) > 1`;
  expect(twice).toEqual([]);
  expect(await crowdedNodes()).toEqual([]);
  for (const { id } of pools) expect(await auditPool(id)).toEqual({ overlaps: 0, wrongUsage: 0 });
  expect(await auditFindings()).toEqual([]);
  for (const row of await db.failover.findMany()) {
    const before = ended.get(row.id);
    if (before !== undefined) expect(whole(row)).toBe(before);
    if (row.status !== "recovering") ended.set(row.id, whole(row));
    expect(row.places).toBeLessThanOrEqual(FAILOVER_LIMITS.places);
  }
}

type Sla = {
  total_micros: number;
  grant_id: string | null;
  lines: { unit_id: string; starts_at: string; ends_at: string }[];
};

/** Every failover is over, told once and credited once, and no GPU was credited twice for one moment. */
async function lookBack({ customers, ids }: World): Promise<void> {
  const failovers = await db.failover.findMany({ orderBy: { id: "asc" } });
  expect(failovers.filter(({ status }) => status === "recovering")).toEqual([]);
  const told = (await Promise.all(customers.map(failoverEvents))).flat().map(({ failover_id }) => failover_id);
  const closed = failovers.filter(({ recoveredAt }) => recoveredAt !== null);
  expect(told.toSorted()).toEqual(closed.map(({ id }) => id).toSorted());
  const granted = closed.flatMap(({ sla }) => (sla as Sla).grant_id ?? []);
  const grants = await db.creditGrant.findMany({ where: { source: "sla" }, select: { id: true } });
  expect(grants.map(({ id }) => id).toSorted()).toEqual(granted.toSorted());
  for (const id of ids) {
    const own = closed.filter(({ reservationId }) => reservationId === id).map(({ sla }) => sla as Sla);
    const lines = own.flatMap(({ lines }) => lines);
    for (const [unit, ofUnit] of Map.groupBy(lines, ({ unit_id }) => unit_id)) {
      const inOrder = ofUnit.toSorted((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
      for (const [i, line] of inOrder.entries()) {
        expect(line.starts_at >= (inOrder[i - 1]?.ends_at ?? ""), `${unit} is credited once`).toBe(true);
      }
    }
  }
  expect(await db.instance.count({ where: { endedAt: null } })).toBe(0);
  expect(await db.instanceUnit.count({ where: { releasedAt: null } })).toBe(0);
  expect(await db.simulatedMachine.count()).toBe(0);
}

it("whatever happens, each failover ends in one way, is told once and credited once", async () => {
  const counted = { failovers: 0, recovered: 0, again: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 15, maxLength: 25 }), async (all) => {
      const world = await newWorld();
      const ended = new Map<string, string>();
      for (const one of all) {
        await happens(world, one).catch((error) => {
          if (!(error instanceof AppError)) throw error;
        });
        for (let i = 0; i < one.looks; i += 1) {
          world.now = seconds(5, world.now);
          await Promise.all(
            one.twice ? [atOnceBesideOthers(world.now), atOnceBesideOthers(world.now)] : [atOnce(world.now)],
          );
        }
        await lookAround(world, ended);
      }
      await db.simulatedFault.deleteMany();
      await pass(hour(3), seconds(60, hour(3)));
      await lookAround(world, ended);
      await lookBack(world);
      const rows = await db.failover.findMany();
      counted.failovers += rows.length;
      counted.recovered += rows.filter(({ status }) => status === "recovered").length;
      counted.again += rows.filter(({ places }) => places > 1).length;
    }),
    { numRuns: RUNS, endOnFailure: process.env.MODEL_SHRINK === undefined },
  );
  if (process.env.MODEL_RUNS) process.stdout.write(`${JSON.stringify(counted)}\n`);
  expect(counted.failovers).toBeGreaterThan(0);
}, 600_000);
