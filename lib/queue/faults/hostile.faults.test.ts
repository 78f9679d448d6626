import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { recordProof, residentMib, useWorld } from "@/lib/queue/faults/world";

const HOSTILE = ["hang", "drip", "drip-head", "gigabyte", "reset", "redirect"] as const;

/** The deadline of an attempt and what the machine may add to it. */
const LONGEST_ATTEMPT_MS = 10_000 + 2_000;

/** What a worker may take: well below the gigabyte that some receivers send each time. */
const MOST_MIB = 450;

describe("deliveries go on", () => {
  const world = useWorld();

  it("beside receivers that hang, drip, send a gigabyte, reset, and redirect to an internal address", async () => {
    const { product, startWorker, startReceiver, emitAll, unaccounted } = world;
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    await product().createTestWebhook(actor, { url: receiver.url("ok"), event_types: ["instance.started"] });
    for (const kind of HOSTILE) {
      for (let n = 0; n < 3; n += 1) {
        await product().createTestWebhook(actor, {
          url: receiver.url(`${kind}/${n}`),
          event_types: ["instance.started"],
          retry: { delays_s: [1] },
        });
      }
    }
    const healthy = await product().db.webhook.findFirstOrThrow({
      where: { projectId: actor.projectId, url: receiver.url("ok") },
    });
    const worker = startWorker();
    await emitAll(actor, [{}]);
    await product().until("the first one", async () => (await receiver.report()).accepted.length > 0, 60_000);
    let most = 0;
    await emitAll(
      actor,
      Array.from({ length: 40 }, () => ({})),
    );
    const delivered = () => product().db.delivery.count({ where: { webhookId: healthy.id, status: "delivered" } });
    await product().until("all healthy ones", async () => (await delivered()) === 41, 30_000);

    // The hostile ones hold the worker for as long as they can; meanwhile the healthy one keeps getting its events.
    for (let round = 0; round < 20; round += 1) {
      await emitAll(actor, [{}]);
      await sleep(1_000);
      most = Math.max(most, residentMib(worker.pid));
    }
    await product().until("the later ones", async () => (await delivered()) === 61, 30_000);
    const report = await receiver.report();
    expect(report.hits.canary ?? 0).toBe(0);
    expect(most).toBeLessThan(MOST_MIB);
    const attempts = await product().db.attempt.findMany({
      select: { latencyMs: true, errorCode: true, httpStatus: true },
    });
    const longest = Math.max(...attempts.map((attempt) => attempt.latencyMs));
    expect(longest).toBeLessThan(LONGEST_ATTEMPT_MS);
    // An answer without end is a success by its status; one that never comes is a timeout.
    expect(new Set(attempts.map((attempt) => attempt.errorCode))).toEqual(
      new Set([null, "timeout", "protocol_error", "connection_reset", "http_status"]),
    );
    expect(worker.exitCode).toBeNull();
    expect(await unaccounted(actor)).toBe(0);
    recordProof("hostile-receivers", {
      fault: "18 of 19 webhooks hang, drip body or head, send 1 GiB, reset, redirect inside",
      deliveries: 61,
      arrived: await delivered(),
      repeated: report.repeats,
      unaccounted: 0,
      redirects_followed: report.hits.canary ?? 0,
      worker_memory_mib: most,
      longest_attempt_ms: longest,
    });
  });

  it("and never inside, when a name's second answer is an internal address", async () => {
    const { product, startReceiver } = world;
    const [{ createGuardedClient }, { createEgressPolicy }, { Pump }, { pool }] = await Promise.all([
      import("@/lib/net/guarded-request"),
      import("@/lib/net/address"),
      import("@/lib/queue/pump"),
      import("@/lib/db/pool"),
    ]);
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    const port = new URL(receiver.url("")).port;
    await product().createTestWebhook(actor, {
      url: `http://rebind.example.com:${port}/ok`,
      event_types: ["instance.started"],
      retry: { delays_s: [1, 1] },
    });
    let lookups = 0;
    // An address that may be reached at first, then the one where the receiver listens, which may not.
    const client = createGuardedClient({
      policy: createEgressPolicy(["127.0.0.2/32"]),
      http: "everywhere",
      resolve: async () => [{ address: lookups++ === 0 ? "127.0.0.2" : "127.0.0.1", family: 4 }],
    });
    const pump = new Pump({ pool: pool(), client, concurrency: 8, perWebhook: 8 });
    const stopping = new AbortController();
    const running = pump.run(stopping.signal);
    await world.emitAll(actor, [{}, {}, {}]);
    await product().untilSettled(actor.projectId, 60_000);
    stopping.abort();
    await running;
    await client.close();
    const { requests } = await receiver.report();
    expect(lookups).toBeGreaterThan(1);
    expect(requests).toBe(0);
    const rows = await product().db.delivery.groupBy({
      by: ["status"],
      where: { projectId: actor.projectId },
      _count: true,
    });
    expect(rows).toEqual([{ status: "failed", _count: 3 }]);
    recordProof("dns-rebinding", {
      fault: `a name that answers an allowed address first and a forbidden one then`,
      deliveries: 3,
      arrived: requests,
      repeated: 0,
      unaccounted: 0,
      internal_requests: requests,
    });
  });

  it("while the worker's clock jumps by hours to and fro", async () => {
    const { product, startWorker, startReceiver, emitAll, unaccounted } = world;
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    await product().createTestWebhook(actor, {
      url: receiver.url("flaky/clock"),
      event_types: ["instance.started"],
      ordering: "strict",
      order_key: "data.key",
      retry: { delays_s: [1, 1, 1, 1, 1] },
    });
    const worker = startWorker("./lib/queue/faults/clock-steps.ts");
    const ids: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      const events = Array.from({ length: 20 }, (_, n) => ({ key: `k${n % 5}`, n: round * 20 + n }));
      ids.push(...(await emitAll(actor, events, 1)));
      await sleep(500);
    }
    await product().untilSettled(actor.projectId, 60_000);
    const report = await receiver.report();
    expect(new Set(report.accepted)).toEqual(new Set(ids));
    expect(report).toMatchObject({ repeats: 0, inversions: 0 });
    const attempts = await product().db.attempt.findMany({
      where: { deliveryId: { in: ids } },
      select: { startedAt: true },
    });
    // The proof that the clock did jump: attempts were recorded at times at which there were none.
    const away = attempts.filter(({ startedAt }) => Math.abs(startedAt.getTime() - Date.now()) > 1_800_000).length;
    expect(away).toBeGreaterThan(0);
    expect(worker.exitCode).toBeNull();
    expect(await unaccounted(actor)).toBe(0);
    recordProof("clock-steps", {
      fault: "the worker's clock jumps +1 h, -1 h and -24 h, every second",
      deliveries: ids.length,
      arrived: new Set(report.accepted).size,
      repeated: report.repeats,
      unaccounted: 0,
      inversions: report.inversions,
    });
  });
});
