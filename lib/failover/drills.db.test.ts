import { beforeEach, describe, expect, it } from "vitest";
import { instancesOf, seconds } from "@/lib/compute/testing";
import { db } from "@/lib/db/client";
import { getDrill, listDrills, startDrill } from "@/lib/failover/drills";
import { setHealth } from "@/lib/failover/health";
import { listNodeHealth, listPoolHealth } from "@/lib/failover/health-queries";
import { listAdminFailovers, listFailovers } from "@/lib/failover/queries";
import { auditFindings, clearFleet, failoversOf, pass } from "@/lib/failover/testing";
import { createTestPool } from "@/lib/fleet/testing";
import { balance, bookHours, createCustomer, hour } from "@/lib/reservations/testing";

const admin = { subject: { kind: "user" as const, id: "usr_test" } };

beforeEach(clearFleet);

/** Two customers on the nodes of a pool with a reserve, one of them about to begin, and one that begins later. */
async function busyPool() {
  const pool = await createTestPool({ nodes: 4, lanes: 8, reserveUnits: 8, computeProvider: "simulated" });
  const [one, two] = [await createCustomer(), await createCustomer()];
  const first = await bookHours(one, pool.id, [0, 10], { gpu_count: 8 });
  const second = await bookHours(two, pool.id, [0, 10], { gpu_count: 4 });
  await pass(hour(0), seconds(25, hour(0)));
  return { pool, one, two, first, second };
}

describe("a drill", () => {
  it("fails a node, waits until all is healed and the node is back, and reports what held", async () => {
    const { pool, one, first } = await busyPool();
    const [instance] = await instancesOf(first.id);
    const nodeId = instance?.nodeId ?? "";
    const soon = await bookHours(one, pool.id, [11, 12], { gpu_count: 24 }, hour(0.5));
    const begun = await startDrill(admin, { pool_id: pool.id }, hour(1));
    expect(begun).toMatchObject({ status: "running", node: { id: nodeId } });
    await expect(startDrill(admin, { pool_id: pool.id }, hour(1))).rejects.toMatchObject({ code: "conflict" });
    await pass(hour(1), seconds(60, hour(1)));
    const drill = await getDrill(admin, begun.id);
    expect(drill.status).toBe("finished");
    expect(drill.report).toMatchObject({
      healed: [{ reservation_id: first.id, way: "spare", status: "recovered", gpu_count: 8 }],
      did_not_hold: [],
    });
    const [healed] = drill.report.healed;
    expect(healed?.event_id).toMatch(/^evt_/);
    expect(healed?.sla_micros).toBeGreaterThan(0);
    expect(drill.report.longest_gap_seconds).toBe(healed?.gap_seconds);
    expect((await failoversOf(first.id))[0]).toMatchObject({ drillId: drill.id });
    expect(await db.simulatedFault.count()).toBe(0);
    expect(await db.unit.count({ where: { health: "failed" } })).toBe(0);
    expect(await db.reservation.findUniqueOrThrow({ where: { id: soon.id } })).toMatchObject({ status: "confirmed" });
    expect(await listDrills(admin, { limit: 10 })).toMatchObject({ data: [{ id: drill.id }], next_cursor: null });
    const seen = await listFailovers(one, { limit: 10, reservation_id: first.id });
    expect(seen.data).toMatchObject([{ drill_id: drill.id, sla: { total_micros: healed?.sla_micros } }]);
    expect((await listAdminFailovers(admin, { limit: 10, drill_id: drill.id })).data).toHaveLength(1);
    expect(await auditFindings()).toEqual([]);
    if (process.env.SHOW_TIMELINE) {
      process.stdout.write(`${drill.report.timeline.map(({ at, what }) => `${at}  ${what}`).join("\n")}\n`);
    }
  });

  it("says what did not hold where there is no room", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 8, computeProvider: "simulated" });
    const actor = await createCustomer();
    const { id } = await bookHours(actor, pool.id, [0, 10], { gpu_count: 8 });
    await pass(hour(0), seconds(25, hour(0)));
    const { id: drillId } = await startDrill(admin, { pool_id: pool.id }, hour(1));
    await pass(hour(1), seconds(20, hour(1)));
    const drill = await getDrill(admin, drillId);
    expect(drill).toMatchObject({ status: "finished", report: { healed: [{ way: "none", to_node: null }] } });
    expect(drill.report.did_not_hold).toEqual([expect.stringContaining(id)]);
    const { available } = await balance(actor);
    expect(available).toBeGreaterThan(999_000_000_000n - 20_000_000n);
  });

  it("is refused where machines are real, and where another pool has a node of the same name", async () => {
    const real = await createTestPool({ nodes: 1, computeProvider: "vast" });
    await expect(startDrill(admin, { pool_id: real.id })).rejects.toMatchObject({ code: "conflict" });
    const twin = await createTestPool({ nodes: 1, computeProvider: "simulated" });
    await expect(startDrill(admin, { pool_id: twin.id })).rejects.toThrow(/has a node called/);
    await expect(startDrill(admin, { pool_id: "pool_x" })).rejects.toMatchObject({ code: "validation_failed" });
    await expect(startDrill(admin, { pool_id: twin.id, node_id: "node_x" })).rejects.toMatchObject({
      code: "validation_failed",
    });
  });
});

describe("health by hand", () => {
  it("takes GPUs of a node out of use, moves who is on them, and brings them back", async () => {
    const { pool, first } = await busyPool();
    const [instance] = await instancesOf(first.id);
    const nodeId = instance?.nodeId ?? "";
    const unit = pool.units.find((unit) => unit.nodeId === nodeId);
    const body = { health: "failed" as const, cause: "Fan is loud", unit_ids: [unit?.id ?? ""] };
    expect(await setHealth(admin, nodeId, body, hour(1))).toEqual({ changed: 1 });
    expect(await setHealth(admin, nodeId, body, hour(1))).toEqual({ changed: 0 });
    const { data } = await listPoolHealth(admin, { limit: 200 });
    expect(data.find(({ id }) => id === pool.id)).toMatchObject({ failed_units: 1, reserve_units: 8, nodes: 4 });
    expect((await listNodeHealth(admin, pool.id, { limit: 50, failed: "true" })).data).toMatchObject([
      { id: nodeId, failed: 1, gpu_count: 8, cause: "Fan is loud" },
    ]);
    await pass(hour(1), seconds(60, hour(1)));
    expect(await failoversOf(first.id)).toMatchObject([{ status: "recovered", cause: "Fan is loud" }]);
    expect(await setHealth(admin, nodeId, { health: "healthy" }, hour(2))).toEqual({ changed: 1 });
    expect(await auditFindings()).toEqual([]);
    await expect(setHealth(admin, "node_x", body)).rejects.toMatchObject({ code: "not_found" });
    await expect(setHealth(admin, nodeId, { ...body, unit_ids: ["unit_x"] })).rejects.toMatchObject({
      code: "validation_failed",
    });
  });
});
