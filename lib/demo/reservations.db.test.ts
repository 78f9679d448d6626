import { beforeAll, describe, expect, it } from "vitest";
import { reconcile } from "@/lib/compute/reconcile";
import { GRANT_SOURCES } from "@/lib/contracts/credits";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { seedReservations } from "@/lib/demo/reservations";
import { listMaintenance } from "@/lib/fleet/maintenance-queries";
import { listPools } from "@/lib/fleet/queries";
import { runAudit } from "@/lib/reservations/audit";
import { createTestProject } from "@/lib/webhooks/testing";

describe("the demo's fleet", () => {
  const now = new Date();
  let projectId: string;
  let made: number;
  beforeAll(async () => {
    ({ projectId } = await createTestProject());
    made = await transaction((tx) => seedReservations(tx, projectId, now), { timeoutMs: 60_000 });
  });

  it("has 200 GPUs of three types in five pools of different rules", async () => {
    const { data } = await listPools();
    expect(data).toHaveLength(5);
    expect(data.reduce((sum, pool) => sum + pool.unit_count, 0)).toBe(200);
    expect(new Set(data.map(({ gpu_type }) => gpu_type.name)).size).toBe(3);
    expect(new Set(data.map(({ granularity_minutes }) => granularity_minutes)).size).toBeGreaterThan(3);
    expect(new Set(data.map(({ price_micros_per_gpu_hour }) => price_micros_per_gpu_hour)).size).toBe(5);
  });

  it("is booked by several people of several projects, before and after now, in every state", async () => {
    expect(made).toBeGreaterThan(100);
    const rows = await db.reservation.findMany();
    expect(rows).toHaveLength(made);
    expect(new Set(rows.map(({ status }) => status))).toEqual(
      new Set(["held", "confirmed", "active", "completed", "cancelled"]),
    );
    expect(new Set(rows.map((row) => row.projectId)).size).toBe(3);
    const own = rows.filter((row) => row.projectId === projectId);
    expect(new Set(own.map(({ createdBy }) => createdBy)).size).toBe(3);
    expect(own.filter(({ status }) => status === "held")).toHaveLength(3);
    expect(Math.min(...rows.map(({ startsAt }) => startsAt.getTime()))).toBeLessThan(now.getTime() - 25 * 86_400_000);
    expect(Math.max(...rows.map(({ endsAt }) => endsAt.getTime()))).toBeGreaterThan(now.getTime() + 20 * 86_400_000);
    const { data } = await listMaintenance({ subject: { kind: "user", id: "x" } }, { limit: 50 }, now);
    expect(data.map(({ state }) => state)).toEqual(expect.arrayContaining(["under_way", "planned"]));
  });

  it("has credits of several sources, some of which run out soon", async () => {
    const grants = await db.creditGrant.findMany({ where: { projectId } });
    const sources = new Set(grants.map(({ source }) => source));
    for (const source of GRANT_SOURCES.filter((name) => name !== "refund" && name !== "rollover")) {
      expect(sources).toContain(source);
    }
    const soon = grants.filter(
      ({ available, expiresAt }) =>
        available > 0n && expiresAt && expiresAt > now && expiresAt.getTime() < now.getTime() + 10 * 86_400_000,
    );
    expect(soon).not.toHaveLength(0);
  });

  it("leaves the self-audit nothing to find", async () => {
    const { checks } = await runAudit(now);
    expect(checks.filter(({ found }) => found > 0)).toEqual([]);
  });

  it("has instances that the workers find as they would have left them", async () => {
    const settled = new Date(now.getTime() - 30_000);
    const of = { reservation: { startsAt: { lt: settled } } };
    const before = await db.instance.findMany({ where: of, orderBy: { id: "asc" }, include: { units: true } });
    const statuses = before.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(["running", "stopped"]));
    expect(statuses.filter((status) => status === "running").length).toBeGreaterThan(3);
    expect(before.filter(({ status, endedAt }) => status === "stopped" && endedAt === null)).toHaveLength(1);
    await reconcile({ now });
    const after = await db.instance.findMany({ where: of, orderBy: { id: "asc" } });
    expect(after.map(({ id, status, failure }) => [id, status, failure])).toEqual(
      before.map(({ id, status }) => [id, status, null]),
    );
    expect(await db.snapshot.count()).toBe(1);
    expect(await db.instanceLog.count()).toBeGreaterThan(before.length * 3);
  });

  it("is loaded once: an installation with pools is left alone", async () => {
    const other = await createTestProject();
    expect(await transaction((tx) => seedReservations(tx, other.projectId, now))).toBe(0);
    expect(await db.pool.count()).toBe(5);
  });
});
