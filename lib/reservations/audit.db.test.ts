import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { latestSelfAudit, runAudit } from "@/lib/reservations/audit";
import { bookingChecks } from "@/lib/reservations/audit-checks";
import { passTime } from "@/lib/reservations/life-cycle";
import { bookHours, cancel, createCustomer, DAY_MS, hour, release } from "@/lib/reservations/testing";

const NOW = new Date(Date.now() - (Date.now() % 3_600_000));
const from = (hours: number) => hour(hours, NOW);
const range = (a: number, b: number) => ({ starts_at: from(a).toISOString(), ends_at: from(b).toISOString() });

/** Changes the database behind the product's back, as a mistake would; the constraints that would stop it are lifted. */
async function spoil(...statements: string[]): Promise<void> {
  await db.$transaction([
    db.$executeRawUnsafe("SET LOCAL session_replication_role = replica"),
    ...statements.map((sql) => db.$executeRawUnsafe(sql)),
  ]);
}

async function exceptions(): Promise<string[]> {
  const { checks } = await runAudit(new Date());
  return checks.filter(({ found }) => found > 0).map(({ check }) => check);
}

describe("the self-audit", () => {
  it("finds nothing in what the service wrote", async () => {
    const actor = await createCustomer(1_000_000n, NOW);
    const pool = await createTestPool({ bufferAfterMinutes: 30 });
    const at = { now: NOW };
    const book = (a: number, b: number, body = {}) =>
      bookHours(actor, pool.id, [0, 0], { ...range(a, b), gpu_count: 4, ...body }, at.now);
    const one = await book(1, 30);
    await book(2, 5, { topology: "single_node", gpu_count: 6 });
    await book(40, 80, { hold: true });
    const gone = await book(100, 200);
    await release(actor, one.id, { version: 1, ...range(10, 12), gpu_count: 2 }, NOW);
    await cancel(actor, gone.id, {}, NOW);
    await passTime({ now: from(6) });
    expect(await exceptions()).toEqual([]);
    const { audit } = await latestSelfAudit(actor);
    expect(audit).toMatchObject({ found: 0 });
    expect(audit?.checks.length).toBeGreaterThan(bookingChecks.length);
    expect(JSON.stringify(audit)).not.toContain("examples");
  });

  it("finds each kind of damage", async () => {
    const actor = await createCustomer(1_000_000n, NOW);
    const pool = await createTestPool({ nodes: 2, lanes: 4 });
    const { id } = await bookHours(
      actor,
      pool.id,
      [0, 0],
      { ...range(48, 72), gpu_count: 4, topology: "single_node" },
      NOW,
    );
    const [row, second] = await db.allocation.findMany({ where: { reservationId: id } });
    if (!row || !second) throw new Error("Nothing is allocated.");
    const otherUnit = pool.units.find(({ nodeId }) => nodeId !== pool.units.find((u) => u.id === row.unitId)?.nodeId);
    const another = await createTestPool({ nodes: 1, lanes: 1 });
    const damages: [damage: string, repair: string, ...found: RegExp[]][] = [
      [
        `UPDATE allocation SET unit_id = '${second.unitId}' WHERE id = '${row.id}'`,
        `UPDATE allocation SET unit_id = '${row.unitId}' WHERE id = '${row.id}'`,
        /booked twice/,
      ],
      [
        `UPDATE allocation SET ends_at = ends_at - interval '1 hour' WHERE id = '${row.id}'`,
        `UPDATE allocation SET ends_at = ends_at + interval '1 hour' WHERE id = '${row.id}'`,
        /exactly the GPUs/,
        /outside of its time/,
      ],
      [
        `UPDATE allocation SET ends_at = ends_at + interval '1 hour', blocks_to = blocks_to + interval '1 hour' WHERE id = '${row.id}'`,
        `UPDATE allocation SET ends_at = ends_at - interval '1 hour', blocks_to = blocks_to - interval '1 hour' WHERE id = '${row.id}'`,
        /outside of its time/,
        /count of what is free/,
      ],
      [
        `UPDATE allocation SET unit_id = '${otherUnit?.id}' WHERE id = '${row.id}'`,
        `UPDATE allocation SET unit_id = '${row.unitId}' WHERE id = '${row.id}'`,
        /on one node/,
      ],
      [
        `UPDATE allocation SET unit_id = '${another.units[0]?.id}' WHERE id = '${row.id}'`,
        `UPDATE allocation SET unit_id = '${row.unitId}' WHERE id = '${row.id}'`,
        /in the pool that/,
        /on one node/,
      ],
      [
        `UPDATE pool_usage SET delta = delta + 1 WHERE pool_id = '${pool.id}' AND delta = 4`,
        `UPDATE pool_usage SET delta = delta - 1 WHERE pool_id = '${pool.id}' AND delta = 5`,
        /count of what is free/,
      ],
      [
        `UPDATE pool SET reserve_units = 5 WHERE id = '${pool.id}'`,
        `UPDATE pool SET reserve_units = 0 WHERE id = '${pool.id}'`,
        /failover reserve/,
      ],
      [
        `UPDATE reservation SET gpu_count = 5 WHERE id = '${id}'`,
        `UPDATE reservation SET gpu_count = 4 WHERE id = '${id}'`,
        /those of its parts/,
      ],
      [
        `UPDATE reservation SET total_micros = total_micros - 1 WHERE id = '${id}'`,
        `UPDATE reservation SET total_micros = total_micros + 1 WHERE id = '${id}'`,
        /sum of its lines/,
        /holds what of its price/,
      ],
      [
        `UPDATE reservation SET fees_micros = 1 WHERE id = '${id}'`,
        `UPDATE reservation SET fees_micros = 0 WHERE id = '${id}'`,
        /what it used and the fees/,
      ],
      [
        `UPDATE reservation SET version = 2 WHERE id = '${id}'`,
        `UPDATE reservation SET version = 1 WHERE id = '${id}'`,
        /history and the time/,
      ],
      [
        `UPDATE unit SET health = 'failed', health_since = now() - interval '1 hour' WHERE id = '${row.unitId}'`,
        `UPDATE unit SET health = 'healthy', health_since = now() WHERE id = '${row.unitId}'`,
        /failed is sold to nobody/,
      ],
      [
        `UPDATE reservation SET status = 'active' WHERE id = '${id}'`,
        `UPDATE reservation SET status = 'confirmed' WHERE id = '${id}'`,
        /history and the time/,
      ],
    ];
    expect(await exceptions()).toEqual([]);
    for (const [damage, repair, ...patterns] of damages) {
      await spoil(damage);
      const found = await exceptions();
      expect(found.length, damage).toBe(patterns.length);
      for (const pattern of patterns) expect(found.join("; "), damage).toMatch(pattern);
      await spoil(repair);
    }
    expect(await exceptions()).toEqual([]);
  });

  it("keeps results for 90 days", async () => {
    const old = new Date(Date.now() - 91 * DAY_MS);
    await db.selfAudit.create({ data: { ranAt: old, results: [], found: 0 } });
    await runAudit(new Date());
    expect(await db.selfAudit.count({ where: { ranAt: old } })).toBe(0);
  });

  it("is refused to whoever may not see reservations", async () => {
    const actor = { ...(await createCustomer(0n)), permissions: new Set([] as never[]) };
    await expect(latestSelfAudit(actor)).rejects.toMatchObject({ code: "forbidden" });
  });
});
