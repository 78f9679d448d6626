import { beforeAll, describe, expect, it } from "vitest";
import { POST as addNodesRoute } from "@/app/api/v1/pools/[pool_id]/nodes/route";
import { call, codeOf, createPerson } from "@/lib/accounts/testing";
import { FLEET_LIMITS } from "@/lib/contracts/fleet";
import { problemSchema } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { getPool } from "@/lib/fleet/queries";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";

describe("nodes", () => {
  let headers: Record<string, string>;
  beforeAll(async () => {
    headers = (await createPerson({ isAdmin: true })).headers;
  });
  const add = (poolId: string, body: unknown) =>
    call(addNodesRoute, { method: "POST", headers, params: { pool_id: poolId }, body });

  it("are added in one call, and numbers go on", async () => {
    const pool = await createTestPool({ nodes: 0 });
    const { usageVersion } = await db.pool.findUniqueOrThrow({ where: { id: pool.id } });
    const names = async (body: object) => {
      const { status, body: made } = await add(pool.id, body);
      expect(status).toBe(201);
      return (made as { data: { name: string }[] }).data.map(({ name }) => name);
    };
    expect(await names({ name: "fra-{nn}-a", count: 3, lanes: 8 })).toEqual(["fra-01-a", "fra-02-a", "fra-03-a"]);
    expect(await names({ name: "fra-{nn}-a", count: 2, lanes: 4 })).toEqual(["fra-04-a", "fra-05-a"]);
    expect(await names({ name: "fra-{n}-b", lanes: 1 })).toEqual(["fra-1-b"]);
    expect(await names({ name: "spare", lanes: 2 })).toEqual(["spare"]);
    expect(await getPool(pool.id)).toMatchObject({ node_count: 7, unit_count: 24 + 8 + 1 + 2, largest_node: 8 });
    const changed = await db.pool.findUniqueOrThrow({ where: { id: pool.id } });
    expect(changed.usageVersion, "a trigger raises it").toBeGreaterThan(usageVersion);
  });

  it("never take a name that the pool has had, and two at once get different numbers", async () => {
    const pool = await createTestPool({ nodes: 0 });
    await add(pool.id, { name: "spare", lanes: 2 });
    await db.node.updateMany({ where: { poolId: pool.id }, data: { retiredAt: new Date() } });
    const refused = await add(pool.id, { name: "spare", lanes: 2 });
    expect(problemSchema.parse(refused.body)).toMatchObject({
      errors: [{ field: "name", message: 'The pool has, or had, a node "spare"; choose another name.' }],
    });
    await Promise.all(Array.from({ length: 8 }, () => add(pool.id, { name: "n{nn}", count: 3, lanes: 1 })));
    const nodes = (await getPool(pool.id)).nodes.map(({ name }) => name);
    expect(nodes).toEqual(Array.from({ length: 24 }, (_, i) => `n${String(i + 1).padStart(2, "0")}`));
  });

  it("stay within the GPUs that a pool may have", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 60 });
    const most = Math.floor((FLEET_LIMITS.unitsPerPool - 60) / 64);
    expect((await add(pool.id, { name: "big{nnn}", count: most, lanes: 64 })).status).toBe(201);
    const refused = await add(pool.id, { name: "more{n}", count: 1, lanes: 64 });
    expect(problemSchema.parse(refused.body)).toMatchObject({ code: "conflict", errors: [{ field: "count" }] });
    expect(codeOf(await add(newId("pool"), { name: "x", lanes: 1 }))).toBe("not_found");
    await db.unit.deleteMany({ where: { poolId: pool.id } });
  });
});
