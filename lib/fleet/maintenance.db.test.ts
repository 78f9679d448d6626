import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as allMaintenanceRoute } from "@/app/api/v1/maintenance/route";
import {
  DELETE as endRoute,
  PATCH as updateRoute,
} from "@/app/api/v1/pools/[pool_id]/maintenance/[maintenance_id]/route";
import { POST as createRoute, GET as poolMaintenanceRoute } from "@/app/api/v1/pools/[pool_id]/maintenance/route";
import type { Actor } from "@/lib/accounts/actor";
import type { Administrator } from "@/lib/accounts/admin";
import { call, codeOf, createPerson, type Person } from "@/lib/accounts/testing";
import {
  type ChangedMaintenance,
  createMaintenanceBody,
  listMaintenance as listContract,
  MAINTENANCE_LIMITS,
  type MaintenancePreview,
  updateMaintenanceBody,
} from "@/lib/contracts/maintenance";
import { problemSchema } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { createMaintenance, endMaintenance, updateMaintenance } from "@/lib/fleet/maintenance";
import { listMaintenance, listPoolMaintenance } from "@/lib/fleet/maintenance-queries";
import { auditPool, createTestPool, type TestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { bookHours, createCustomer, hour, T0 } from "@/lib/reservations/testing";

const admin: Administrator = { subject: { kind: "user", id: "usr_admin" } };

type Body = Parameters<typeof createMaintenanceBody.parse>[0];

const plan = (pool: TestPool, [from, to]: readonly [number, number], body: object = {}, now = T0) =>
  createMaintenance(
    admin,
    pool.id,
    createMaintenanceBody.parse({
      starts_at: hour(from).toISOString(),
      ends_at: hour(to).toISOString(),
      reason: "Firmware",
      ...body,
    }),
    now,
  );
const done = (answer: ChangedMaintenance | MaintenancePreview): ChangedMaintenance => {
  if ("dry_run" in answer) throw new Error("This was a dry run.");
  return answer;
};
const nodeOf = (pool: TestPool, index: number) => pool.units[index * 8]?.nodeId ?? "";
const unitsOf = async (reservationId: string) =>
  (await db.allocation.findMany({ where: { reservationId }, orderBy: { unitId: "asc" } })).map(({ unitId }) => unitId);
describe("maintenance", () => {
  let pool: TestPool;
  let actor: Actor;
  beforeEach(async () => {
    pool = await createTestPool({ horizonDays: 365 });
    actor = await createCustomer();
  });

  it("takes the whole pool, nodes or single GPUs out of service", async () => {
    expect(done(await plan(pool, [0, 4]))).toMatchObject({
      pool: { id: pool.id, name: pool.name },
      unit_count: 16,
      nodes: [
        { name: "node-01", unit_count: 8 },
        { name: "node-02", unit_count: 8 },
      ],
      state: "under_way",
      moved: 0,
      moved_reservations: [],
    });
    expect(done(await plan(pool, [4, 8], { node_ids: [nodeOf(pool, 1)] }))).toMatchObject({
      unit_count: 8,
      nodes: [{ name: "node-02" }],
      state: "planned",
    });
    const two = [pool.units[0]?.id, pool.units[9]?.id];
    expect(done(await plan(pool, [8, 9], { unit_ids: two }))).toMatchObject({ unit_count: 2 });
    await expect(bookHours(actor, pool.id, [0, 4], { gpu_count: 1 })).rejects.toMatchObject({
      code: "capacity_unavailable",
    });
    await expect(bookHours(actor, pool.id, [4, 8], { gpu_count: 9 })).rejects.toMatchObject({
      code: "capacity_unavailable",
    });
    await bookHours(actor, pool.id, [4, 8], { gpu_count: 8 });
    await bookHours(actor, pool.id, [8, 9], { gpu_count: 14 });
    expect(await auditPool(pool.id)).toEqual({ overlaps: 0, wrongUsage: 0 });
  });

  it("moves bookings that are in the way to other GPUs and writes it into their history", async () => {
    const reservation = await bookHours(actor, pool.id, [10, 20], { gpu_count: 4, topology: "single_node" });
    const before = await unitsOf(reservation.id);
    const node = pool.units.find(({ id }) => id === before[0])?.nodeId ?? "";
    const rehearsed = await plan(pool, [12, 14], { node_ids: [node], dry_run: true });
    expect(rehearsed).toMatchObject({ dry_run: true, id: null, moved: 1, unit_count: 8 });
    expect(await unitsOf(reservation.id), "a dry run changes nothing").toEqual(before);
    expect(await db.maintenance.count({ where: { poolId: pool.id } })).toBe(0);
    expect(await db.reservationChange.count({ where: { reservationId: reservation.id, kind: "repacked" } })).toBe(0);

    expect(done(await plan(pool, [12, 14], { node_ids: [node] }))).toMatchObject({
      moved: 1,
      moved_reservations: [{ reservation_id: reservation.id, project_id: actor.projectId }],
    });
    const after = await unitsOf(reservation.id);
    expect(after).toHaveLength(4);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(new Set(after.map((id) => pool.units.find((unit) => unit.id === id)?.nodeId)).size).toBe(1);
    const row = await db.reservation.findUniqueOrThrow({ where: { id: reservation.id } });
    expect(row, "nothing promised has changed").toMatchObject({ version: 1, startsAt: hour(10), endsAt: hour(20) });
    expect(
      await db.reservationChange.findFirst({ where: { reservationId: reservation.id, kind: "repacked" } }),
    ).toMatchObject({
      by: "system",
      reason: expect.stringContaining("maintenance"),
    });
    expect(await auditPool(pool.id)).toEqual({ overlaps: 0, wrongUsage: 0 });
  });

  it("is refused with everything in the way, whose it is and why, and changes nothing", async () => {
    const running = await bookHours(actor, pool.id, [0, 10], { gpu_count: 2, title: "Training" });
    const soon = await bookHours(actor, pool.id, [1, 5], { gpu_count: 2 });
    const pinned = await bookHours(actor, pool.id, [30, 40], { gpu_count: 2, pinned: true });
    const project = { id: actor.projectId, name: expect.any(String) };
    const refusal = async (from: number, to: number, now: Date) => {
      const error = await plan(pool, [from, to], {}, now).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "capacity_unavailable" });
      return (error as { extras: { in_the_way: unknown[] } }).extras.in_the_way;
    };
    expect(await refusal(1, 3, hour(0.6))).toEqual([
      expect.objectContaining({
        reservation_id: running.id,
        project,
        title: "Training",
        gpu_count: 2,
        why: "It has begun.",
      }),
      expect.objectContaining({
        reservation_id: soon.id,
        why: "It begins within 30 minutes and is not moved any more.",
      }),
    ]);
    expect(await refusal(30, 31, hour(20))).toEqual([
      expect.objectContaining({ reservation_id: pinned.id, why: "It is pinned to its GPUs.", kind: "booking" }),
    ]);
    const other = done(await plan(pool, [50, 60], { unit_ids: [pool.units[3]?.id] }));
    expect(await refusal(55, 56, T0)).toEqual([
      expect.objectContaining({
        kind: "maintenance",
        maintenance_id: other.id,
        title: "Firmware",
        project: null,
        gpu_count: 1,
      }),
    ]);
    const full = await bookHours(actor, pool.id, [70, 80], { gpu_count: 16 });
    expect(await refusal(72, 73, T0)).toEqual([
      expect.objectContaining({
        reservation_id: full.id,
        why: "No other GPUs of the pool are free for all of its time.",
      }),
    ]);
    expect(await db.maintenance.count({ where: { poolId: pool.id } })).toBe(1);
    expect(await db.reservationChange.count({ where: { projectId: actor.projectId, kind: "repacked" } })).toBe(0);
  });

  it("may use the failover reserve, and says how much of it is left", async () => {
    pool = await createTestPool({ nodes: 2, lanes: 2, reserveUnits: 1, horizonDays: 365 });
    await bookHours(actor, pool.id, [10, 20], { gpu_count: 2 });
    expect(done(await plan(pool, [12, 13], { unit_ids: [pool.units[0]?.id] }))).toMatchObject({ reserve_left: 1 });
    expect(done(await plan(pool, [14, 15], { node_ids: [pool.units[0]?.nodeId] }))).toMatchObject({ reserve_left: 0 });
    expect(done(await plan(pool, [25, 26]))).toMatchObject({ reserve_left: 0 });
  });

  it("is moved, extended and shortened as far as what is booked lets it", async () => {
    const { id } = done(await plan(pool, [10, 12]));
    const params = { pool_id: pool.id, maintenance_id: id };
    const update = async (body: object, now = T0) =>
      done(await updateMaintenance(admin, params, updateMaintenanceBody.parse(body), now));
    const iso = (hours: number) => hour(hours).toISOString();
    expect(await update({ starts_at: iso(11), ends_at: iso(14) })).toMatchObject({
      starts_at: iso(11),
      ends_at: iso(14),
    });
    const booked = await bookHours(actor, pool.id, [20, 22], { gpu_count: 16 });
    await expect(update({ ends_at: iso(21) })).rejects.toMatchObject({
      code: "capacity_unavailable",
      extras: { in_the_way: [{ reservation_id: booked.id }] },
    });
    const rehearsed = await updateMaintenance(
      admin,
      params,
      updateMaintenanceBody.parse({ ends_at: iso(19), dry_run: true }),
      T0,
    );
    expect(rehearsed).toMatchObject({ dry_run: true, ends_at: iso(19) });
    expect(await db.maintenance.findUnique({ where: { id } })).toMatchObject({ endsAt: hour(14) });
    expect(await update({ reason: "Cables", ends_at: iso(13) })).toMatchObject({
      reason: "Cables",
      ends_at: iso(13),
      unit_count: 16,
    });
    expect(
      await db.allocation.findMany({ where: { maintenanceId: id, blocksTo: hour(13), blocksFrom: hour(11) } }),
    ).toHaveLength(16);

    // Under way: the start stays, the end may still change, and what has passed may not.
    await expect(update({ starts_at: iso(12.5) }, hour(12))).rejects.toMatchObject({
      errors: [{ field: "starts_at" }],
    });
    await expect(update({ ends_at: iso(11.5) }, hour(12))).rejects.toMatchObject({ errors: [{ field: "ends_at" }] });
    expect(await update({ starts_at: iso(11), ends_at: iso(15) }, hour(12))).toMatchObject({
      state: "under_way",
      ends_at: iso(15),
    });
    await expect(update({ ends_at: iso(30) }, hour(15))).rejects.toMatchObject({ code: "conflict" });
    expect(await auditPool(pool.id)).toEqual({ overlaps: 0, wrongUsage: 0 });
  });

  it("goes where a booking was, which goes where it was", async () => {
    pool = await createTestPool({ nodes: 1, lanes: 2, horizonDays: 365 });
    const reservation = await bookHours(actor, pool.id, [12, 14]);
    const [lane] = await unitsOf(reservation.id);
    const other = pool.units.find(({ id }) => id !== lane)?.id ?? "";
    const { id } = done(await plan(pool, [10, 12], { unit_ids: [lane] }));
    await plan(pool, [14, 20], { unit_ids: [other] });
    const body = updateMaintenanceBody.parse({ ends_at: hour(13).toISOString() });
    await updateMaintenance(admin, { pool_id: pool.id, maintenance_id: id }, body, T0);
    expect(await unitsOf(reservation.id)).toEqual([other]);
    expect(await auditPool(pool.id)).toEqual({ overlaps: 0, wrongUsage: 0 });
  });

  it("is called off before it begins, and ended while it is under way", async () => {
    const params = (id: string) => ({ pool_id: pool.id, maintenance_id: id });
    const planned = done(await plan(pool, [10, 12]));
    await endMaintenance(admin, params(planned.id), T0);
    expect(await db.maintenance.findUnique({ where: { id: planned.id } })).toBeNull();
    expect(await db.allocation.count({ where: { poolId: pool.id } })).toBe(0);
    const begun = done(await plan(pool, [10, 12]));
    await endMaintenance(admin, params(begun.id), hour(11));
    expect(await db.maintenance.findUnique({ where: { id: begun.id } })).toMatchObject({ endsAt: hour(11) });
    await bookHours(actor, pool.id, [11, 12], { gpu_count: 16 }, hour(11));
    await expect(endMaintenance(admin, params(begun.id), hour(11))).rejects.toMatchObject({ code: "conflict" });
    await expect(endMaintenance(admin, params(newId("maintenance")), T0)).rejects.toMatchObject({ code: "not_found" });
    const elsewhere = await createTestPool();
    const theirs = done(await plan(elsewhere, [10, 12]));
    await expect(endMaintenance(admin, params(theirs.id), T0)).rejects.toMatchObject({ code: "not_found" });
    expect(await auditPool(pool.id)).toEqual({ overlaps: 0, wrongUsage: 0 });
  });

  it.each<[string, (pool: TestPool) => Body, string]>([
    [
      "an end before its start",
      () => ({ starts_at: hour(5).toISOString(), ends_at: hour(4).toISOString() }),
      "ends_at",
    ],
    ["no length", () => ({ starts_at: hour(5).toISOString(), ends_at: hour(5).toISOString() }), "ends_at"],
    [
      "a start that has passed",
      () => ({ starts_at: hour(-1).toISOString(), ends_at: hour(4).toISOString() }),
      "starts_at",
    ],
    [
      "more than a year",
      () => ({ starts_at: hour(1).toISOString(), ends_at: hour(2 + 24 * MAINTENANCE_LIMITS.days).toISOString() }),
      "ends_at",
    ],
    [
      "a unit of another pool",
      () => ({ starts_at: hour(1).toISOString(), ends_at: hour(2).toISOString(), unit_ids: [newId("unit")] }),
      "unit_ids[0]",
    ],
    [
      "a node of another pool",
      () => ({ starts_at: hour(1).toISOString(), ends_at: hour(2).toISOString(), node_ids: [newId("node")] }),
      "node_ids[0]",
    ],
  ])("refuses %s, and names the field", async (_what, body, field) => {
    await expect(plan(pool, [0, 1], body(pool) as object)).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field }],
    });
    expect(await db.maintenance.count({ where: { poolId: pool.id } })).toBe(0);
  });

  it("begins now when no start is given", async () => {
    const now = hour(3.5);
    const body = createMaintenanceBody.parse({ ends_at: hour(4).toISOString(), reason: "Smoke" });
    expect(await createMaintenance(admin, pool.id, body, now)).toMatchObject({
      starts_at: now.toISOString(),
      state: "under_way",
    });
  });

  it("is limited per pool in what has not ended", async () => {
    await db.maintenance.createMany({
      data: Array.from({ length: MAINTENANCE_LIMITS.perPool }, () => ({
        id: newId("maintenance"),
        poolId: pool.id,
        reason: "x",
        startsAt: hour(1),
        endsAt: hour(2),
        createdBy: "x",
      })),
    });
    await expect(plan(pool, [3, 4])).rejects.toMatchObject({ code: "conflict" });
    expect(done(await plan(pool, [3, 4], {}, hour(2)))).toMatchObject({ unit_count: 16 });
    const empty = await createTestPool({ nodes: 0 });
    await expect(plan(empty, [3, 4])).rejects.toMatchObject({ code: "conflict" });
  });

  it("is listed by start, page by page, per pool and over all", async () => {
    const other = await createTestPool();
    const made = [
      done(await plan(pool, [30, 31])),
      done(await plan(pool, [10, 11])),
      done(await plan(other, [20, 21])),
      done(await plan(pool, [20, 21])),
    ];
    const ids = [made[1], made[3], made[0]].map((one) => one?.id);
    const first = await listPoolMaintenance(admin, pool.id, { limit: 2 }, T0);
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second = await listPoolMaintenance(admin, pool.id, { limit: 2, cursor: first.next_cursor ?? "" }, T0);
    expect(second).toMatchObject({ data: [{ id: ids[2] }], next_cursor: null });
    const range = { limit: 50, from: hour(20.5).toISOString(), to: hour(30).toISOString() };
    const all = (await listMaintenance(admin, range, T0)).data.map(({ id }) => id);
    expect(all).toEqual(expect.arrayContaining([made[2]?.id, made[3]?.id]));
    expect(all).not.toContain(made[0]?.id);
    expect((await listPoolMaintenance(admin, pool.id, { limit: 50 }, hour(11))).data).toHaveLength(2);
    await expect(listPoolMaintenance(admin, pool.id, { limit: 2, cursor: "x" })).rejects.toMatchObject({
      code: "invalid_cursor",
    });
    await expect(listPoolMaintenance(admin, newId("pool"), { limit: 2 })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("maintenance over HTTP", () => {
  let person: Person;
  beforeAll(async () => {
    person = await createPerson({ isAdmin: true });
  });
  const later = (hours: number) => new Date(Math.ceil(Date.now() / 3_600_000 + hours) * 3_600_000).toISOString();

  it("is planned, changed and called off by admins", async () => {
    const pool = await createTestPool();
    const { headers } = person;
    const body = { starts_at: later(1), ends_at: later(3), reason: "  Firmware  " };
    const params = { pool_id: pool.id };
    const rehearsed = await call(createRoute, { method: "POST", headers, params, body: { ...body, dry_run: true } });
    expect([rehearsed.status, rehearsed.body]).toMatchObject([
      200,
      { dry_run: true, id: null, unit_count: 16, moved: 0 },
    ]);
    const made = await call(createRoute, { method: "POST", headers, params, body });
    expect([made.status, made.body]).toMatchObject([
      201,
      { reason: "Firmware", created_by: { id: person.id, name: "Test Person" }, state: "planned" },
    ]);
    const one = { ...params, maintenance_id: (made.body as { id: string }).id };
    const changed = await call(updateRoute, { method: "PATCH", headers, params: one, body: { ends_at: later(4) } });
    expect([changed.status, changed.body]).toMatchObject([200, { ends_at: later(4) }]);
    for (const route of [poolMaintenanceRoute, allMaintenanceRoute]) {
      const { data } = listContract.response.parse((await call(route, { method: "GET", headers, params })).body);
      expect(data.map(({ id }) => id)).toContain(one.maintenance_id);
    }
    const again = await call(createRoute, { method: "POST", headers, params, body });
    expect(problemSchema.parse(again.body)).toMatchObject({
      code: "capacity_unavailable",
      in_the_way: [{ kind: "maintenance", gpu_count: 16 }],
    });
    expect((await call(endRoute, { method: "DELETE", headers, params: one })).status).toBe(204);
    expect(codeOf(await call(endRoute, { method: "DELETE", headers, params: one }))).toBe("not_found");
  });

  it.each([
    ["no reason", { reason: "  " }, "reason"],
    ["a reason that is too long", { reason: "x".repeat(MAINTENANCE_LIMITS.reasonLength + 1) }, "reason"],
    ["no units", { unit_ids: [] }, "unit_ids"],
    ["nodes and units at once", { unit_ids: ["a"], node_ids: ["b"] }, "unit_ids"],
    ["a time without a zone", { starts_at: "2027-01-01T00:00:00" }, "starts_at"],
    ["no end", { ends_at: undefined }, "ends_at"],
  ])("refuses %s", async (_what, change, field) => {
    const pool = await createTestPool();
    const refused = await call(createRoute, {
      method: "POST",
      headers: person.headers,
      params: { pool_id: pool.id },
      body: { starts_at: later(1), ends_at: later(3), reason: "Firmware", ...change },
    });
    expect(problemSchema.parse(refused.body).errors.map((error) => error.field)).toContain(field);
  });
});
