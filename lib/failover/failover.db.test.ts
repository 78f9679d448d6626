import { beforeEach, describe, expect, it } from "vitest";
import { reconcile } from "@/lib/compute/reconcile";
import { clock, instancesOf, makeFault, seconds, simulated } from "@/lib/compute/testing";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { detectFailures } from "@/lib/failover/detect";
import { healReservation } from "@/lib/failover/heal";
import { markFailed, markHealthy } from "@/lib/failover/health";
import { closeRecovered } from "@/lib/failover/recover";
import {
  atOnce,
  atOnceBesideOthers,
  auditFindings,
  clearFleet,
  failoverEvents,
  failoversOf,
  nodesAt,
  pass,
  running,
} from "@/lib/failover/testing";
import { auditPool, createTestPool } from "@/lib/fleet/testing";
import { balance, bookHours, cancel, createCustomer, hour, update } from "@/lib/reservations/testing";

beforeEach(clearFleet);

const slaOf = (row: { sla: unknown } | undefined) =>
  row?.sla as {
    total_micros: number;
    minutes: number;
    grant_id: string;
    lines: { unit_id: string; ends_at: string }[];
  };

describe("a node that fails under a running reservation", () => {
  it("is left for spare GPUs of the failover reserve: same slot, a credit, an event, and nothing sold on it", async () => {
    const { actor, pool, id, node } = await running({ nodes: 3, reserveUnits: 8 });
    const before = await balance(actor);
    await makeFault("node_down", null, node.name);
    await pass(hour(1), seconds(60, hour(1)));
    const [failover, more] = await failoversOf(id);
    expect(more).toBeUndefined();
    expect(failover).toMatchObject({ status: "recovered", way: "spare", fromNode: node.name, toPoolId: pool.id });
    const [first, second, third] = await instancesOf(id);
    expect(third).toBeUndefined();
    expect(first).toMatchObject({ status: "failed", slot: 0 });
    expect(first?.endedAt).not.toBeNull();
    expect(second).toMatchObject({ status: "running", slot: 0, gpuCount: 8 });
    expect(failover).toMatchObject({ instanceId: first?.id, replacementId: second?.id });
    expect(await nodesAt(id, hour(2))).toEqual({ [failover?.toNode ?? ""]: 8 });
    // 8 GPUs at 2 credits with 10 % off, twice, for each begun minute.
    const sla = slaOf(failover);
    expect(sla.total_micros).toBe(sla.minutes * 60_000);
    expect(await balance(actor)).toMatchObject({ available: before.available + BigInt(sla.total_micros) });
    expect(await db.creditGrant.findUniqueOrThrow({ where: { id: sla.grant_id } })).toMatchObject({ source: "sla" });
    expect(await failoverEvents(actor)).toMatchObject([
      {
        failover_id: failover?.id,
        reservation_id: id,
        instance_id: first?.id,
        replacement_id: second?.id,
        from_node: node.name,
        to_node: failover?.toNode,
        way: "spare",
        sla_micros: sla.total_micros,
        drill: false,
      },
    ]);
    const failed = await db.unit.findMany({ where: { health: "failed" } });
    expect(failed.map(({ nodeId }) => nodeId)).toEqual(Array(8).fill(node.id));
    expect(await db.allocation.count({ where: { kind: "outage", unitId: { in: failed.map(({ id }) => id) } } })).toBe(
      8,
    );
    await expect(bookHours(actor, pool.id, [20, 21], { gpu_count: 9 }, hour(1.1))).rejects.toThrow(AppError);
    const changes = await db.reservationChange.findMany({ where: { reservationId: id }, orderBy: { id: "asc" } });
    expect(changes.map(({ kind }) => kind)).toEqual(["created", "started", "failed_over"]);
    expect(await auditFindings()).toEqual([]);
    // Its life goes on: it can be made longer and given back as any other.
    await update(actor, id, { version: 2, ends_at: hour(12).toISOString() }, hour(1.1));
    expect(await auditFindings()).toEqual([]);
    await cancel(actor, id, {}, hour(2));
    expect(await auditFindings()).toEqual([]);
    await pass(hour(2), seconds(20, hour(2)));
    expect(await db.instanceUnit.count({ where: { releasedAt: null } })).toBe(0);
    // Healthy again, it is sold again.
    await markHealthy({ poolId: pool.id, unitIds: failed.map(({ id }) => id) }, hour(3));
    await bookHours(actor, pool.id, [20, 21], { gpu_count: 16 }, hour(3.1));
    expect(await auditFindings()).toEqual([]);
  });

  it("is left after bookings that have not begun made room", async () => {
    const { actor, id, pool, node } = await running({ nodes: 3 });
    // 4 GPUs of each of the two other nodes, later: no lane of a whole node is free to the end.
    const spots = pool.units.filter(({ nodeId }) => nodeId !== node.id);
    const later = [];
    for (const [from, to] of [
      [4, 10],
      [5, 10],
    ] as const) {
      later.push(await bookHours(actor, pool.id, [from, to], { gpu_count: 4 }));
    }
    const halves = spots.filter(({ lane }) => lane < 4).map(({ id }) => id);
    for (const [i, { id }] of later.entries()) {
      const rows = await db.allocation.findMany({ where: { reservationId: id } });
      for (const [j, row] of rows.entries()) {
        await db.allocation.update({ where: { id: row.id }, data: { unitId: halves[i * 4 + j] ?? "" } });
      }
    }
    await db.reservation.update({ where: { id }, data: { topology: "single_node" } });
    await makeFault("node_down", null, node.name);
    await pass(hour(1), seconds(60, hour(1)));
    expect(await failoversOf(id)).toMatchObject([{ status: "recovered", way: "repack" }]);
    expect(Object.values(await nodesAt(id, hour(2)))).toEqual([8]);
    expect(await auditFindings()).toEqual([]);
  });

  it("is left for another pool that is as good, at the same price", async () => {
    const { actor, id, pool, node } = await running({ nodes: 1 });
    const gpuTypeId = pool.gpuTypeId;
    const cheaper = await createTestPool({ nodes: 1, lanes: 8, gpuTypeId, priceMicrosPerGpuHour: 1_000_000n });
    const other = await createTestPool({ nodes: 1, lanes: 8, gpuTypeId, priceMicrosPerGpuHour: 3_000_000n });
    for (const { id, name } of await db.node.findMany({ where: { poolId: { in: [cheaper.id, other.id] } } })) {
      await db.node.update({ where: { id }, data: { name: `other-${name}` } });
    }
    const before = await db.reservation.findUniqueOrThrow({ where: { id } });
    await makeFault("node_down", null, node.name);
    await pass(hour(1), seconds(60, hour(1)));
    expect(await failoversOf(id)).toMatchObject([{ status: "recovered", way: "substitute", toPoolId: other.id }]);
    const after = await db.reservation.findUniqueOrThrow({ where: { id } });
    expect(after).toMatchObject({ poolId: other.id, totalMicros: before.totalMicros, status: "active" });
    expect(await db.allocation.count({ where: { poolId: cheaper.id } })).toBe(0);
    expect(await auditFindings()).toEqual([]);
    await update(actor, id, { version: after.version, ends_at: hour(11).toISOString() }, hour(2));
    expect(await auditFindings()).toEqual([]);
    await cancel(actor, id, {}, hour(3));
    expect(await auditFindings()).toEqual([]);
  });

  it("ends a reservation for which there is no place, with the rest of its price and what can be booked instead", async () => {
    const { actor, id, node } = await running({ nodes: 1 });
    const paid = await db.reservation.findUniqueOrThrow({ where: { id } });
    await makeFault("node_down", null, node.name);
    await pass(hour(1), seconds(30, hour(1)));
    const [failover] = await failoversOf(id);
    expect(failover).toMatchObject({ status: "ended", way: "none", toNode: null });
    const row = await db.reservation.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ status: "cancelled", feesMicros: 0n });
    // A tenth of its time was used.
    expect(Number(row.totalMicros) / Number(paid.totalMicros)).toBeCloseTo(0.1, 2);
    const { available } = await balance(actor);
    const sla = slaOf(failover).total_micros;
    expect(available).toBe(1_000_000_000_000n - row.totalMicros + BigInt(sla));
    expect(await failoverEvents(actor)).toMatchObject([{ way: "none", to_node: null }]);
    expect(await auditFindings()).toEqual([]);
  });

  it("takes only the GPUs that failed from a reservation that goes on without them", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 8 });
    const { id } = await bookHours(actor, pool.id, [0, 10], { gpu_count: 8 });
    await pass(hour(0), seconds(25, hour(0)));
    await markFailed({ poolId: pool.id, unitIds: [pool.units[3]?.id ?? ""], cause: "ECC errors" }, hour(2));
    await pass(hour(2), seconds(60, hour(2)));
    const row = await db.reservation.findUniqueOrThrow({ where: { id } });
    expect(row.status).toBe("active");
    expect(row.segments).toMatchObject([{ gpu_count: 8 }, { gpu_count: 7 }]);
    const live = (await instancesOf(id)).filter(({ endedAt }) => endedAt === null);
    expect(live).toMatchObject([{ gpuCount: 7, status: "running" }]);
    expect(await auditFindings()).toEqual([]);
  });

  it("counts GPUs that boot again where they are until then only", async () => {
    const { id, pool, node } = await running({ nodes: 2 });
    const lost = pool.units.find(({ nodeId, lane }) => nodeId === node.id && lane === 3)?.id ?? "";
    const spare = pool.units.find(({ nodeId }) => nodeId !== node.id)?.nodeId;
    const { name } = await db.node.findUniqueOrThrow({ where: { id: spare ?? "" } });
    const slow = await makeFault("unreachable", null, name);
    await pass(seconds(-30, hour(2)), hour(2));
    await markFailed({ poolId: pool.id, unitIds: [lost], cause: "ECC errors" }, hour(2));
    await pass(seconds(5, hour(2)), seconds(300, hour(2)));
    const stays = { reservationId: id, nodeId: node.id, endedAt: null };
    const { runningSince } = await db.instance.findFirstOrThrow({ where: stays });
    await db.simulatedFault.delete({ where: { id: slow } });
    await pass(seconds(305, hour(2)), seconds(420, hour(2)));
    const [failover] = await failoversOf(id);
    expect(failover).toMatchObject({ status: "recovered", fromUnits: [lost] });
    const { lines } = slaOf(failover);
    expect(lines).toHaveLength(8);
    for (const { unit_id, ends_at } of lines) {
      expect(ends_at).toBe((unit_id === lost ? failover?.recoveredAt : runningSince)?.toISOString());
    }
    expect(runningSince?.getTime()).toBeLessThan(seconds(60, hour(2)).getTime());
    expect(failover?.recoveredAt?.getTime()).toBeGreaterThan(seconds(300, hour(2)).getTime());
  });

  it("is one failover however many workers see it, and a second failure on the way goes on in the next", async () => {
    const { actor, id, node } = await running({ nodes: 3 });
    await makeFault("node_down", null, node.name);
    await Promise.all([atOnceBesideOthers(hour(1)), atOnceBesideOthers(hour(1)), atOnceBesideOthers(hour(1))]);
    expect(await failoversOf(id)).toHaveLength(1);
    const [first] = await failoversOf(id);
    expect(first).toMatchObject({ status: "recovering" });
    await makeFault("node_down", null, first?.toNode ?? "");
    await Promise.all([atOnceBesideOthers(seconds(5, hour(1))), atOnceBesideOthers(seconds(5, hour(1)))]);
    await pass(seconds(10, hour(1)), seconds(70, hour(1)));
    const [before, after, more] = await failoversOf(id);
    expect(more).toBeUndefined();
    expect(before).toMatchObject({ status: "ended", sla: null });
    expect(after).toMatchObject({ status: "recovered" });
    expect(after?.failedAt).toEqual(before?.failedAt);
    expect(await failoverEvents(actor)).toHaveLength(1);
    expect(await db.creditGrant.count({ where: { projectId: actor.projectId, source: "sla" } })).toBe(1);
    expect(await auditFindings()).toEqual([]);
  });

  it("is credited from the first failure on when what was to replace it fails before it has begun", async () => {
    const { actor, pool, id, node } = await running({ nodes: 3 });
    await makeFault("node_down", null, node.name);
    await atOnce(hour(1));
    const [first] = await failoversOf(id);
    const [, replacement] = await instancesOf(id);
    expect(replacement).toMatchObject({ status: "requested" });
    await markFailed({ poolId: pool.id, unitIds: first?.toUnits ?? [], cause: "Smoke." }, seconds(5, hour(1)));
    expect(await healReservation(id, { now: seconds(5, hour(1)), providerOf: () => simulated })).toBe(1);
    await pass(seconds(10, hour(1)), seconds(70, hour(1)));
    const [before, after, more] = await failoversOf(id);
    expect(more).toBeUndefined();
    expect(before).toMatchObject({ status: "ended", sla: null });
    expect(after).toMatchObject({ status: "recovered", instanceId: replacement?.id });
    expect(after?.failedAt).toEqual(before?.failedAt);
    expect(slaOf(after).minutes).toBeGreaterThanOrEqual(8);
    expect(await db.creditGrant.count({ where: { projectId: actor.projectId, source: "sla" } })).toBe(1);
    expect(await auditFindings()).toEqual([]);
  });
});

