import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { recordProof, useWorld } from "@/lib/queue/faults/world";

/** Requests under way at one webhook from one worker: what a kill can cause to be sent again. */
const PER_WEBHOOK = 16;

describe("deliveries survive", () => {
  const world = useWorld();

  it("workers killed again and again: everything arrives, and only what was under way comes twice", async () => {
    const { product, startWorker, startReceiver, emitAll, unaccounted } = world;
    const KILLS = 6;
    const WEBHOOKS = 5;
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    for (let n = 0; n < WEBHOOKS; n += 1) {
      await product().createTestWebhook(actor, { url: receiver.url(`slow/${n}`), event_types: ["instance.started"] });
    }
    const ids = await emitAll(
      actor,
      Array.from({ length: 400 }, () => ({})),
    );
    let workers = [startWorker(), startWorker()];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { requests } = await receiver.report();
      await product().until("progress", async () => (await receiver.report()).requests > requests + 50, 60_000);
      for (const worker of workers) worker.kill("SIGKILL");
      workers = [startWorker(), startWorker()];
    }
    await product().untilSettled(actor.projectId, 150_000);

    const report = await receiver.report();
    expect(new Set(report.accepted)).toEqual(new Set(ids));
    expect(report.repeats).toBeLessThanOrEqual(KILLS * 2 * WEBHOOKS * PER_WEBHOOK);
    expect(await product().db.delivery.count({ where: { id: { in: ids }, status: "delivered" } })).toBe(ids.length);
    expect(await unaccounted(actor)).toBe(0);
    recordProof("worker-kills", {
      fault: `${KILLS * 2} SIGKILLs of workers, two at a time`,
      deliveries: ids.length,
      arrived: new Set(report.accepted).size,
      repeated: report.repeats,
      unaccounted: 0,
    });
  });

  it("PostgreSQL killed again and again: the worker stays alive and delivers everything once it is back", async () => {
    const { server, product, startWorker, startReceiver, emitAll, unaccounted } = world;
    const CRASHES = 4;
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    await product().createTestWebhook(actor, { url: receiver.url("slow"), event_types: ["instance.started"] });
    const ids = await emitAll(
      actor,
      Array.from({ length: 800 }, () => ({})),
    );
    const worker = startWorker();
    for (let crash = 0; crash < CRASHES; crash += 1) {
      const { requests } = await receiver.report();
      await product().until("progress", async () => (await receiver.report()).requests > requests + 30, 60_000);
      await server().crash();
      await sleep(500);
      await server().restart();
    }
    await product().untilSettled(actor.projectId, 150_000);

    const report = await receiver.report();
    expect(new Set(report.accepted)).toEqual(new Set(ids));
    expect(await product().db.delivery.count({ where: { projectId: actor.projectId, status: "delivered" } })).toBe(800);
    const recorded = await product().db.attempt.findMany({
      where: { deliveryId: { in: ids } },
      select: { deliveryId: true, number: true },
    });
    const { _sum } = await product().db.delivery.aggregate({
      where: { id: { in: ids } },
      _sum: { attemptCount: true },
    });
    // Each attempt that counts is recorded once, also where the answer to the settlement was lost with the connection.
    expect(new Set(recorded.map(({ deliveryId, number }) => `${deliveryId} ${number}`)).size).toBe(recorded.length);
    expect(recorded.length).toBe(_sum.attemptCount);
    expect(await unaccounted(actor)).toBe(0);
    expect(worker.exitCode).toBeNull();
    recordProof("postgres-kills", {
      fault: `${CRASHES} SIGKILLs of PostgreSQL`,
      deliveries: ids.length,
      arrived: new Set(report.accepted).size,
      repeated: report.repeats,
      unaccounted: 0,
    });
  });

  it("the emitting process killed right after a commit: what it was told is stored arrives", async () => {
    const { product, startWorker, startReceiver, startEmitter, unaccounted } = world;
    const KILLS = 5;
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    await product().createTestWebhook(actor, { url: receiver.url("ok"), event_types: ["instance.started"] });
    startWorker();
    const told: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const emitter = startEmitter(actor.projectId);
      await product().until("events", () => emitter.told.length > 50, 60_000);
      emitter.child.kill("SIGKILL");
      told.push(...emitter.told);
    }
    await product().untilSettled(actor.projectId, 60_000);
    const arrived = new Set((await receiver.report()).accepted);
    expect(told.filter((id) => !arrived.has(id))).toEqual([]);
    expect(await unaccounted(actor)).toBe(0);
    recordProof("emitter-kills", {
      fault: `${KILLS} SIGKILLs of the emitting process`,
      deliveries: told.length,
      arrived: told.filter((id) => arrived.has(id)).length,
      repeated: (await receiver.report()).repeats,
      unaccounted: 0,
    });
  });

  it("order kept per key while workers are killed and one request in twenty fails", async () => {
    const { product, startWorker, startReceiver, emitAll, unaccounted } = world;
    const KILLS = 6;
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    for (let n = 0; n < 4; n += 1) {
      await product().createTestWebhook(actor, {
        url: receiver.url(`flaky/${n}`),
        event_types: ["instance.started"],
        ordering: "strict",
        order_key: "data.key",
        retry: { delays_s: [1, 1, 1, 1, 1, 1, 1, 1] },
      });
    }
    // One after the other, so that the numbers are the order of the commits.
    const events = Array.from({ length: 400 }, (_, n) => ({ key: `k${n % 20}`, n }));
    const ids = await emitAll(actor, events, 1);
    let workers = [startWorker(), startWorker(), startWorker()];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { requests } = await receiver.report();
      await product().until("progress", async () => (await receiver.report()).requests > requests + 60, 60_000);
      const [first, ...others] = workers;
      first?.kill("SIGKILL");
      workers = [...others, startWorker()];
    }
    await product().untilSettled(actor.projectId, 150_000);
    const report = await receiver.report();
    expect(new Set(report.accepted)).toEqual(new Set(ids));
    expect(report.inversions).toBe(0);
    expect(await unaccounted(actor)).toBe(0);
    recordProof("strict-order", {
      fault: `${KILLS} SIGKILLs among 3 workers, 5 % of requests fail, strict order in 80 lanes`,
      deliveries: ids.length,
      arrived: new Set(report.accepted).size,
      repeated: report.repeats,
      unaccounted: 0,
      inversions: report.inversions,
    });
  });
});
