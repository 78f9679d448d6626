import { describe, it } from "vitest";
import { struckBookings } from "@/lib/failover/testing-kills";
import { recordProof, useWorld } from "@/lib/queue/faults/world";

/** In the order of a failover. */
const MOMENTS = [
  { what: "marks GPUs as failed", table: "unit", statement: 'UPDATE "public"."unit"' },
  { what: "blocks what has failed", table: "allocation", statement: 'INSERT INTO "public"."allocation"' },
  { what: "moves a booking", table: "failover", statement: 'INSERT INTO "public"."failover"' },
  { what: "makes a replacement", table: "instance_unit", statement: 'INSERT INTO "public"."instance_unit"' },
  { what: "writes a move down", table: "reservation_change", statement: 'INSERT INTO "public"."reservation_change"' },
] as const;
const CLOSING = [
  { what: "credits", table: "credit_grant", statement: 'INSERT INTO "public"."credit_grant"' },
  { what: "ends a failover that is credited", table: "failover", statement: 'UPDATE "public"."failover"' },
] as const;

describe("failovers survive", () => {
  const world = useWorld();
  const { killAt, running, takeDown, cleared, lookBack } = struckBookings(world);

  it("workers killed at each of their steps: one outcome, one event, one credit, one machine for each booking", async () => {
    const { db, until } = world.product();
    const scene = await running(6, 14);
    const { actor, workers, struck } = scene;
    const of = { projectId: actor.projectId };
    await takeDown(struck);
    for (const moment of MOMENTS) await killAt(moment, workers);
    const count = (status: string) => db.instance.count({ where: { ...of, status, endedAt: null } });
    for (const status of ["requested", "starting"]) {
      await until(`a replacement is ${status}`, async () => (await count(status)) > 0, 60_000);
      workers.kill();
      workers.replace();
    }
    for (const moment of CLOSING) await killAt(moment, workers);
    const over = { ...of, status: "recovered" };
    await until("all recovered", async () => (await db.failover.count({ where: over })) === 6, 180_000);
    await cleared(6);
    const figures = await lookBack(scene, 1);
    recordProof("failover-kills", {
      fault: `${workers.kills()} SIGKILLs of workers at each step of failovers`,
      bookings: scene.ids.length,
      ...figures,
    });
    workers.kill();
  });
});
