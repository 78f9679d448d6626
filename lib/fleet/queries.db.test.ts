import { describe, expect, it } from "vitest";
import { GET as policyRoute } from "@/app/api/v1/booking-policy/route";
import { GET as typesRoute } from "@/app/api/v1/gpu-types/route";
import { GET as poolRoute } from "@/app/api/v1/pools/[pool_id]/route";
import { GET as poolsRoute } from "@/app/api/v1/pools/route";
import { call, codeOf, createKey, createPerson } from "@/lib/accounts/testing";
import { DEFAULT_BOOKING_POLICY, getBookingPolicy } from "@/lib/contracts/booking-policy";
import { getPool, listGpuTypes, listPools } from "@/lib/contracts/fleet";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { createTestProject } from "@/lib/webhooks/testing";

const get = async (route: Parameters<typeof call>[0], params: Record<string, string> = {}) =>
  call(route, { method: "GET", params, headers: (await createPerson()).headers });

describe("reading the fleet", () => {
  it("lists types and pools by name, with what is in service", async () => {
    const b = await createTestPool({ name: "b pool", nodes: 3, lanes: 4, reserveUnits: 2 });
    const a = await createTestPool({ name: "a pool", nodes: 0, open: false, gpuTypeId: b.gpuTypeId });
    const uneven = await createTestPool({ name: "c pool", nodes: 2, lanes: 8, gpuTypeId: b.gpuTypeId });
    const [first, second] = uneven.units;
    await db.unit.updateMany({
      where: { nodeId: first?.nodeId ?? "", lane: { gte: 2 } },
      data: { retiredAt: new Date() },
    });
    expect(second?.nodeId).toBe(first?.nodeId);

    const { status, body } = await get(poolsRoute);
    expect(status).toBe(200);
    const { data, next_cursor } = listPools.response.parse(body);
    expect(next_cursor).toBeNull();
    expect(data.map(({ id }) => id)).toEqual([a.id, b.id, uneven.id]);
    expect(data).toMatchObject([
      { open: false, node_count: 0, unit_count: 0, largest_node: 0 },
      {
        open: true,
        node_count: 3,
        unit_count: 12,
        largest_node: 4,
        reserve_units: 2,
        price_micros_per_gpu_hour: 2_000_000,
      },
      { node_count: 2, unit_count: 10, largest_node: 8 },
    ]);

    const types = listGpuTypes.response.parse((await get(typesRoute)).body).data;
    expect(types).toMatchObject([{ id: b.gpuTypeId, name: b.gpuTypeName, memory_gb: 80 }]);
  });

  it("shows a pool with its nodes by name and units by lane, without what is retired", async () => {
    const pool = await createTestPool({ nodes: 2, lanes: 3 });
    const gone = pool.units.at(-1)?.nodeId ?? "";
    await db.unit.updateMany({ where: { nodeId: gone }, data: { retiredAt: new Date() } });
    await db.node.update({ where: { id: gone }, data: { retiredAt: new Date() } });
    const detail = getPool.response.parse((await get(poolRoute, { pool_id: pool.id })).body);
    expect(detail).toMatchObject({ node_count: 1, unit_count: 3, largest_node: 3 });
    expect(detail.nodes).toEqual([
      {
        id: pool.units[0]?.nodeId,
        name: "node-01",
        units: pool.units.slice(0, 3).map(({ id, lane }) => ({ id, lane })),
      },
    ]);
    expect(codeOf(await get(poolRoute, { pool_id: newId("pool") }))).toBe("not_found");
    expect(codeOf(await get(poolRoute, { pool_id: "%" }))).toBe("not_found");
  });

  it("is for whoever signs in or has a key, of whatever project", async () => {
    const { projectId } = await createTestProject();
    const key = await createKey(projectId, []);
    for (const route of [typesRoute, poolsRoute, policyRoute]) {
      expect((await call(route, { method: "GET", headers: key.headers })).status).toBe(200);
      expect((await call(route, { method: "GET" })).status).toBe(401);
    }
  });

  it("knows the booking policy before anybody changed it", async () => {
    expect(getBookingPolicy.response.parse((await get(policyRoute)).body)).toEqual({
      ...DEFAULT_BOOKING_POLICY,
      version: 0,
      updated_at: null,
      updated_by: null,
    });
  });
});
