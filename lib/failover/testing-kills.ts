import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect } from "vitest";
import type { useWorld } from "@/lib/queue/faults/world";

const HOUR_MS = 3_600_000;
const LANES = 4;

/**
 * Where a worker is stopped: at the statement that would be its first of that kind, which has to wait for a lock of the
 * test's. What its transaction wrote before is not committed, and never will be.
 */
export type Moment = { what: string; table: string; statement: string };

/** Bookings that run, whose nodes are taken down and whose workers are killed; and what must be true of them after it. */
export function struckBookings(world: ReturnType<typeof useWorld>) {
  /** Two workers, which are killed and replaced. */
  function crew() {
    let workers = [world.startWorker(), world.startWorker()];
    let kills = 0;
    const kill = () => {
      for (const worker of workers) worker.kill("SIGKILL");
      kills += workers.length;
    };
    const replace = () => {
      workers = [world.startWorker(), world.startWorker()];
    };
    return { kill, replace, kills: () => kills };
  }

  /** Kills all workers when one is about to write to the table; its lock goes after they are dead. */
  async function killAt(
    { what, table, statement }: Moment,
    workers: ReturnType<typeof crew>,
    meanwhile = async () => {},
  ) {
    const { db, until } = world.product();
    const client = new pg.Client({ connectionString: world.server().url });
    await client.connect();
    try {
      await client.query("BEGIN");
      await client.query(`LOCK TABLE ${table} IN SHARE MODE`);
      await meanwhile();
      const waits = async () => {
        const rows = await db.$queryRaw<unknown[]>`
          SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND starts_with(query, ${statement})`;
        return rows.length > 0;
      };
      await until(`a worker ${what}`, waits, 150_000);
      workers.kill();
      await sleep(200);
      await client.query("COMMIT");
    } finally {
      await client.end();
    }
    workers.replace();
  }

  /** Bookings of whole nodes that run, each on its own, in a pool of so many nodes. */
  async function running(count: number, nodes: number) {
    const { until, db } = world.product();
    const [{ createTestPool }, { bookHours, createCustomer }] = await Promise.all([
      import("@/lib/fleet/testing"),
      import("@/lib/reservations/testing"),
    ]);
    await db.simulatedFault.deleteMany();
    await db.pool.updateMany({ data: { open: false } });
    const startsAt = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
    const actor = await createCustomer(1_000_000n, startsAt);
    const pool = await createTestPool({ nodes, lanes: LANES });
    // Simulated machines know nodes by their names.
    await db.$executeRaw`UPDATE node SET name = pool_id || name WHERE pool_id = ${pool.id}`;
    const times = {
      starts_at: startsAt.toISOString(),
      ends_at: new Date(startsAt.getTime() + 6 * HOUR_MS).toISOString(),
    };
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const body = { gpu_count: LANES, topology: "single_node" as const, ...times };
      ids.push((await bookHours(actor, pool.id, [0, 0], body, startsAt)).id);
    }
    const workers = crew();
    const runs = { projectId: actor.projectId, status: "running", endedAt: null };
    await until("all run", async () => (await db.instance.count({ where: runs })) === count, 90_000);
    const instances = await db.instance.findMany({ where: runs });
    const struck = await db.node.findMany({ where: { id: { in: instances.map(({ nodeId }) => nodeId) } } });
    return { actor, pool, ids, workers, struck };
  }

  async function takeDown(nodes: readonly { name: string }[]): Promise<void> {
    const { makeFault } = await import("@/lib/compute/testing");
    for (const { name } of nodes) await makeFault("node_down", null, name);
  }

  /** Waits until machines that failed are gone and their GPUs let go, which happens beside a failover. */
  async function cleared(bookings: number): Promise<void> {
    const { db, until } = world.product();
    const isSo = async () =>
      (await db.simulatedMachine.count()) === bookings &&
      (await db.instanceUnit.count({ where: { releasedAt: null } })) === bookings * LANES;
    await until("nothing else is left", isSo, 120_000);
  }

  /** Each booking has one failover that recovered, is told once, credited once, and runs on one machine. */
  async function lookBack({ actor, ids }: Pick<Awaited<ReturnType<typeof running>>, "actor" | "ids">, places: number) {
    const { db } = world.product();
    const { auditFindings, failoverEvents } = await import("@/lib/failover/testing");
    const { crowdedNodes } = await import("@/lib/compute/testing");
    const { projectId } = actor;
    const failovers = await db.failover.findMany({ where: { projectId } });
    expect(failovers.map(({ reservationId }) => reservationId).toSorted()).toEqual(ids.toSorted());
    for (const failover of failovers) expect(failover).toMatchObject({ status: "recovered", way: "spare", places });
    const told = (await failoverEvents(actor)).map(({ failover_id }) => failover_id);
    expect(told.toSorted()).toEqual(failovers.map(({ id }) => id).toSorted());
    const granted = failovers.map(({ sla }) => (sla as { grant_id: string }).grant_id);
    const grants = await db.creditGrant.findMany({ where: { projectId, source: "sla" } });
    expect(grants.map(({ id }) => id).toSorted()).toEqual(granted.toSorted());
    const live = await db.instance.findMany({ where: { projectId, endedAt: null } });
    expect(live.map(({ reservationId }) => reservationId).toSorted()).toEqual(ids.toSorted());
    expect(new Set(live.map(({ status, tries }) => `${status} ${tries}`))).toEqual(new Set(["running 1"]));
    expect(new Set(live.map(({ id }) => id))).toEqual(new Set(failovers.map(({ replacementId }) => replacementId)));
    // One that failed and one that runs, and those that could not be started in between.
    expect(await db.instance.count({ where: { projectId } })).toBe(ids.length * (1 + places));
    const events = await db.event.groupBy({ by: ["type"], where: { projectId }, _count: true });
    const counted = Object.fromEntries(events.map(({ type, _count }) => [type, _count]));
    expect(counted).toMatchObject({ "instance.started": ids.length * 2, "instance.failed": ids.length * places });
    const machines = await db.simulatedMachine.findMany();
    expect(machines.map(({ label }) => label).toSorted()).toEqual(live.map(({ label }) => label).toSorted());
    const taken = await db.instanceUnit.findMany({ where: { releasedAt: null } });
    expect(taken).toHaveLength(ids.length * LANES);
    expect(new Set(taken.map(({ unitId }) => unitId)).size).toBe(taken.length);
    expect(await crowdedNodes()).toEqual([]);
    expect(await auditFindings()).toEqual([]);
    return { failovers: failovers.length, told: told.length, credits: grants.length };
  }

  return { killAt, running, takeDown, cleared, lookBack };
}
