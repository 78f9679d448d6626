import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { startTestServer, type TestServer } from "@/lib/db/testing";

/**
 * Whole worker processes, killed in the middle of a replay, against a PostgreSQL of their own. The product is loaded
 * only after DATABASE_URL points at that server.
 */
describe("a replay survives", () => {
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

  const startWorker = () => {
    const worker = spawn(process.execPath, [inject("builtWorker")], {
      env: { ...process.env, NODE_ENV: "test", DATABASE_URL: server.url },
      stdio: "ignore",
    });
    workers.add(worker);
    worker.once("exit", () => workers.delete(worker));
  };

  it("workers killed half way: every event goes out, each delivery is made and counted once", async () => {
    const actor = await product.createTestProject();
    const events = await product.emitSome(actor, 300);
    const receiver = await product.startReceiver();
    await product.createTestWebhook(actor, { url: receiver.url("/a"), event_types: ["*"] });
    await product.createTestWebhook(actor, { url: receiver.url("/b"), event_types: ["*"] });
    const { id, total } = await product.start(actor, { kind: "missing", rate: 60 });
    expect(total).toBe(600);

    const queued = async () => (await product.getReplay(actor, id)).queued;
    startWorker();
    startWorker();
    for (const part of [60, 180, 300]) {
      await product.until(`${part} are queued`, async () => (await queued()) >= part, 180_000);
      for (const worker of workers) worker.kill("SIGKILL");
      // Rows, cursors and counts are of one moment, whenever that is.
      const [made] = await product.db.$queryRaw<{ rows: bigint; counted: number }[]>`
        SELECT (SELECT count(*) FROM delivery WHERE replay_id = r.id) AS rows, r.queued AS counted
          FROM replay r WHERE r.id = ${id}`;
      expect(Number(made?.rows)).toBe(made?.counted);
      startWorker();
    }
    await product.until(
      "the replay is complete",
      async () => (await product.getReplay(actor, id)).status === "completed",
      240_000,
    );
    await product.untilSettled(actor.projectId, 180_000);

    expect(await product.getReplay(actor, id)).toMatchObject({
      total: 600,
      queued: 600,
      skipped: 0,
      outcome: { delivered: 600, failed: 0, pending: 0 },
    });
    const made = await product.db.delivery.findMany({ where: { projectId: actor.projectId } });
    expect(made).toHaveLength(600);
    for (const path of ["/a", "/b"]) {
      const received = receiver.requests
        .filter((request) => request.path === path)
        .map((request) => String(request.headers["webhook-id"]));
      expect(new Set(received)).toEqual(new Set(events));
    }
    await receiver.close();
  });
});

async function loadProduct() {
  const [{ db }, testing, queue, replay, { getReplay }] = await Promise.all([
    import("@/lib/db/client"),
    import("@/lib/webhooks/testing"),
    import("@/lib/queue/testing"),
    import("@/lib/replay/testing"),
    import("@/lib/replay/queries"),
  ]);
  return { db, getReplay, ...testing, ...queue, ...replay };
}
