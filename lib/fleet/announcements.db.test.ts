import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Administrator } from "@/lib/accounts/admin";
import { createMaintenanceBody, updateMaintenanceBody } from "@/lib/contracts/maintenance";
import { db } from "@/lib/db/client";
import { clientConfig } from "@/lib/db/pool";
import { updateGpuType } from "@/lib/fleet/gpu-types";
import { createMaintenance, endMaintenance, updateMaintenance } from "@/lib/fleet/maintenance";
import { addNodes, renameNode } from "@/lib/fleet/nodes";
import { deletePool, updatePool } from "@/lib/fleet/pools";
import { retireNode } from "@/lib/fleet/retire-node";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { flushAnnouncements, LIVE_CHANNEL } from "@/lib/live/channel";

const admin: Administrator = { subject: { kind: "user", id: "usr_admin" } };
const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe("changes of the fleet", () => {
  let listener: pg.Client;
  const heard: string[] = [];
  beforeAll(async () => {
    listener = new pg.Client(clientConfig("dumont-test"));
    await listener.connect();
    listener.on("notification", ({ payload }) => heard.push(payload ?? ""));
    await listener.query(`LISTEN ${LIVE_CHANNEL}`);
  });
  afterAll(() => listener.end());

  /** What was announced while it ran: a round trip on the listening connection brings whatever was sent before. */
  const during = async (work: () => Promise<unknown>) => {
    await flushAnnouncements();
    await listener.query("SELECT 1");
    heard.length = 0;
    await work();
    await flushAnnouncements();
    await listener.query("SELECT 1");
    return heard.join();
  };

  it("reach every console, and a dry run reaches none", async () => {
    const pool = await createTestPool({ nodes: 2, lanes: 2 });
    const nodeId = pool.units[0]?.nodeId ?? "";
    const node = { pool_id: pool.id, node_id: nodeId };
    const body = createMaintenanceBody.parse({ starts_at: later(2), ends_at: later(3), reason: "x" });
    let id = "";
    const changes: [string, (pool: TestPool) => Promise<unknown>][] = [
      ["price", () => updatePool(admin, pool.id, { version: 1, price_micros_per_gpu_hour: 7 })],
      ["type", () => updateGpuType(admin, pool.gpuTypeId, { memory_gb: 96 })],
      ["nodes", () => addNodes(admin, pool.id, { name: "more-{n}", count: 1, lanes: 2 })],
      ["name", () => renameNode(admin, node, { name: "renamed" })],
      ["maintenance", async () => (id = (await createMaintenance(admin, pool.id, body)).id ?? "")],
      [
        "its time",
        () =>
          updateMaintenance(
            admin,
            { pool_id: pool.id, maintenance_id: id },
            updateMaintenanceBody.parse({ ends_at: later(4) }),
          ),
      ],
      ["its end", () => endMaintenance(admin, { pool_id: pool.id, maintenance_id: id })],
      ["a node out of the fleet", () => retireNode(admin, node, { dry_run: false })],
      ["the pool's end", () => deletePool(admin, pool.id)],
    ];
    expect(await during(() => createMaintenance(admin, pool.id, { ...body, dry_run: true }))).not.toContain(pool.id);
    expect(await during(() => retireNode(admin, node, { dry_run: true }))).not.toContain(pool.id);
    for (const [what, change] of changes) expect(await during(() => change(pool)), what).toContain(pool.id);
    expect(await db.pool.count({ where: { id: pool.id } })).toBe(0);
  });
});