describe("a worker that dies between two steps", () => {
  it("leaves what the next one goes on from: each step done twice changes nothing more", async () => {
    const { actor, id, pool, node } = await running({ reserveUnits: 8 });
    await makeFault("node_down", null, node.name);
    const now = hour(1);
    clock.now = now;
    const options = { now, providerOf: () => simulated };
    expect(await detectFailures(options)).toBe(8);
    expect(await detectFailures(options)).toBe(0);
    // Marked, and nobody moved: the booking still blocks the node, and the outage begins where it ends.
    expect(await nodesAt(id, now)).toEqual({ [node.name]: 8 });
    expect(await db.allocation.count({ where: { kind: "outage", startsAt: hour(10) } })).toBe(8);
    expect(await healReservation(id, options)).toBe(1);
    expect(await healReservation(id, options)).toBe(0);
    expect(await closeRecovered(options)).toBe(0);
    expect(await failoversOf(id)).toMatchObject([{ status: "recovering" }]);
    for (let at = seconds(5, now); at <= seconds(40, now); at = seconds(5, at)) {
      clock.now = at;
      await reconcile({ now: at, providerOf: () => simulated });
    }
    const later = { ...options, now: seconds(45, now) };
    expect(await closeRecovered(later)).toBe(1);
    expect(await closeRecovered(later)).toBe(0);
    expect(await failoverEvents(actor)).toHaveLength(1);
    expect(await db.creditGrant.count({ where: { source: "sla" } })).toBe(1);
    expect((await auditPool(pool.id)).overlaps).toBe(0);
    expect(await auditFindings()).toEqual([]);
  });
});

