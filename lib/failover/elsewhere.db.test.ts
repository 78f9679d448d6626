import { beforeEach, describe, expect, it } from "vitest";
import { instancesOf, makeFault, seconds } from "@/lib/compute/testing";
import { FAILOVER_LIMITS } from "@/lib/contracts/failovers";
import { db } from "@/lib/db/client";
import { auditFindings, clearFleet, failoverEvents, failoversOf, nodesAt, pass, running } from "@/lib/failover/testing";
import { createTestPool } from "@/lib/fleet/testing";
import { balance, hour, release } from "@/lib/reservations/testing";

beforeEach(clearFleet);

/** Five tries of a start with what lies between them. */
const A_PLACE = 180;

const slaOf = (row: { sla: unknown } | undefined) => row?.sla as { total_micros: number; minutes: number };

/** Lets the node of a reservation go down. @returns where it went */
async function lose(id: string, node: string, at: Date): Promise<string> {
  await makeFault("node_down", null, node);
  await pass(at, seconds(5, at));
  const [failover] = await failoversOf(id);
  expect(failover).toMatchObject({ status: "recovering", places: 1 });
  return failover?.toNode ?? "";
}

async function grants(projectId: string): Promise<number> {
  return db.creditGrant.count({ where: { projectId, source: "sla" } });
}

