import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { scaled } from "@/lib/queue/faults/scale";
import { recordProof, residentMib, useWorld } from "@/lib/queue/faults/world";

const HOSTILE = ["hang", "drip", "drip-head", "gigabyte", "reset", "redirect"] as const;

/** A project has at most 1,000 webhooks. */
const OF_EACH = Math.min(scaled(3), 165);

/** The deadline of an attempt and what the machine may add to it. */
const LONGEST_ATTEMPT_MS = 10_000 + 2_000;

/** What a worker may take: well below the gigabyte that some receivers send each time. */
const MOST_MIB = 700;

describe("deliveries go on", () => {
  const world = useWorld();

  it("beside receivers that hang, drip, send a gigabyte, reset, and redirect to an internal address", async () => {
    const { product, startWorker, startReceiver, unaccounted } = world;
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    const healthy = await product().createTestWebhook(actor, {
      url: receiver.url("ok"),
      event_types: ["instance.started", "instance.stopped"],
    });
    const worker = startWorker();
    const emitTo = async (type: string) => {
      const { deliveries } = await product().transaction((tx) =>
        product().emit(tx, actor.projectId, { type, data: {}, source: "api" }),
      );
      return deliveries.filter(({ webhookId }) => webhookId === healthy.id).map(({ id }) => id);
    };
    const ids = await emitTo("instance.stopped");
    await product().until("the first one", async () => (await receiver.requests()) > 0, 60_000);
    for (let n = 0; n < 100; n += 1) {
      ids.push(...(await emitTo("instance.stopped")));
      await sleep(50);
    }
    await product().until("the healthy ones alone", async () => (await receiver.requests()) === 101, 30_000);
    const alone = percentile((await receiver.report("ok")).delays.slice(1), 0.99);

    for (const kind of HOSTILE) {
      for (let n = 0; n < OF_EACH; n += 1) {
        await product().createTestWebhook(actor, {
          url: receiver.url(`${kind}/${n}`),
          event_types: ["instance.started"],
          retry: { delays_s: [1] },
        });
      }
    }
    let most = 0;
    for (let n = 0; n < 41; n += 1) ids.push(...(await emitTo("instance.started")));
    const arrived = async () => (await receiver.report("ok")).accepted.length;
    await product().until("all healthy ones", async () => (await arrived()) === 142, 30_000);

    // The hostile ones hold the worker for as long as they can; meanwhile the healthy one keeps getting its events.
    for (let round = 0; round < 20; round += 1) {
      ids.push(...(await emitTo("instance.started")));
      for (let n = 0; n < 20; n += 1) {
        ids.push(...(await emitTo("instance.stopped")));
        await sleep(50);
      }
      most = Math.max(most, residentMib(worker.pid));
    }
    await product().until("the later ones", async () => (await arrived()) === ids.length, 30_000);
    const report = await receiver.report("ok");
    expect(new Set(report.accepted)).toEqual(new Set(ids));
    expect((await receiver.report("canary")).requests).toBe(0);
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
      fault: `${HOSTILE.length * OF_EACH} of ${HOSTILE.length * OF_EACH + 1} webhooks hang, drip body or head, send 1 GiB, reset, redirect inside`,
      deliveries: ids.length,
      arrived: report.accepted.length,
      repeated: report.repeats,
      unaccounted: 0,
      redirects_followed: 0,
      healthy_p50_ms_beside: percentile(report.delays.slice(142), 0.5),
      healthy_p99_ms_alone: alone,
      healthy_p99_ms_beside: percentile(report.delays.slice(142), 0.99),
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
    const requests = await receiver.requests();
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
    const worker = startWorker({ preload: "./lib/queue/faults/clock-steps.ts" });
    const ids: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      const events = Array.from({ length: 20 }, (_, n) => ({ key: `k${n % 5}`, n: round * 4 + Math.floor(n / 5) }));
      ids.push(...(await emitAll(actor, events, 1)));
      await sleep(500);
    }
    await product().untilSettled(actor.projectId, 60_000);
    const report = await receiver.report();
    expect(new Set(report.accepted)).toEqual(new Set(ids));
    expect(report).toMatchObject({ repeats: 0, inversions: 0, outOfTurn: 0 });
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
      sent_out_of_turn: report.outOfTurn,
    });
  });
});

/** The value that this share of the values does not exceed. */
function percentile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}