describe("bookings that have not begun", () => {
  it("leave a failed node when they begin soon, and wait for its repair otherwise, with nothing sold beside them", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 2, lanes: 8 });
    const soon = await bookHours(actor, pool.id, [5, 6], { gpu_count: 8 });
    const [on] = await db.allocation.findMany({ where: { reservationId: soon.id } });
    const unit = await db.unit.findUniqueOrThrow({ where: { id: on?.unitId ?? "" } });
    const late = await bookHours(actor, pool.id, [100, 110], { gpu_count: 16 });
    const failed = pool.units.filter(({ nodeId }) => nodeId === unit.nodeId).map(({ id }) => id);
    await markFailed({ poolId: pool.id, unitIds: failed, cause: "Xid 79" }, hour(1));
    await atOnce(hour(1));
    const moved = await db.allocation.findMany({ where: { reservationId: soon.id } });
    expect(moved.some(({ unitId }) => failed.includes(unitId))).toBe(false);
    expect(await db.allocation.count({ where: { reservationId: late.id, unitId: { in: failed } } })).toBe(8);
    // Before and after the one that waits.
    expect(await db.allocation.count({ where: { kind: "outage" } })).toBe(16);
    await expect(bookHours(actor, pool.id, [50, 51], { gpu_count: 9 }, hour(2))).rejects.toThrow(AppError);
    await cancel(actor, late.id, {}, hour(2));
    await atOnce(hour(2));
    expect(await db.allocation.count({ where: { kind: "outage", endsAt: { gt: hour(2) } } })).toBe(8);
    expect(await auditFindings()).toEqual([]);
    await markHealthy({ poolId: pool.id, unitIds: failed }, hour(3));
    expect(await db.allocation.count({ where: { kind: "outage", endsAt: { gt: hour(3) } } })).toBe(0);
    await bookHours(actor, pool.id, [50, 51], { gpu_count: 16 }, hour(4));
  });
});
