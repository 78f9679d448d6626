import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { recordProof, useWorld } from "@/lib/queue/faults/world";

const HOUR_MS = 3_600_000;

describe("instances survive", () => {
  const world = useWorld();

  it("workers killed while they start and stop: each GPU has one machine at most, each instance starts and stops once", async () => {
    const { product, startWorker } = world;
    const { db, until, createTestProject } = product();
    const { createTestPool, createTestReservation } = await import("@/lib/fleet/testing");
    const actor = await createTestProject();
    const pool = await createTestPool({ nodes: 6, lanes: 4 });
    const of = { projectId: actor.projectId, pool, gpuCount: 4, hours: 2 };
    const startsAt = new Date(Date.now() - HOUR_MS);
    const ids: string[] = [];
    for (let node = 0; node < 6; node += 1) {
      ids.push((await createTestReservation({ ...of, startsAt, firstUnit: node * 4, status: "active" })).id);
    }
    const count = (status: string) => db.instance.count({ where: { projectId: actor.projectId, status } });
    let kills = 0;
    let workers = [startWorker(), startWorker()];
    const killAll = () => {
      for (const worker of workers) worker.kill("SIGKILL");
      kills += workers.length;
      workers = [startWorker(), startWorker()];
    };
    const killWhile = async (status: string) => {
      await until(`some ${status}`, async () => (await count(status)) > 0, 60_000);
      await sleep(Math.random() * 1_000);
      killAll();
    };
    await killWhile("starting");
    await killWhile("starting");
    // A lease of a killed worker lasts a minute.
    await until("all run", async () => (await count("running")) === 6, 150_000);
    expect(await db.simulatedMachine.count()).toBe(6);
    // They end now, each as the life of its reservation would end it.
    await db.reservation.updateMany({ where: { id: { in: ids } }, data: { status: "completed", endsAt: new Date() } });
    await killWhile("stopping");
    await until("all stopped", async () => (await count("stopped")) === 6, 150_000);

    const events = await db.event.groupBy({ by: ["type"], where: { projectId: actor.projectId }, _count: true });
    const told = Object.fromEntries(events.map(({ type, _count }) => [type, _count]));
    expect(told).toEqual({ "instance.started": 6, "instance.stopped": 6 });
    expect(await db.instance.count({ where: { projectId: actor.projectId } })).toBe(6);
    expect(await db.instance.count({ where: { tries: { not: 1 } } })).toBe(0);
    expect(await db.simulatedMachine.count()).toBe(0);
    expect(await db.instanceUnit.count({ where: { releasedAt: null } })).toBe(0);
    recordProof("instance-kills", {
      fault: `${kills} SIGKILLs of workers while instances start and stop`,
      instances: 6,
      started_once: told["instance.started"] ?? 0,
      stopped_once: told["instance.stopped"] ?? 0,
    });
  });
});
