import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startDatabaseProxy } from "@/lib/queue/faults/database-proxy";
import { scaled } from "@/lib/queue/faults/scale";
import { type EmitterProcess, type ReceiverProcess, recordProof, useWorld } from "@/lib/queue/faults/world";

describe("nothing is lost, comes twice or out of order", () => {
  const world = useWorld();

  it("when PostgreSQL is restarted while events are emitted and delivered", async () => {
    const { server, startWorker, startEmitter } = world;
    const RESTARTS = scaled(3);
    const { actor, receiver } = await prepare();
    const worker = startWorker();
    const emitter = startEmitter(actor.projectId, { keys: 20, everyMs: 100 });
    for (let restart = 0; restart < RESTARTS; restart += 1) {
      await progress(receiver, emitter);
      await server().stop();
      await sleep(500);
      await server().restart();
    }
    await progress(receiver, emitter);
    await emitter.kill();
    const figures = await judge(actor, { receiver, emitter });
    expect(worker.exitCode).toBeNull();
    recordProof("postgres-restarts", {
      fault: `${RESTARTS} restarts of PostgreSQL while events are emitted and delivered`,
      ...figures,
    });
  });

  it("when the connections to PostgreSQL are reset in the middle of statements, slow, or silent", async () => {
    const { server, startWorker, startEmitter, product } = world;
    const ROUNDS = scaled(1);
    const { actor, receiver } = await prepare();
    const proxy = await startDatabaseProxy(server().url);
    const worker = startWorker({ databaseUrl: proxy.url });
    const emitter = startEmitter(actor.projectId, { keys: 20, everyMs: 100 }, proxy.url);
    await progress(receiver, emitter);
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = proxy.resets();
      proxy.setMode("resets");
      await product().until("resets", () => proxy.resets() >= before + 40, 60_000);
      proxy.setMode("slow");
      await sleep(4_000);
      proxy.setMode("silent");
      await sleep(6_000);
      proxy.setMode("pass");
      await progress(receiver, emitter);
    }
    await emitter.kill();
    const figures = await judge(actor, { receiver, emitter });
    expect(worker.exitCode).toBeNull();
    await proxy.close();
    recordProof("database-connections", {
      fault: "connections to PostgreSQL reset mid-statement, then 100 ms slower, then silent for 6 s",
      ...figures,
      rounds: ROUNDS,
      connections_reset: proxy.resets(),
    });
  });

  /** A project with one webhook without an order and one with. */
  async function prepare() {
    const { createTestProject, createTestWebhook } = world.product();
    const actor = await createTestProject();
    const receiver = await world.startReceiver();
    await createTestWebhook(actor, { url: receiver.url("slow/any"), event_types: ["instance.started"] });
    await createTestWebhook(actor, {
      url: receiver.url("slow/ordered"),
      event_types: ["instance.started"],
      ordering: "strict",
      order_key: "data.key",
    });
    return { actor, receiver };
  }

  async function progress(receiver: ReceiverProcess, emitter: EmitterProcess): Promise<void> {
    const [requests, told] = [await receiver.requests(), emitter.told.length];
    await world
      .product()
      .until(
        "progress",
        async () => (await receiver.requests()) > requests + 100 && emitter.told.length > told + 100,
        120_000,
      );
    await sleep(Math.random() * 300);
  }

  type Actor = Awaited<ReturnType<typeof prepare>>["actor"];

  /** Waits for the end, and compares what the emitter was told and what is stored with what the receiver got. */
  async function judge(actor: Actor, { receiver, emitter }: { receiver: ReceiverProcess; emitter: EmitterProcess }) {
    const { db, untilSettled } = world.product();
    await untilSettled(actor.projectId, scaled(240_000));
    const report = await receiver.report();
    const accepted = new Set(report.accepted);
    expect(emitter.told.filter((id) => !accepted.has(id))).toEqual([]);
    expect(accepted).toEqual(new Set(await world.storedIds(actor)));
    const where = { projectId: actor.projectId, status: "delivered" as const };
    expect(await db.delivery.count({ where })).toBe(accepted.size);
    // No lease is forgotten here, and results wait in the worker until they can be written.
    expect(report.repeats).toBe(0);
    const ordered = await receiver.report("slow/ordered");
    expect(ordered).toMatchObject({ inversions: 0, outOfTurn: 0 });
    expect(await world.unaccounted(actor)).toBe(0);
    return {
      deliveries: accepted.size,
      arrived: accepted.size,
      repeated: report.repeats,
      unaccounted: 0,
      confirmed: emitter.told.length,
      sent_out_of_turn: ordered.outOfTurn,
    };
  }
});
