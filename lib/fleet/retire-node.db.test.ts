import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as retireRoute } from "@/app/api/v1/pools/[pool_id]/nodes/[node_id]/retire/route";
import { PATCH as renameRoute } from "@/app/api/v1/pools/[pool_id]/nodes/[node_id]/route";
import { GET as unitsRoute } from "@/app/api/v1/pools/[pool_id]/nodes/route";
import type { Actor } from "@/lib/accounts/actor";
import type { Administrator } from "@/lib/accounts/admin";
import { call, codeOf, createPerson, type Person } from "@/lib/accounts/testing";
import { listNodeUnits as unitsContract } from "@/lib/contracts/fleet-admin";
import { createMaintenanceBody } from "@/lib/contracts/maintenance";
import { problemSchema } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { createMaintenance } from "@/lib/fleet/maintenance";
import { listNodeUnits } from "@/lib/fleet/node-queries";
import { addNodes } from "@/lib/fleet/nodes";
import { getPool } from "@/lib/fleet/queries";
import { retireNode } from "@/lib/fleet/retire-node";
import { auditPool, createTestPool, type TestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { bookHours, createCustomer, hour, T0 } from "@/lib/reservations/testing";

const admin: Administrator = { subject: { kind: "user", id: "usr_admin" } };

describe("a node", () => {
  let pool: TestPool;
  let actor: Actor;
  let nodeId: string;
  beforeEach(async () => {
    pool = await createTestPool({ nodes: 2, lanes: 4, horizonDays: 365 });
    nodeId = pool.units[0]?.nodeId ?? "";
    actor = await createCustomer();
  });
  const retire = (dry_run = false, now = T0) =>
    retireNode(admin, { pool_id: pool.id, node_id: nodeId }, { dry_run }, now);
  const unitsOf = async (reservationId: string) =>
    (await db.allocation.findMany({ where: { reservationId } })).map(({ unitId }) => unitId);
  /** Books on the node that is to be retired: the other one is blocked meanwhile. */
  const bookHere = async (range: [number, number], body: Parameters<typeof bookHours>[3]) => {
    const other = pool.units.filter((unit) => unit.nodeId !== nodeId).map(({ id }) => id);
    const times = { starts_at: hour(range[0]).toISOString(), ends_at: hour(range[1]).toISOString() };
    const blocked = await createMaintenance(
      admin,
      pool.id,
      createMaintenanceBody.parse({ ...times, unit_ids: other, reason: "x" }),
      T0,
    );
    const reservation = await bookHours(actor, pool.id, range, body);
    await db.maintenance.delete({ where: { id: blocked.id ?? "" } });
    return reservation;
  };

  it("goes out of the fleet; what is booked on it moves", async () => {
    const reservation = await bookHere([10, 20], { gpu_count: 3, topology: "single_node" });
    expect(await retire(true)).toMatchObject({ dry_run: true, moved: 1 });
    expect((await getPool(pool.id)).unit_count).toBe(8);
    expect(await retire()).toMatchObject({
      moved: 1,
      moved_reservations: [{ reservation_id: reservation.id, project_id: actor.projectId }],
      pool: { unit_count: 4, node_count: 1, largest_node: 4 },
    });
    const left = pool.units.filter((unit) => unit.nodeId !== nodeId).map(({ id }) => id);
    for (const unitId of await unitsOf(reservation.id)) expect(left).toContain(unitId);
    await expect(bookHours(actor, pool.id, [10, 20], { gpu_count: 2 })).rejects.toMatchObject({
      code: "capacity_unavailable",
    });
    await expect(retire()).rejects.toMatchObject({ code: "conflict" });
    expect(await auditPool(pool.id)).toEqual({ overlaps: 0, wrongUsage: 0 });
  });

  it("stays while it holds what cannot move, and says what", async () => {
    const reservation = await bookHere([0, 20], { gpu_count: 1, title: "Running" });
    await expect(retire(false, hour(1))).rejects.toMatchObject({
      code: "capacity_unavailable",
      extras: { in_the_way: [{ reservation_id: reservation.id, title: "Running", why: "It has begun." }] },
    });
    expect((await getPool(pool.id)).unit_count).toBe(8);
    expect(await retire(false, hour(20))).toMatchObject({ moved: 0, pool: { unit_count: 4 } });
  });

  it("stays when those left would be fewer than what is booked, or than the reserve", async () => {
    await bookHours(actor, pool.id, [10, 20], { gpu_count: 3 });
    await bookHours(actor, pool.id, [12, 22], { gpu_count: 2 });
    await expect(retire()).rejects.toMatchObject({
      code: "conflict",
      message: `From ${hour(12).toISOString()} on, 5 GPUs of the pool are booked. Without "node-01" 4 would be left to sell.`,
    });
    await db.pool.update({ where: { id: pool.id }, data: { reserveUnits: 3 } });
    await expect(retire(false, hour(20)), "but one more may be sold").rejects.toMatchObject({ code: "conflict" });
    await db.pool.update({ where: { id: pool.id }, data: { reserveUnits: 5 } });
    await expect(retire(false, hour(22))).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("4 GPUs, fewer than the 5"),
    });
  });

  it("stays when what is booked on it would fit by number, but not as it was promised", async () => {
    const reservation = await bookHere([10, 20], { gpu_count: 4, topology: "single_node" });
    await addNodes(admin, pool.id, { name: "small-{n}", count: 3, lanes: 1 });
    const other = pool.units.find((unit) => unit.nodeId !== nodeId)?.id;
    const body = { starts_at: hour(5).toISOString(), ends_at: hour(15).toISOString(), unit_ids: [other], reason: "x" };
    await createMaintenance(admin, pool.id, createMaintenanceBody.parse(body), T0);
    await expect(retire()).rejects.toMatchObject({
      code: "capacity_unavailable",
      extras: {
        in_the_way: [
          { reservation_id: reservation.id, why: "No other GPUs of the pool are free for all of its time." },
        ],
      },
    });
  });

  it("stays while maintenance of it is planned", async () => {
    const body = {
      starts_at: hour(5).toISOString(),
      ends_at: hour(6).toISOString(),
      node_ids: [nodeId],
      reason: "Cables",
    };
    await createMaintenance(admin, pool.id, createMaintenanceBody.parse(body), T0);
    await expect(retire()).rejects.toMatchObject({
      extras: { in_the_way: [{ kind: "maintenance", title: "Cables" }] },
    });
  });

  it("is retired once, however many ask at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => retire()));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await getPool(pool.id)).toMatchObject({ unit_count: 4 });
  });

  it("shows what each of its GPUs holds now and next", async () => {
    const now = await bookHere([0, 4], { gpu_count: 2, title: "Now" });
    const next = await bookHere([6, 8], { gpu_count: 4, title: "Next" });
    await bookHere([10, 12], { gpu_count: 4, title: "Later" });
    const { data } = await listNodeUnits(admin, pool.id, { limit: 50 }, hour(2));
    const node = data.find(({ id }) => id === nodeId);
    expect(node?.units.map(({ lane }) => lane)).toEqual([0, 1, 2, 3]);
    expect(node?.units.filter((unit) => unit.now !== null)).toHaveLength(2);
    for (const unit of node?.units ?? []) {
      expect(unit.next).toMatchObject({ reservation_id: next.id, title: "Next", project: { id: actor.projectId } });
      if (unit.now) expect(unit.now).toMatchObject({ reservation_id: now.id, title: "Now", kind: "booking" });
    }
    const others = data.filter(({ id }) => id !== nodeId).flatMap(({ units }) => units);
    expect(others.every((unit) => unit.now === null && unit.next === null)).toBe(true);
  });

  it("is listed by name, page by page", async () => {
    const many = await createTestPool({ nodes: 5, lanes: 1 });
    const first = await listNodeUnits(admin, many.id, { limit: 2 });
    const second = await listNodeUnits(admin, many.id, { limit: 2, cursor: first.next_cursor ?? "" });
    const third = await listNodeUnits(admin, many.id, { limit: 2, cursor: second.next_cursor ?? "" });
    const names = [first, second, third].flatMap(({ data }) => data.map(({ name }) => name));
    expect(names).toEqual(["node-01", "node-02", "node-03", "node-04", "node-05"]);
    expect(third.next_cursor).toBeNull();
    for (const cursor of ["x", newId("node"), pool.units[0]?.nodeId ?? ""]) {
      await expect(listNodeUnits(admin, many.id, { limit: 2, cursor })).rejects.toMatchObject({
        code: "invalid_cursor",
      });
    }
    await expect(listNodeUnits(admin, newId("pool"), { limit: 2 })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("nodes over HTTP", () => {
  let person: Person;
  beforeAll(async () => {
    person = await createPerson({ isAdmin: true });
  });

  it("are renamed and retired by admins", async () => {
    const { headers } = person;
    const pool = await createTestPool({ nodes: 2, lanes: 2 });
    const nodeId = pool.units[0]?.nodeId ?? "";
    const params = { pool_id: pool.id, node_id: nodeId };
    const rename = (name: string) => call(renameRoute, { method: "PATCH", headers, params, body: { name } });
    expect(await rename("rack-7")).toMatchObject({
      status: 200,
      body: { id: nodeId, name: "rack-7", units: [{ lane: 0 }, { lane: 1 }] },
    });
    expect(problemSchema.parse((await rename("node-02")).body).errors).toMatchObject([{ field: "name" }]);
    expect(problemSchema.parse((await rename(" ")).body).errors).toMatchObject([{ field: "name" }]);
    const listed = unitsContract.response.parse((await call(unitsRoute, { method: "GET", headers, params })).body);
    expect(listed.data.map(({ name }) => name)).toEqual(["node-02", "rack-7"]);
    const retire = (body: object) => call(retireRoute, { method: "POST", headers, params, body });
    expect(await retire({ dry_run: true })).toMatchObject({ status: 200, body: { dry_run: true, moved: 0 } });
    expect(await retire({})).toMatchObject({ status: 200, body: { moved: 0, pool: { unit_count: 2 } } });
    expect(codeOf(await retire({}))).toBe("conflict");
    expect(codeOf(await rename("again"))).toBe("conflict");
    const nowhere = { pool_id: newId("pool"), node_id: nodeId };
    expect(codeOf(await call(retireRoute, { method: "POST", headers, params: nowhere, body: {} }))).toBe("not_found");
    expect(codeOf(await call(renameRoute, { method: "PATCH", headers, params: nowhere, body: { name: "x" } }))).toBe(
      "not_found",
    );
  });
});