describe("a replacement that cannot be started", () => {
  it("goes to another node, and the failover goes on: one gap, one credit, one event", async () => {
    const { actor, id, node } = await running({ nodes: 3 });
    await makeFault("start_fails", null, "node-02");
    await makeFault("start_fails", null, "node-03");
    const second = await lose(id, node.name, hour(1));
    // Wherever it went nothing starts; the other one is mended.
    await db.simulatedFault.deleteMany({ where: { kind: "start_fails", nodeName: { not: second } } });
    await pass(seconds(10, hour(1)), seconds(A_PLACE + 60, hour(1)));
    const [failover, more] = await failoversOf(id);
    expect(more).toBeUndefined();
    expect(failover).toMatchObject({ status: "recovered", way: "spare", fromNode: node.name, places: 2 });
    expect([node.name, second]).not.toContain(failover?.toNode);
    expect(await nodesAt(id, hour(2))).toEqual({ [failover?.toNode ?? ""]: 8 });
    const [first, tried, last, other] = await instancesOf(id);
    expect(other).toBeUndefined();
    expect(tried).toMatchObject({ status: "failed", slot: 0, ranMs: 0n });
    expect(tried?.endedAt).not.toBeNull();
    expect(last).toMatchObject({ status: "running", slot: 0 });
    expect(failover).toMatchObject({ instanceId: first?.id, replacementId: last?.id });
    expect(JSON.stringify(failover?.timeline)).toContain("Instance 1 could not be started");
    const gap = (failover?.recoveredAt?.getTime() ?? 0) - (failover?.failedAt.getTime() ?? 0);
    expect(gap).toBeGreaterThan(60_000);
    expect(slaOf(failover).minutes).toBe(8 * Math.ceil(gap / 60_000));
    expect(await grants(actor.projectId)).toBe(1);
    expect(await failoverEvents(actor)).toMatchObject([{ way: "spare", to_node: failover?.toNode, alternatives: [] }]);
    const changes = await db.reservationChange.findMany({ where: { reservationId: id }, orderBy: { id: "asc" } });
    expect(changes.map(({ kind }) => kind)).toEqual(["created", "started", "failed_over", "failed_over"]);
    expect(await auditFindings()).toEqual([]);
  });

  it("is given up after the last of its places, with the credit, what can be booked instead, and its GPUs kept", async () => {
    const { actor, id, node } = await running({ nodes: 6 });
    const before = await balance(actor);
    await makeFault("start_fails");
    await lose(id, node.name, hour(1));
    await pass(seconds(10, hour(1)), seconds(A_PLACE * (FAILOVER_LIMITS.places + 1), hour(1)));
    const [failover, more] = await failoversOf(id);
    expect(more).toBeUndefined();
    expect(failover).toMatchObject({ status: "ended", way: "none", toNode: null, places: FAILOVER_LIMITS.places });
    const instances = await instancesOf(id);
    expect(instances).toHaveLength(1 + FAILOVER_LIMITS.places);
    expect(new Set(instances.map(({ nodeId }) => nodeId)).size).toBe(instances.length);
    const [event, another] = await failoverEvents(actor);
    expect(another).toBeUndefined();
    expect(event).toMatchObject({ way: "none", to_node: null });
    expect(event?.alternatives).not.toEqual([]);
    expect(event?.alternatives).toEqual(failover?.alternatives);
    expect(await grants(actor.projectId)).toBe(1);
    expect(await balance(actor)).toMatchObject({
      available: before.available + BigInt(slaOf(failover).total_micros),
    });
    const row = await db.reservation.findUniqueOrThrow({ where: { id } });
    expect(row.status).toBe("active");
    expect(Object.values(await nodesAt(id, hour(2)))).toEqual([8]);
    expect(await auditFindings()).toEqual([]);
  });

  it("goes to other pools when no node of its own is left, and not back", async () => {
    const { id, node, pool } = await running({ nodes: 2 });
    const others = [];
    for (const prefix of ["b", "c"]) {
      const other = await createTestPool({ nodes: 1, lanes: 8, gpuTypeId: pool.gpuTypeId });
      await db.node.updateMany({ where: { poolId: other.id }, data: { name: `${prefix}-01` } });
      others.push(other.id);
    }
    await makeFault("start_fails");
    await lose(id, node.name, hour(1));
    await pass(seconds(10, hour(1)), seconds(A_PLACE * 4, hour(1)));
    const [failover] = await failoversOf(id);
    expect(failover).toMatchObject({ status: "ended", way: "none", places: 3 });
    expect(others).toContain(failover?.toPoolId);
    const instances = await instancesOf(id);
    expect(new Set(instances.map(({ nodeId }) => nodeId)).size).toBe(4);
    expect(new Set(instances.map(({ poolId }) => poolId))).toEqual(new Set([pool.id, ...others]));
    expect(await auditFindings()).toEqual([]);
  });

  it("ends at once where there is no other place", async () => {
    const { actor, id, node } = await running({ nodes: 2 });
    await makeFault("start_fails");
    await lose(id, node.name, hour(1));
    await pass(seconds(10, hour(1)), seconds(A_PLACE, hour(1)));
    expect(await failoversOf(id)).toMatchObject([{ status: "ended", way: "none", places: 1 }]);
    expect(await failoverEvents(actor)).toHaveLength(1);
    expect(await auditFindings()).toEqual([]);
  });

  it("takes nothing along that runs", async () => {
    const { id } = await running({ nodes: 4 }, { gpu_count: 16 });
    const [one, two] = await instancesOf(id);
    const lost = await db.node.findUniqueOrThrow({ where: { id: one?.nodeId ?? "" } });
    await makeFault("start_fails");
    await lose(id, lost.name, hour(1));
    await pass(seconds(10, hour(1)), seconds(A_PLACE * 3, hour(1)));
    expect(await failoversOf(id)).toMatchObject([{ status: "ended", places: 2 }]);
    const after = await db.instance.findUniqueOrThrow({ where: { id: two?.id ?? "" } });
    expect(after).toMatchObject({ status: "running", endedAt: null });
    expect(await auditFindings()).toEqual([]);
  });
});

it("is over for GPUs that are given back before it runs, and counts no longer than that", async () => {
  const { actor, id, node } = await running({ nodes: 3 }, { gpu_count: 16 });
  await makeFault("unreachable", null, "node-03");
  const lostAt = seconds(-60, hour(1));
  await pass(seconds(-90, hour(1)), seconds(-65, hour(1)));
  expect(await lose(id, node.name, lostAt)).toBe("node-03");
  const { version } = await db.reservation.findUniqueOrThrow({ where: { id } });
  const rest = { starts_at: hour(1).toISOString(), ends_at: hour(10).toISOString() };
  await release(actor, id, { version, gpu_count: 8, ...rest }, seconds(-50, hour(1)));
  await pass(seconds(-50, hour(1)), seconds(30, hour(1)));
  expect(await nodesAt(id, hour(2))).toEqual({ "node-02": 8 });
  const [failover, more] = await failoversOf(id);
  expect(more).toBeUndefined();
  expect(failover).toMatchObject({ status: "ended", way: "spare", recoveredAt: hour(1) });
  expect(slaOf(failover).minutes).toBe(8 * 2);
  expect(await failoverEvents(actor)).toHaveLength(1);
  expect(await auditFindings()).toEqual([]);
});
