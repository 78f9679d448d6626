import { describe, expect, it } from "vitest";
import { scaled } from "@/lib/queue/faults/scale";
import { recordProof, useWorld } from "@/lib/queue/faults/world";

describe("kills lose nothing and leave the order as it was:", () => {
  const world = useWorld();

  it("order kept per key while workers are killed and one request in twenty fails", async () => {
    const { product, startWorker, startReceiver, emitAll, unaccounted } = world;
    const KILLS = scaled(6);
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
    const events = Array.from({ length: scaled(400) }, (_, n) => ({ key: `k${n % 20}`, n: Math.floor(n / 20) }));
    const ids = await emitAll(actor, events, 1);
    let workers = [startWorker(), startWorker(), startWorker()];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const requests = await receiver.requests();
      await product().until("progress", async () => (await receiver.requests()) > requests + 60, 120_000);
      const [first, ...others] = workers;
      first?.kill("SIGKILL");
      workers = [...others, startWorker()];
    }
    await product().untilSettled(actor.projectId, scaled(240_000));
    const report = await receiver.report();
    expect(new Set(report.accepted)).toEqual(new Set(ids));
    expect(report).toMatchObject({ inversions: 0, outOfTurn: 0 });
    expect(await unaccounted(actor)).toBe(0);
    recordProof("strict-order", {
      fault: `${KILLS} SIGKILLs among 3 workers, 5 % of requests fail, strict order in 80 lanes`,
      deliveries: ids.length,
      arrived: new Set(report.accepted).size,
      repeated: report.repeats,
      unaccounted: 0,
      inversions: report.inversions,
      sent_out_of_turn: report.outOfTurn,
    });
  });

  it("the emitting process killed right after a commit: what it was told is stored arrives", async () => {
    const { product, startWorker, startReceiver, startEmitter, unaccounted } = world;
    const KILLS = scaled(5);
    const actor = await product().createTestProject();
    const receiver = await startReceiver();
    await product().createTestWebhook(actor, { url: receiver.url("ok"), event_types: ["instance.started"] });
    startWorker();
    const told: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const emitter = startEmitter(actor.projectId, { keys: 4, everyMs: 0 });
      await product().until("events", () => emitter.told.length > 50, 120_000);
      await emitter.kill();
      told.push(...emitter.told);
    }
    await product().untilSettled(actor.projectId, 120_000);
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
});
