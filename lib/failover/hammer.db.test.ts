import { beforeEach, expect, it } from "vitest";
import { crowdedNodes, instancesOf, makeFault, seconds } from "@/lib/compute/testing";
import { db } from "@/lib/db/client";
import { atOnce, atOnceBesideOthers, auditFindings, clearFleet, failoverEvents } from "@/lib/failover/testing";
import { auditPool, createTestPool } from "@/lib/fleet/testing";
import { bookHours, createCustomer, hour } from "@/lib/reservations/testing";

beforeEach(clearFleet);

/** Units that two instances hold at once: the database forbids it, so none. */
async function unitsHeldTwice(): Promise<number> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT unit_id FROM instance_unit WHERE released_at IS NULL GROUP BY unit_id HAVING count(*) > 1`;
  return rows.length;
}

it("keeps every promise when half of the nodes fail at once, three workers see it and others book meanwhile", async () => {
  const pool = await createTestPool({ nodes: 10, lanes: 4, reserveUnits: 8, computeProvider: "simulated" });
  const customers = await Promise.all([createCustomer(), createCustomer(), createCustomer(), createCustomer()]);
  const ids: string[] = [];
  for (let i = 0; i < 12; i += 1) {
    const actor = customers[i % 4];
    if (!actor) continue;
    const count = [4, 2, 1, 3][i % 4] ?? 1;
    const topology = i % 3 === 0 ? ("single_node" as const) : ("any" as const);
    ids.push((await bookHours(actor, pool.id, [0, 20], { gpu_count: count, topology })).id);
  }
  for (let now = hour(0); now <= seconds(25, hour(0)); now = seconds(5, now)) await atOnce(now);
  const nodes = await db.node.findMany({ where: { poolId: pool.id }, orderBy: { name: "asc" }, take: 5 });
  for (const { name } of nodes) await makeFault("node_down", null, name);

  for (let now = hour(1); now <= seconds(90, hour(1)); now = seconds(10, now)) {
    const booking = customers.map((actor, i) =>
      bookHours(actor, pool.id, [2 + i, 4 + i], { gpu_count: 3 }, now).catch(() => undefined),
    );
    const workers = [1, 2, 3].map(() => atOnceBesideOthers(now));
    await Promise.all([...workers, ...booking]);
    expect(await unitsHeldTwice()).toBe(0);
    expect(await crowdedNodes()).toEqual([]);
    expect(await auditPool(pool.id)).toEqual({ overlaps: 0, wrongUsage: 0 });
  }

  expect(await auditFindings()).toEqual([]);
  const failed = new Set((await db.unit.findMany({ where: { health: "failed" } })).map(({ id }) => id));
  expect(failed.size).toBe(20);
  const open = await db.reservation.findMany({ where: { id: { in: ids }, status: "active" } });
  for (const { id } of open) {
    const held = await db.allocation.findMany({ where: { reservationId: id, endsAt: { gt: hour(1.5) } } });
    expect(held.some(({ unitId }) => failed.has(unitId))).toBe(false);
    const live = (await instancesOf(id)).filter(({ endedAt }) => endedAt === null);
    expect(live.every(({ status }) => status === "running")).toBe(true);
    expect(live.reduce((sum, { gpuCount }) => sum + gpuCount, 0)).toBe(held.length);
  }
  // Each failover was told once, and credited once.
  const failovers = await db.failover.findMany({ where: { status: { not: "recovering" } } });
  const told = (await Promise.all(customers.map((actor) => failoverEvents(actor)))).flat();
  expect(told.map(({ failover_id }) => failover_id).sort()).toEqual(
    failovers
      .filter(({ recoveredAt }) => recoveredAt !== null)
      .map(({ id }) => id)
      .sort(),
  );
  const credited = failovers.filter(({ sla }) => (sla as { grant_id: string | null } | null)?.grant_id);
  expect(await db.creditGrant.count({ where: { source: "sla" } })).toBe(credited.length);
});
