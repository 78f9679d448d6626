import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DELETE as deletePoolRoute, PATCH as updatePoolRoute } from "@/app/api/v1/pools/[pool_id]/route";
import { POST as createPoolRoute } from "@/app/api/v1/pools/route";
import type { Administrator } from "@/lib/accounts/admin";
import { call, codeOf, createPerson, join } from "@/lib/accounts/testing";
import { FLEET_LIMITS, poolDetailSchema } from "@/lib/contracts/fleet";
import { createPoolBody } from "@/lib/contracts/fleet-admin";
import { problemSchema } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { createPool, deletePool, updatePool } from "@/lib/fleet/pools";
import { getPool } from "@/lib/fleet/queries";
import { createTestAllocation, createTestPool, createTestReservation } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { createTestProject } from "@/lib/webhooks/testing";

const admin: Administrator = { subject: { kind: "user", id: "usr_admin" } };
const HOUR_MS = 3600_000;

describe("pools", () => {
  let headers: Record<string, string>;
  let gpuTypeId: string;
  beforeAll(async () => {
    headers = (await createPerson({ isAdmin: true })).headers;
  });
  beforeEach(async () => {
    gpuTypeId = (await createTestPool({ nodes: 0 })).gpuTypeId;
  });

  const wanted = (more: object = {}) => ({
    name: `Pool ${crypto.randomUUID()}`,
    gpu_type_id: gpuTypeId,
    region: "eu-central",
    provider: "own",
    price_micros_per_gpu_hour: 2_500_000,
    ...more,
  });
  const create = (body: unknown) => call(createPoolRoute, { method: "POST", headers, body });
  const fieldsOf = ({ body }: { body: unknown }) => problemSchema.parse(body).errors.map(({ field }) => field);

  it("are made with sensible rules, and with nodes if some are given", async () => {
    const { status, body } = await create(
      wanted({ nodes: { name: "fra-{nn}", count: 4, lanes: 8 }, reserve_units: 2 }),
    );
    expect(status).toBe(201);
    const pool = poolDetailSchema.parse(body);
    expect(pool).toMatchObject({
      granularity_minutes: 60,
      horizon_days: 90,
      freeze_minutes: 30,
      open: true,
      node_count: 4,
      unit_count: 32,
      largest_node: 8,
      reserve_units: 2,
      version: 1,
    });
    expect(pool.nodes.map(({ name }) => name)).toEqual(["fra-01", "fra-02", "fra-03", "fra-04"]);
    expect(pool.nodes[0]?.units.map(({ lane }) => lane)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it.each(FLEET_LIMITS.granularities)("are booked by %i minutes", async (minutes) => {
    const rules = { granularity_minutes: minutes, min_duration_minutes: 1440, max_duration_minutes: 1440 };
    const { status, body } = await create(wanted(rules));
    expect(status).toBe(201);
    expect(poolDetailSchema.parse(body)).toMatchObject({ granularity_minutes: minutes });
  });

  it.each([
    ["a granularity that does not divide a day", { granularity_minutes: 50 }, "granularity_minutes"],
    ["a shortest booking off the grid", { granularity_minutes: 120, min_duration_minutes: 60 }, "min_duration_minutes"],
    ["a longest booking off the grid", { max_duration_minutes: 90 }, "max_duration_minutes"],
    [
      "a longest booking below the shortest",
      { min_duration_minutes: 180, max_duration_minutes: 120 },
      "max_duration_minutes",
    ],
    ["a shortest booking beyond the horizon", { min_duration_minutes: 2880, horizon_days: 1 }, "min_duration_minutes"],
    ["a horizon beyond the limit", { horizon_days: FLEET_LIMITS.horizonDays + 1 }, "horizon_days"],
    ["a buffer beyond the limit", { buffer_after_minutes: FLEET_LIMITS.bufferMinutes + 1 }, "buffer_after_minutes"],
    ["a freeze beyond the limit", { freeze_minutes: FLEET_LIMITS.freezeMinutes + 1 }, "freeze_minutes"],
    [
      "a price beyond the limit",
      { price_micros_per_gpu_hour: FLEET_LIMITS.priceMicros + 1 },
      "price_micros_per_gpu_hour",
    ],
    ["half a micro-credit", { price_micros_per_gpu_hour: 0.5 }, "price_micros_per_gpu_hour"],
    ["a price below nothing", { price_micros_per_gpu_hour: -1 }, "price_micros_per_gpu_hour"],
    ["a reserve without GPUs", { reserve_units: 1 }, "reserve_units"],
    ["a reserve above the GPUs", { reserve_units: 9, nodes: { name: "n", lanes: 8 } }, "reserve_units"],
    ["a name of blanks", { name: "   " }, "name"],
    ["a name that is too long", { name: "x".repeat(FLEET_LIMITS.nameLength + 1) }, "name"],
    ["an unknown GPU type", { gpu_type_id: newId("gpuType") }, "gpu_type_id"],
    ["too many GPUs per node", { nodes: { name: "n", lanes: FLEET_LIMITS.lanesPerNode + 1 } }, "nodes.lanes"],
    ["several nodes of one name", { nodes: { name: "n", count: 2, lanes: 8 } }, "nodes.name"],
    [
      "a node name that grows too long",
      { nodes: { name: `${"x".repeat(97)}{n}`, count: 2500, lanes: 1 } },
      "nodes.name",
    ],
    ["a member nobody knows", { colour: "red" }, "colour"],
  ])("refuse %s, and name the field", async (_what, change, field) => {
    const before = await db.pool.count();
    const refused = await create(wanted(change));
    expect(codeOf(refused)).toBe("validation_failed");
    expect(fieldsOf(refused)).toContain(field);
    expect(await db.pool.count()).toBe(before);
    expect(await db.node.count({ where: { name: { startsWith: "xxx" } } })).toBe(0);
  });

  it("refuse a name that is taken, also when two ask at once", async () => {
    const body = createPoolBody.parse(wanted());
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => createPool(admin, body)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(fieldsOf(await create(body))).toEqual(["name"]);
  });

  it("are changed by version; bookings that exist keep what they have", async () => {
    const pool = await createTestPool({ bufferAfterMinutes: 30 });
    const { projectId } = await createTestProject();
    const start = new Date(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 24 * HOUR_MS);
    const reservation = await createTestReservation({ projectId, pool, gpuCount: 2, startsAt: start, hours: 3 });
    const before = await db.allocation.findMany({ where: { reservationId: reservation.id }, orderBy: { id: "asc" } });
    const { usageVersion } = await db.pool.findUniqueOrThrow({ where: { id: pool.id } });

    const changes = {
      granularity_minutes: 240,
      min_duration_minutes: 240,
      max_duration_minutes: 480,
      buffer_after_minutes: 0,
      price_micros_per_gpu_hour: 1,
      horizon_days: 1,
      reserve_units: 14,
    };
    const { status, body } = await call(updatePoolRoute, {
      method: "PATCH",
      headers,
      params: { pool_id: pool.id },
      body: { ...changes, version: 1 },
    });
    expect([status, body]).toMatchObject([200, { ...changes, version: 2, unit_count: 16 }]);
    expect(await db.allocation.findMany({ where: { reservationId: reservation.id }, orderBy: { id: "asc" } })).toEqual(
      before,
    );
    expect(await db.reservation.findUnique({ where: { id: reservation.id } })).toMatchObject({
      totalMicros: reservation.totalMicros,
      startsAt: start,
      version: 1,
    });
    const changed = await db.pool.findUniqueOrThrow({ where: { id: pool.id } });
    expect(changed.usageVersion).toBeGreaterThan(usageVersion);
  });

  it("refuse a stale version, and of many changes at once let exactly one through", async () => {
    const pool = await createTestPool();
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => updatePool(admin, pool.id, { version: 1, horizon_days: 30 + i })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = await call(updatePoolRoute, {
      method: "PATCH",
      headers,
      params: { pool_id: pool.id },
      body: { open: false, version: 1 },
    });
    expect(problemSchema.parse(refused.body)).toMatchObject({ code: "version_conflict", current_version: 2 });
    expect((await getPool(pool.id)).open).toBe(true);
  });

  it("check a change against what stays", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 4 });
    const update = async (body: object) =>
      fieldsOf(
        await call(updatePoolRoute, {
          method: "PATCH",
          headers,
          params: { pool_id: pool.id },
          body: { ...body, version: 1 },
        }),
      );
    expect(await update({ reserve_units: 5 })).toEqual(["reserve_units"]);
    expect(await update({ granularity_minutes: 1440 })).toEqual(["min_duration_minutes"]);
    expect(await update({ min_duration_minutes: 43_260 })).toEqual(["max_duration_minutes"]);
    expect(await update({ gpu_type_id: pool.gpuTypeId })).toEqual(["gpu_type_id"]);
    expect((await getPool(pool.id)).version).toBe(1);
    await expect(updatePool(admin, newId("pool"), { version: 1 })).rejects.toMatchObject({ code: "not_found" });
  });

  it("keep in reserve only what is not booked", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 8, reserveUnits: 1 });
    const { projectId } = await createTestProject();
    const at = (hours: number) => new Date(Date.UTC(2030, 0, 1, hours));
    await createTestReservation({ projectId, pool, gpuCount: 3, startsAt: at(2), hours: 3 });
    await createTestReservation({ projectId, pool, gpuCount: 2, startsAt: at(4), hours: 4, firstUnit: 3 });
    const update = (reserve_units: number, now: Date, version = 1) =>
      updatePool(admin, pool.id, { version, reserve_units }, now);
    await expect(update(4, at(0))).rejects.toMatchObject({
      errors: [
        {
          field: "reserve_units",
          message:
            "From 2030-01-01T04:00:00.000Z on, 5 of the 8 GPUs are booked; keep 3 in reserve at most until that is over.",
        },
      ],
    });
    expect(await update(3, at(0))).toMatchObject({ reserve_units: 3 });
    expect(await update(6, at(5), 2), "only two are booked by then").toMatchObject({ reserve_units: 6 });
    expect(await update(0, at(5), 3), "less is always possible").toMatchObject({ reserve_units: 0 });
  });

  it("are removed with their nodes when nothing refers to them", async () => {
    const pool = await createTestPool();
    const { projectId } = await createTestProject();
    const past = new Date(Date.now() - HOUR_MS);
    const maintenance = await db.maintenance.create({
      data: {
        id: newId("maintenance"),
        poolId: pool.id,
        reason: "x",
        startsAt: new Date(0),
        endsAt: past,
        createdBy: "x",
      },
    });
    await createTestAllocation({
      pool,
      kind: "maintenance",
      maintenanceId: maintenance.id,
      startsAt: new Date(0),
      endsAt: past,
    });
    await db.quote.create({ data: { ...quote(projectId, pool.id), expiresAt: past } });
    expect((await call(deletePoolRoute, { method: "DELETE", headers, params: { pool_id: pool.id } })).status).toBe(204);
    for (const count of [
      db.pool.count({ where: { id: pool.id } }),
      db.unit.count({ where: { poolId: pool.id } }),
      db.poolUsage.count({ where: { poolId: pool.id } }),
      db.quote.count({ where: { poolId: pool.id } }),
    ]) {
      expect(await count).toBe(0);
    }
    await expect(deletePool(admin, pool.id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("stay when something refers to them, and say what", async () => {
    const pool = await createTestPool({ name: "Booked" });
    const { projectId } = await createTestProject();
    const { id: userId } = await join(projectId, await createPerson(), "member");
    const soon = new Date(Date.now() + HOUR_MS);
    await createTestReservation({ projectId, pool, gpuCount: 1, startsAt: soon, hours: 1, status: "cancelled" });
    await db.quote.create({ data: { ...quote(projectId, pool.id), expiresAt: soon } });
    await db.calendarFeed.create({
      data: {
        id: newId("calendarFeed"),
        projectId,
        userId,
        scope: "pool",
        poolId: pool.id,
        name: "x",
        tokenHash: crypto.randomUUID(),
      },
    });
    await db.waitlistEntry.create({
      data: {
        id: newId("waitlistEntry"),
        projectId,
        createdBy: "x",
        criteria: { pool_ids: [pool.id], gpu_count: 1 },
        until: soon,
      },
    });
    await expect(deletePool(admin, pool.id)).rejects.toMatchObject({
      code: "conflict",
      message:
        '"Booked" has 1 reservation, 1 quoted price that still stands, 1 calendar feed and 1 request on the waiting list. Close it instead: it then takes no new bookings.',
    });
    expect(await db.unit.count({ where: { poolId: pool.id } })).toBe(16);
    await updatePool(admin, pool.id, { version: 1, open: false });
    await expect(deletePool(admin, pool.id)).rejects.toThrow(/It is closed/);
  });

  it("are as many as the limit at most", async () => {
    const missing = FLEET_LIMITS.pools - (await db.pool.count()) - 1;
    await db.pool.createMany({
      data: Array.from({ length: missing }, () => ({
        id: newId("pool"),
        name: crypto.randomUUID(),
        gpuTypeId,
        region: "x",
        provider: "x",
        priceMicrosPerGpuHour: 1n,
      })),
    });
    const results = await Promise.all(Array.from({ length: 4 }, () => create(wanted())));
    expect(results.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(await db.pool.count()).toBe(FLEET_LIMITS.pools);
    await db.pool.deleteMany({ where: { provider: "x" } });
  });

  function quote(projectId: string, poolId: string) {
    const startsAt = new Date(Date.now() + HOUR_MS);
    return {
      id: newId("quote"),
      projectId,
      createdBy: "usr_x",
      poolId,
      gpuCount: 1,
      topology: "any",
      startsAt,
      endsAt: new Date(startsAt.getTime() + HOUR_MS),
      price: {},
      totalMicros: 1n,
    };
  }
});
