import { describe, expect, it } from "vitest";
import type { Administrator } from "@/lib/accounts/admin";
import { createMaintenanceBody } from "@/lib/contracts/maintenance";
import { db } from "@/lib/db/client";
import { seededRandom } from "@/lib/demo/random";
import { createMaintenance, endMaintenance } from "@/lib/fleet/maintenance";
import { addNodes } from "@/lib/fleet/nodes";
import { retireNode } from "@/lib/fleet/retire-node";
import { auditPool, createTestPool } from "@/lib/fleet/testing";
import { bookHours, cancel, createCustomer, hour, T0 } from "@/lib/reservations/testing";

const admin: Administrator = { subject: { kind: "user", id: "usr_admin" } };

/** What may be answered to somebody who comes too late; anything else is a defect. */
const REFUSALS = ["capacity_unavailable", "conflict", "not_found", "unavailable"];

type Outcome = { kind: string; ok: boolean; code: string };

async function outcome(kind: string, work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return { kind, ok: true, code: "" };
  } catch (error) {
    const code = (error as { code?: string }).code ?? String(error);
    if (!REFUSALS.includes(code)) throw error;
    return { kind, ok: false, code };
  }
}

describe("maintenance against bookings", () => {
  it("of the last free GPUs, exactly one side gets them", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 8, horizonDays: 365 });
    const customers = await Promise.all(Array.from({ length: 4 }, () => createCustomer()));
    const body = createMaintenanceBody.parse({
      starts_at: hour(10).toISOString(),
      ends_at: hour(12).toISOString(),
      reason: "Firmware",
    });
    const outcomes = await Promise.all([
      ...Array.from({ length: 24 }, (_, i) => {
        const actor = customers[i % customers.length];
        if (!actor) throw new Error("no customer");
        return outcome("booking", bookHours(actor, pool.id, [10, 12]));
      }),
      ...Array.from({ length: 3 }, () => outcome("maintenance", createMaintenance(admin, pool.id, body, T0))),
    ]);
    const done = (kind: string) => outcomes.filter((one) => one.kind === kind && one.ok).length;
    const waited = outcomes.some(({ code }) => code === "unavailable");
    // Either it came first and nobody books, or bookings came first and it is refused.
    if (done("maintenance") > 0) expect([done("maintenance"), done("booking")]).toEqual([1, 0]);
    else if (!waited) expect(done("booking")).toBe(8);
    const rows = await db.allocation.groupBy({ by: ["kind"], where: { poolId: pool.id }, _count: true });
    expect(rows.reduce((sum, { _count }) => sum + _count, 0)).toBeLessThanOrEqual(8);
    expect(rows).toHaveLength(1);
    expect(await auditPool(pool.id)).toEqual({ overlaps: 0, wrongUsage: 0 });
  });

  it.each([1, 2, 3])("any mixture of changes leaves the pool consistent (seed %i)", async (seed) => {
    const random = seededRandom(seed);
    const pool = await createTestPool({
      nodes: 4,
      lanes: 4,
      horizonDays: 365,
      bufferAfterMinutes: 60,
      reserveUnits: 2,
    });
    const actor = await createCustomer();
    const reservations: string[] = [];
    const maintenance: string[] = [];
    const step = async (): Promise<Outcome> => {
      const from = random.between(1, 40);
      const to = from + random.between(1, 8);
      const times = { starts_at: hour(from).toISOString(), ends_at: hour(to).toISOString() };
      switch (random.between(0, 9)) {
        case 0:
        case 1: {
          const chosen = random.between(0, 3);
          const ids = pool.units.filter((_, i) => Math.floor(i / 4) === chosen).map(({ id }) => id);
          const body = createMaintenanceBody.parse({ ...times, unit_ids: ids, reason: "x" });
          return outcome(
            "maintenance",
            createMaintenance(admin, pool.id, body, T0)
              .then(({ id }) => maintenance.push(id ?? ""))
              .catch((error: { errors?: { field: string }[] }) => {
                // Its node was retired meanwhile.
                if (error.errors?.[0]?.field.startsWith("unit_ids")) return;
                throw error;
              }),
          );
        }
        case 2:
          return outcome(
            "end",
            endMaintenance(admin, { pool_id: pool.id, maintenance_id: maintenance.pop() ?? "" }, T0),
          );
        case 3: {
          const id = reservations.pop();
          return id === undefined ? { kind: "cancel", ok: true, code: "" } : outcome("cancel", cancel(actor, id));
        }
        case 4: {
          if (random.next() < 0.6)
            return outcome("add", addNodes(admin, pool.id, { name: "more-{nn}", count: 1, lanes: 4 }));
          const node = pool.units[random.between(0, 3) * 4]?.nodeId ?? "";
          return outcome(
            "retire",
            retireNode(admin, { pool_id: pool.id, node_id: node }, { dry_run: random.next() < 0.3 }, T0),
          );
        }
        default: {
          const body = { gpu_count: random.between(1, 4), topology: random.pick(["any", "single_node"] as const) };
          return outcome(
            "booking",
            bookHours(actor, pool.id, [from, to], body).then(({ id }) => reservations.push(id)),
          );
        }
      }
    };
    const outcomes: Outcome[] = [];
    for (let round = 0; round < 12; round += 1) {
      outcomes.push(...(await Promise.all(Array.from({ length: 8 }, step))));
    }
    expect(outcomes.filter(({ kind, ok }) => kind === "booking" && ok).length).toBeGreaterThan(0);
    expect(outcomes.filter(({ kind, ok }) => kind === "maintenance" && ok).length).toBeGreaterThan(0);
    expect(await auditPool(pool.id)).toEqual({ overlaps: 0, wrongUsage: 0 });
    // Every open booking has all its GPUs, on units in service, and those that were promised one node are on one.
    const rows = await db.$queryRaw<
      { id: string; gpu_count: number; topology: string; units: number; nodes: number; retired: number }[]
    >`
      SELECT r.id, r.gpu_count, r.topology, count(a.id)::int AS units, count(DISTINCT u.node_id)::int AS nodes,
             count(*) FILTER (WHERE u.retired_at IS NOT NULL)::int AS retired
        FROM reservation r LEFT JOIN allocation a ON a.reservation_id = r.id LEFT JOIN unit u ON u.id = a.unit_id
       WHERE r.pool_id = ${pool.id} AND r.status = 'confirmed' GROUP BY r.id`;
    for (const row of rows) {
      expect(row.units).toBe(row.gpu_count);
      expect(row.retired).toBe(0);
      if (row.topology === "single_node") expect(row.nodes).toBe(1);
    }
  });
});
