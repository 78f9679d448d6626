import { describe, it } from "vitest";
import { struckBookings } from "@/lib/failover/testing-kills";
import { useWorld } from "@/lib/queue/faults/world";

describe("failovers survive", () => {
  const world = useWorld();
  const { killAt, running, takeDown, cleared, lookBack } = struckBookings(world);

  it("workers killed while a replacement that cannot be started goes elsewhere: it is the same failover", async () => {
    const { db, until } = world.product();
    const { makeFault } = await import("@/lib/compute/testing");
    const scene = await running(1, 3);
    const { actor, workers, struck, pool } = scene;
    const of = { projectId: actor.projectId };
    for (const { name } of await db.node.findMany({ where: { poolId: pool.id } })) {
      await makeFault("start_fails", null, name);
    }
    await takeDown(struck);
    await until("it goes elsewhere", async () => (await db.failover.count({ where: of })) === 1, 30_000);
    const { toNode } = await db.failover.findFirstOrThrow({ where: of });
    await db.simulatedFault.deleteMany({ where: { kind: "start_fails", nodeName: { not: toNode } } });
    await killAt({ what: "goes on", table: "failover", statement: 'UPDATE "public"."failover"' }, workers);
    const over = { ...of, status: "recovered" };
    await until("it recovered", async () => (await db.failover.count({ where: over })) === 1, 180_000);
    await cleared(1);
    await lookBack(scene, 2);
    workers.kill();
  });
});
