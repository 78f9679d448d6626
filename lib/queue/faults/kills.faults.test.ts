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
      await product().until("progress", async () => (await receiver.report()).requests > requests + 50, 120_000);
      for (const worker of workers) worker.kill("SIGKILL");
      workers = [startWorker(), startWorker()];
    }
    await product().untilSettled(actor.projectId, 240_000);

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
      await product().until("progress", async () => (await receiver.report()).requests > requests + 30, 120_000);
      await server().crash();
      await sleep(500);
      await server().restart();
    }
    await product().untilSettled(actor.projectId, 240_000);

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
});
