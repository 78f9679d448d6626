import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { startTestServer, type TestServer } from "@/lib/db/testing";
import type { TestReceiver } from "@/lib/webhooks/testing";

/**
 * Whole worker processes against a PostgreSQL of their own, both of which get killed. The product is loaded only after
 * DATABASE_URL points at that server.
 */
describe("deliveries survive", () => {
  let server: TestServer;
  let product: Awaited<ReturnType<typeof loadProduct>>;
  const workers = new Set<ChildProcess>();

  beforeAll(async () => {
    server = await startTestServer();
    process.env.DATABASE_URL = server.url;
    // The harness has already read the environment; the product is to read it anew.
    vi.resetModules();
    product = await loadProduct();
  });
  afterAll(async () => {
    for (const worker of workers) worker.kill("SIGKILL");
    await globalThis.dumontPrisma?.$disconnect();
    await globalThis.dumontPool?.end();
    globalThis.dumontPool = undefined;
    await server.remove();
  });

  const startWorker = async () => {
    const worker = spawn(process.execPath, ["--import", "tsx", "scripts/worker.ts"], {
      env: { ...process.env, NODE_ENV: "test", DATABASE_URL: server.url },
      stdio: "ignore",
    });
    workers.add(worker);
    worker.once("exit", () => workers.delete(worker));
    return worker;
  };

  const emitMany = async (actor: Actor, count: number) => {
    const ids: string[] = [];
    for (let start = 0; start < count; start += 20) {
      const batch = Array.from({ length: Math.min(20, count - start) }, () =>
        product.transaction((tx) =>
          product.emit(tx, actor.projectId, { type: "instance.started", data: {}, source: "api" }),
        ),
      );
      for (const event of await Promise.all(batch)) ids.push(...event.deliveries.map((delivery) => delivery.id));
    }
    return ids;
  };

  const slowReceiver = (): Promise<TestReceiver> =>
    product.startReceiver((_request, response) => {
      setTimeout(() => response.end("ok"), 40);
    });

  it("workers killed in the middle: everything arrives, and only what was under way arrives twice", async () => {
    const actor = await product.createTestProject();
    const receiver = await slowReceiver();
    await product.createTestWebhook(actor, { url: receiver.url(), event_types: ["*"] });
    const ids = await emitMany(actor, 400);

    await startWorker();
    for (let kill = 0; kill < 3; kill += 1) {
      const seen = receiver.requests.length;
      await product.until("the worker delivers", () => receiver.requests.length > seen + 10, 60_000);
      for (const worker of workers) worker.kill("SIGKILL");
      await startWorker();
    }
    await product.untilSettled(actor.projectId, 120_000);

    const received = receiver.requests.map((request) => String(request.headers["x-webhook-delivery"]));
    expect(new Set(received)).toEqual(new Set(ids));
    // At most the cap per webhook was under way at each of the three kills.
    expect(received.length - ids.length).toBeLessThanOrEqual(3 * 16);
    const rows = await product.db.delivery.groupBy({
      by: ["status", "attemptCount"],
      where: { projectId: actor.projectId },
      _count: true,
    });
    expect(rows).toEqual([{ status: "delivered", attemptCount: 1, _count: 400 }]);
    await receiver.close();
    for (const worker of workers) worker.kill("SIGKILL");
  });

  it("PostgreSQL killed in the middle: the worker stays alive and delivers everything once it is back", async () => {
    const actor = await product.createTestProject();
    const receiver = await slowReceiver();
    await product.createTestWebhook(actor, { url: receiver.url(), event_types: ["*"] });
    const ids = await emitMany(actor, 400);

    const worker = await startWorker();
    for (let crash = 0; crash < 2; crash += 1) {
      const seen = receiver.requests.length;
      await product.until("the worker delivers", () => receiver.requests.length > seen + 10, 60_000);
      await server.crash();
      await sleep(500);
      await server.restart();
    }
    await product.untilSettled(actor.projectId, 120_000);

    expect(new Set(receiver.requests.map((request) => String(request.headers["x-webhook-delivery"])))).toEqual(
      new Set(ids),
    );
    expect(await product.db.delivery.count({ where: { projectId: actor.projectId, status: "delivered" } })).toBe(400);
    expect(await product.db.attempt.count({ where: { deliveryId: { in: ids } } })).toBe(400);
    expect(worker.exitCode).toBeNull();
    await receiver.close();
  });
});

async function loadProduct() {
  const [{ db }, { transaction }, { emit }, testing, queue] = await Promise.all([
    import("@/lib/db/client"),
    import("@/lib/db/transaction"),
    import("@/lib/webhooks/emit"),
    import("@/lib/webhooks/testing"),
    import("@/lib/queue/testing"),
  ]);
  return { db, transaction, emit, ...testing, ...queue };
}
