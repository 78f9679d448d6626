import { beforeAll, describe, expect, it } from "vitest";
import { DELETE as deleteTypeRoute, PATCH as updateTypeRoute } from "@/app/api/v1/gpu-types/[gpu_type_id]/route";
import { POST as createTypeRoute } from "@/app/api/v1/gpu-types/route";
import type { Administrator } from "@/lib/accounts/admin";
import { call, codeOf, createPerson } from "@/lib/accounts/testing";
import { FLEET_LIMITS } from "@/lib/contracts/fleet";
import { problemSchema } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { deletePool } from "@/lib/fleet/pools";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";

const admin: Administrator = { subject: { kind: "user", id: "usr_admin" } };

describe("GPU types", () => {
  let headers: Record<string, string>;
  beforeAll(async () => {
    headers = (await createPerson({ isAdmin: true })).headers;
  });

  it("are added, changed and removed", async () => {
    const made = await call(createTypeRoute, { method: "POST", headers, body: { name: " H200 SXM ", memory_gb: 141 } });
    expect([made.status, made.body]).toMatchObject([201, { name: "H200 SXM", memory_gb: 141 }]);
    const { id } = made.body as { id: string };
    const params = { gpu_type_id: id };
    const taken = await call(createTypeRoute, { method: "POST", headers, body: { name: "H200 SXM", memory_gb: 1 } });
    expect(problemSchema.parse(taken.body).errors).toMatchObject([{ field: "name" }]);
    expect(
      (await call(updateTypeRoute, { method: "PATCH", headers, params, body: { memory_gb: 144 } })).body,
    ).toMatchObject({
      name: "H200 SXM",
      memory_gb: 144,
    });
    for (const memory_gb of [0, 1.5, FLEET_LIMITS.memoryGb + 1]) {
      const refused = await call(updateTypeRoute, { method: "PATCH", headers, params, body: { memory_gb } });
      expect(problemSchema.parse(refused.body).errors).toMatchObject([{ field: "memory_gb" }]);
    }
    const pool = await createTestPool({ gpuTypeId: id, name: "Of this type" });
    const refused = await call(deleteTypeRoute, { method: "DELETE", headers, params });
    expect(problemSchema.parse(refused.body)).toMatchObject({
      code: "conflict",
      detail: 'H200 SXM is the type of "Of this type". Only a type without pools can be removed.',
    });
    await deletePool(admin, pool.id);
    expect((await call(deleteTypeRoute, { method: "DELETE", headers, params })).status).toBe(204);
    for (const gone of [
      call(deleteTypeRoute, { method: "DELETE", headers, params }),
      call(updateTypeRoute, { method: "PATCH", headers, params, body: { name: "x" } }),
    ]) {
      expect(codeOf(await gone)).toBe("not_found");
    }
  });

  it("are as many as the limit at most", async () => {
    const missing = FLEET_LIMITS.gpuTypes - (await db.gpuType.count()) - 1;
    await db.gpuType.createMany({
      data: Array.from({ length: missing }, () => ({
        id: newId("gpuType"),
        name: `Filler ${crypto.randomUUID()}`,
        memoryGb: 1,
      })),
    });
    const results = await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        call(createTypeRoute, { method: "POST", headers, body: { name: `Last ${i}`, memory_gb: 1 } }),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    await db.gpuType.deleteMany({ where: { name: { startsWith: "Filler" } } });
  });
});
