import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { IS_LONG_RUN, scaled } from "@/lib/queue/faults/scale";
import { recordProof, useWorld } from "@/lib/queue/faults/world";

/** Requests under way at one webhook from one worker. */
const PER_WEBHOOK = 16;

/** Results that a worker may have while it writes those before them. */
const UNSETTLED = 64;

describe("deliveries survive", () => {
  const world = useWorld();

  it("workers killed again and again: everything arrives, and only what was under way comes twice", async () => {
    const { product, startWorker, startReceiver, emitAll, unaccounted } = world;
    const KILLS = scaled(6);
    const WEBHOOKS = 2;
    // In a long run a thousand deliveries for each kill.
    const EVENTS = IS_LONG_RUN ? scaled(6_000) : 1_000;
    const { db, until, createTestWebhook } = product();
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    for (let n = 0; n < WEBHOOKS; n += 1) {
      await createTestWebhook(actor, { url: receiver.url(`slow/${n}`), event_types: ["instance.started"] });
    }
    const ids = await emitAll(
      actor,
      Array.from({ length: EVENTS }, () => ({})),
    );
    /** Leases that killed workers left behind, and whose. */
    const underWay = new Map<string, string>();
    let workers = [startWorker(), startWorker()];
    // The kills spread over all the deliveries, but for the last few, so that none comes when all has arrived.
    const share = Math.floor((ids.length * 0.9) / KILLS);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await until("progress", async () => (await receiver.requests()) > share * kill, 120_000);
      await sleep(Math.random() * 100);
      await Promise.all(workers.map((worker) => worker.kill("SIGKILL") && once(worker, "exit")));
      const leased = await db.delivery.findMany({
        where: { projectId: actor.projectId, status: "pending", leaseToken: { not: null } },
        select: { id: true, leaseToken: true },
      });
      for (const { id, leaseToken } of leased) underWay.set(String(leaseToken), id);
      workers = [startWorker(), startWorker()];
    }
    await product().untilSettled(actor.projectId, scaled(240_000));

    const report = await receiver.report();
    expect(new Set(report.accepted)).toEqual(new Set(ids));
    const mayRepeat = new Set(underWay.values());
    expect(report.repeated.filter((id) => !mayRepeat.has(id))).toEqual([]);
    expect(report.repeats).toBeLessThanOrEqual(underWay.size);
    expect(underWay.size).toBeLessThanOrEqual(KILLS * 2 * (WEBHOOKS * PER_WEBHOOK + UNSETTLED));
    if (IS_LONG_RUN) expect(report.repeats).toBeLessThan(ids.length * 0.05);
    expect(await db.delivery.count({ where: { projectId: actor.projectId, status: "delivered" } })).toBe(ids.length);
    expect(await unaccounted(actor)).toBe(0);
    recordProof("worker-kills", {
      fault: `${KILLS * 2} SIGKILLs of workers, two at a time`,
      deliveries: ids.length,
      arrived: new Set(report.accepted).size,
      repeated: report.repeats,
      unaccounted: 0,
      under_way_when_killed: underWay.size,
    });
  });

  it("PostgreSQL killed while events are emitted: all that was confirmed arrives, in order, and the worker stays alive", async () => {
    const { server, product, startWorker, startEmitter, startReceiver, storedIds, unaccounted } = world;
    const CRASHES = scaled(4);
    const { db, until, createTestWebhook } = product();
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    await createTestWebhook(actor, { url: receiver.url("slow"), event_types: ["instance.started"] });
    for (let n = 0; n < 2; n += 1) {
      await createTestWebhook(actor, {
        url: receiver.url(`flaky/${n}`),
        event_types: ["instance.started"],
        ordering: "strict",
        order_key: "data.key",
        retry: { delays_s: [1, 1, 1, 1, 1, 1, 1, 1] },
      });
    }
    const worker = startWorker();
    const emitter = startEmitter(actor.projectId, { keys: 20, everyMs: 100 });
    const progress = async () => {
      const [requests, told] = [await receiver.requests(), emitter.told.length];
      await until(
        "progress",
        async () => (await receiver.requests()) > requests + 100 && emitter.told.length > told + 100,
        120_000,
      );
      await sleep(Math.random() * 300);
    };
    for (let crash = 0; crash < CRASHES; crash += 1) {
      await progress();
      await server().crash();
      await sleep(500);
      await server().restart();
    }
    await progress();
    await emitter.kill();
    await product().untilSettled(actor.projectId, scaled(240_000));

    const [any, ordered] = [await receiver.report("slow"), await receiver.report("flaky")];
    const accepted = new Set([...any.accepted, ...ordered.accepted]);
    // What the emitter was told is stored; and what is stored without its knowing arrives too.
    expect(emitter.told.filter((id) => !accepted.has(id))).toEqual([]);
    const ids = await storedIds(actor);
    expect(accepted).toEqual(new Set(ids));
    expect(await db.delivery.count({ where: { projectId: actor.projectId, status: "delivered" } })).toBe(ids.length);
    // A crash may take with it the leases of the requests under way, and of those whose results were just being written.
    expect(any.repeats).toBeLessThanOrEqual(CRASHES * 2 * PER_WEBHOOK);
    // Where there is an order they outlive it: results wait in the worker until PostgreSQL is back.
    expect(ordered).toMatchObject({ repeats: 0, inversions: 0, outOfTurn: 0 });
    // Each attempt that counts is recorded once, also where the answer to the settlement was lost with the connection.
    const [attempts] = await db.$queryRaw<[{ recorded: number; once: number; counted: number }]>`
      SELECT count(*)::int AS recorded, count(DISTINCT (a.delivery_id, a.number))::int AS once,
             (SELECT sum(attempt_count)::int FROM delivery WHERE project_id = ${actor.projectId}) AS counted
        FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.project_id = ${actor.projectId}`;
    expect(attempts.once).toBe(attempts.recorded);
    expect(attempts.counted).toBe(attempts.recorded);
    expect(await unaccounted(actor)).toBe(0);
    expect(worker.exitCode).toBeNull();
    const fault = `${CRASHES} SIGKILLs of PostgreSQL (fsync and synchronous_commit on) while events are emitted`;
    recordProof("postgres-kills", {
      fault: `${fault}, one webhook without an order`,
      deliveries: any.accepted.length,
      arrived: any.accepted.length,
      repeated: any.repeats,
      unaccounted: 0,
      confirmed: emitter.told.length,
      confirmed_and_missing: emitter.told.filter((id) => !accepted.has(id)).length,
    });
    recordProof("postgres-kills-ordered", {
      fault: `${fault}, two strictly ordered ones in 40 lanes, 5 % of requests fail`,
      deliveries: ordered.accepted.length,
      arrived: ordered.accepted.length,
      repeated: ordered.repeats,
      unaccounted: 0,
      inversions: ordered.inversions,
      sent_out_of_turn: ordered.outOfTurn,
    });
  });
});
