import { describe, expect, it } from "vitest";
import { PATCH as renameNode } from "@/app/api/v1/pools/[pool_id]/nodes/[node_id]/route";
import { POST as addNodes } from "@/app/api/v1/pools/[pool_id]/nodes/route";
import { call, createPerson } from "@/lib/accounts/testing";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import type { Busy } from "@/lib/reservations/planner/place";
import { keptLanes, loadBusy, loadLanes, loadPool } from "@/lib/reservations/pool-state";
import { bookHours, createCustomer, hour, T0 } from "@/lib/reservations/testing";

describe("what this process keeps of a pool's units", () => {
  const look = async (poolId: string) => {
    const pool = await loadPool(db, poolId);
    const lanes = await keptLanes(db, pool);
    expect(lanes, "as if it were read anew").toEqual(await loadLanes(db, poolId));
    return { units: pool.units, largest: pool.rules.largest_node, lanes };
  };

  it("follows nodes that come, go and change their names, and is not read again for a booking", async () => {
    const { headers } = await createPerson({ isAdmin: true });
    const pool = await createTestPool({ nodes: 1, lanes: 2 });
    const before = await look(pool.id);
    expect(before).toMatchObject({ units: 2, largest: 2 });
    await bookHours(await createCustomer(), pool.id, [0, 5]);
    expect((await look(pool.id)).lanes, "the very same").toBe(before.lanes);

    const at = { pool_id: pool.id };
    const added = await call(addNodes, { method: "POST", headers, params: at, body: { name: "zz", lanes: 3 } });
    expect(added.status).toBe(201);
    const grown = await look(pool.id);
    expect(grown).toMatchObject({ units: 5, largest: 3 });
    const [last] = grown.lanes.slice(-1);

    const named = { ...at, node_id: last?.nodeId ?? "" };
    expect((await call(renameNode, { method: "PATCH", headers, params: named, body: { name: "00" } })).status).toBe(
      200,
    );
    expect((await look(pool.id)).lanes[0]?.nodeId, "names decide the order").toBe(last?.nodeId);

    await db.unit.updateMany({ where: { nodeId: named.node_id }, data: { retiredAt: new Date() } });
    expect(await look(pool.id)).toMatchObject({ units: 2, largest: 2 });
  });

  it("does not remember what a transaction saw that came to nothing", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 2 });
    const nodeId = pool.units[0]?.nodeId ?? "";
    const grow = (count: number, giveUp: boolean) =>
      transaction(async (tx) => {
        const units = Array.from({ length: count }, (_, i) => ({
          id: newId("unit"),
          poolId: pool.id,
          nodeId,
          lane: 10 + i,
        }));
        await tx.unit.createMany({ data: units });
        const state = await loadPool(tx, pool.id);
        expect([state.units, (await keptLanes(tx, state)).length]).toEqual([2 + count, 2 + count]);
        if (giveUp) throw new Error("given up");
      });
    await look(pool.id);
    await expect(grow(5, true)).rejects.toThrow("given up");
    expect(await look(pool.id)).toMatchObject({ units: 2 });
    await grow(1, false);
    expect(await look(pool.id), "the version that the other one had").toMatchObject({ units: 3 });
  });
});

describe("what is allocated", () => {
  it("is told with who has it, and what of it can be moved within the range", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 4, bufferAfterMinutes: 30 });
    const actor = await createCustomer();
    const one = await bookHours(actor, pool.id, [10, 20], { topology: "single_node", gpu_count: 2 });
    const pinned = await bookHours(actor, pool.id, [12, 14], { pinned: true });
    const state = await loadPool(db, pool.id);
    const between = async (from: number, to: number) =>
      (await loadBusy(db, state, hour(from), hour(to), T0))
        .map(({ reservationId, from: start, to: end, singleNode, movable }) => ({
          reservationId,
          hours: [(start - T0.getTime()) / 3_600_000, (end - T0.getTime()) / 3_600_000],
          singleNode,
          movable,
        }))
        .toSorted((a, b) => (a.hours[0] ?? 0) - (b.hours[0] ?? 0));
    const whole = { reservationId: one.id, hours: [10, 20.5], singleNode: true, movable: true };
    const fixed = { reservationId: pinned.id, hours: [12, 14.5], singleNode: false, movable: false };
    expect(await between(0, 24)).toEqual([whole, whole, fixed]);
    const cut = { ...whole, singleNode: expect.any(Boolean), movable: false };
    expect(await between(0, 20), "its buffer reaches beyond").toEqual([
      { ...whole, movable: false },
      { ...whole, movable: false },
      fixed,
    ]);
    expect(await between(15, 24)).toEqual([cut, cut]);
    expect(await between(21, 24)).toEqual([]);
  });

  it("is told of some units as it would be among everything", async () => {
    const pool = await createTestPool({ nodes: 3, lanes: 2, bufferAfterMinutes: 30 });
    const actor = await createCustomer();
    const part = (from: number, to: number, gpuCount: number) => ({
      starts_at: hour(from).toISOString(),
      ends_at: hour(to).toISOString(),
      gpu_count: gpuCount,
    });
    // Shrinks: of most of its units nothing tells that it reaches beyond what is asked for.
    await bookHours(actor, pool.id, [2, 10], { segments: [part(2, 6, 3), part(6, 10, 1)] });
    await bookHours(actor, pool.id, [3, 8], { topology: "single_node", gpu_count: 2 });
    await bookHours(actor, pool.id, [12, 14], { gpu_count: 4 });
    const state = await loadPool(db, pool.id);
    const byId = (a: Busy, b: Busy) => a.allocationId.localeCompare(b.allocationId);
    for (const [from, to] of [
      [0, 24],
      [0, 10],
      [0, 6],
      [2, 8],
      [4, 15],
    ] as const) {
      const all = await loadBusy(db, state, hour(from), hour(to), T0);
      expect(all.length).toBeGreaterThan(0);
      for (const { id } of pool.units) {
        const some = await loadBusy(db, state, hour(from), hour(to), T0, [id]);
        expect(some.toSorted(byId), `${from} to ${to}`).toEqual(
          all.filter(({ unitId }) => unitId === id).toSorted(byId),
        );
      }
    }
  });

  it("is told of what belongs to nobody too", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 1 });
    const window = { startsAt: hour(1), endsAt: hour(2) };
    const { id: maintenanceId } = await db.maintenance.create({
      data: { id: newId("maintenance"), poolId: pool.id, reason: "Fans", createdBy: "usr_test", ...window },
    });
    const unitId = pool.units[0]?.id ?? "";
    const id = newId("allocation");
    await db.allocation.create({
      data: {
        id,
        poolId: pool.id,
        unitId,
        kind: "maintenance",
        maintenanceId,
        ...window,
        blocksFrom: hour(1),
        blocksTo: hour(2),
      },
    });
    const busy = await loadBusy(db, await loadPool(db, pool.id), hour(0), hour(5), T0);
    expect(busy).toEqual([
      {
        allocationId: id,
        unitId,
        from: +hour(1),
        to: +hour(2),
        reservationId: null,
        singleNode: false,
        movable: false,
      },
    ]);
  });
});
