import { beforeEach, describe, expect, it } from "vitest";
import { stopOrphans } from "@/lib/compute/orphans";
import { failInstances, replaceInstance, startInstance } from "@/lib/compute/service";
import { createSnapshot } from "@/lib/compute/snapshots";
import {
  at,
  clearCompute,
  computeEvents,
  live,
  logOf,
  makeFault,
  onlyInstance,
  seconds,
  settle,
  simulated,
} from "@/lib/compute/testing";
import { INSTANCE_LIMITS } from "@/lib/contracts/instances";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { createTestPool } from "@/lib/fleet/testing";
import { bookHours, createCustomer, hour } from "@/lib/reservations/testing";

beforeEach(clearCompute);

async function booked(
  hours: readonly [number, number] = [0, 10],
  options: { snapshot_at_end?: boolean } = {},
  nodes = 2,
) {
  const actor = await createCustomer();
  const pool = await createTestPool({ nodes, lanes: 8 });
  const { id } = await bookHours(actor, pool.id, hours, { gpu_count: 8, ...options });
  return { actor, pool, id };
}

const typesOf = async (actor: Parameters<typeof computeEvents>[0]) =>
  (await computeEvents(actor)).map(({ type }) => type);

describe("each fault of the simulated provider", () => {
  it("start_fails: is cleared away and tried again", async () => {
    const { actor, id } = await booked();
    await makeFault("start_fails", 2);
    await live(hour(0), seconds(120, hour(0)));
    const instance = await onlyInstance(id);
    expect(instance).toMatchObject({ status: "running", tries: 3, failure: null });
    expect((await logOf(instance.id)).filter((line) => /^Start \d of 5 failed/.test(line))).toHaveLength(2);
    expect(await typesOf(actor)).toEqual(["instance.started"]);
    expect(await db.simulatedFault.count()).toBe(0);
  });

  it("start_fails for good: is given up after so many tries, lets go of its GPUs, and can be started by hand", async () => {
    const { actor, id } = await booked();
    const fault = await makeFault("start_fails");
    await live(hour(0), seconds(300, hour(0)));
    const instance = await onlyInstance(id);
    expect(instance).toMatchObject({ status: "failed", tries: INSTANCE_LIMITS.tries, dueAt: null, endedAt: null });
    expect(await db.instanceUnit.count({ where: { releasedAt: null } })).toBe(0);
    expect(await typesOf(actor)).toEqual(["instance.failed"]);
    expect((await computeEvents(actor))[0]?.data).toMatchObject({
      failure: expect.stringMatching(/boot/),
      ran_seconds: 0,
    });
    await db.simulatedFault.delete({ where: { id: fault } });
    await startInstance(actor, instance.id, hour(1));
    await settle(hour(1));
    expect(await onlyInstance(id)).toMatchObject({ status: "running", tries: 1, failure: null });
    await live(hour(10), seconds(10, hour(10)));
    expect(await typesOf(actor)).toEqual(["instance.failed", "instance.started", "instance.stopped"]);
  });

  it("start_slow: takes longer, and that is all", async () => {
    const { id } = await booked();
    await makeFault("start_slow");
    await live(hour(0), seconds(25, hour(0)));
    expect(await onlyInstance(id)).toMatchObject({ status: "starting", tries: 1 });
    await live(seconds(200, hour(0)), seconds(210, hour(0)));
    expect(await onlyInstance(id)).toMatchObject({ status: "running", tries: 1 });
  });

  it("stop_slow: the next booking of the GPUs waits for it", async () => {
    const { actor, pool, id } = await booked([0, 1], {}, 1);
    const next = await bookHours(actor, pool.id, [1, 2], { gpu_count: 8 });
    await makeFault("stop_slow");
    await settle(hour(0));
    await live(hour(1), seconds(15, hour(1)));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopping" });
    expect(await onlyInstance(next.id)).toMatchObject({ status: "requested" });
    await live(seconds(55, hour(1)), seconds(85, hour(1)));
    expect(await onlyInstance(next.id)).toMatchObject({ status: "running" });
  });

  it("unreachable: nothing is decided until the provider answers again, at the start, while it runs and at the end", async () => {
    const { actor, id } = await booked([0, 1]);
    const during = async (from: Date) => {
      const fault = await makeFault("unreachable");
      await live(from, seconds(40, from));
      await db.simulatedFault.delete({ where: { id: fault } });
    };
    await during(hour(0));
    expect(await onlyInstance(id)).toMatchObject({ status: "starting", failure: expect.stringMatching(/not answer/) });
    await live(seconds(60, hour(0)), seconds(130, hour(0)));
    expect(await onlyInstance(id)).toMatchObject({ status: "running", failure: null, tries: 1 });
    await during(hour(0.5));
    expect(await onlyInstance(id)).toMatchObject({ status: "running", failure: expect.stringMatching(/not answer/) });
    await live(hour(0.6), seconds(20, hour(0.6)));
    expect(await onlyInstance(id)).toMatchObject({ status: "running", failure: null });
    await during(hour(1));
    const stopping = await onlyInstance(id);
    expect(stopping).toMatchObject({ status: "stopping" });
    await live(seconds(60, hour(1)), seconds(130, hour(1)));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopped" });
    expect(await typesOf(actor)).toEqual(["instance.started", "instance.stopped"]);
    // Said once each time, however often it was asked.
    expect((await logOf(stopping.id)).filter((line) => line.includes("not answer"))).toHaveLength(3);
    await makeFault("unreachable");
    expect(await stopOrphans(hour(2), [simulated])).toEqual({ stopped: 0, unreachable: 1 });
  });

  it("node_down: what runs there fails, is told once, and cannot start there until the node is back", async () => {
    const { actor, id } = await booked();
    await settle(hour(0));
    const instance = await onlyInstance(id);
    const { name } = await db.node.findUniqueOrThrow({ where: { id: instance.nodeId } });
    const fault = await makeFault("node_down", null, name);
    expect(await simulated.problems([name, "another"])).toMatchObject([{ nodeName: name }]);
    await live(hour(1), seconds(20, hour(1)));
    expect(await onlyInstance(id)).toMatchObject({ status: "failed", dueAt: null, endedAt: null });
    expect(await typesOf(actor)).toEqual(["instance.started", "instance.failed"]);
    expect((await computeEvents(actor))[1]?.data).toMatchObject({ node: name, failure: expect.stringMatching(/down/) });
    await startInstance(actor, instance.id, hour(2));
    await live(hour(2), seconds(120, hour(2)));
    expect(await onlyInstance(id)).toMatchObject({ status: "failed" });
    await db.simulatedFault.delete({ where: { id: fault } });
    await startInstance(actor, instance.id, hour(3));
    await settle(hour(3));
    expect(await onlyInstance(id)).toMatchObject({ status: "running" });
  });

  it("snapshot_fails: the snapshot fails, the instance does not", async () => {
    const { actor, id } = await booked();
    await settle(hour(0));
    const instance = await onlyInstance(id);
    await makeFault("snapshot_fails", 1);
    const taken = await createSnapshot(actor, instance.id, { name: "Before the change" }, hour(1));
    await expect(createSnapshot(actor, instance.id, { name: "" }, hour(1))).rejects.toMatchObject({ code: "conflict" });
    await live(hour(1), seconds(20, hour(1)));
    expect(await db.snapshot.findUnique({ where: { id: taken.id } })).toMatchObject({ status: "failed", dueAt: null });
    const again = await createSnapshot(actor, instance.id, { name: "Again" }, hour(2));
    await live(hour(2), seconds(20, hour(2)));
    const stored = await db.snapshot.findUniqueOrThrow({ where: { id: again.id } });
    expect(stored).toMatchObject({ status: "completed", location: expect.stringContaining(again.id), failure: null });
    expect(Object.values(stored.checksums as object)).toContainEqual(expect.stringMatching(/^sha256:[0-9a-f]{64}$/));
    expect((await computeEvents(actor)).at(-1)).toMatchObject({
      type: "snapshot.completed",
      data: {
        snapshot_id: again.id,
        instance_id: instance.id,
        size_bytes: Number(stored.sizeBytes),
        trigger: "manual",
      },
    });
    expect(await onlyInstance(id)).toMatchObject({ status: "running" });
  });
});

describe("a snapshot before the end", () => {
  it("begins some minutes before, once, and is told", async () => {
    const { actor, id } = await booked([0, 1], { snapshot_at_end: true });
    await settle(hour(0));
    const lead = seconds(-60 * INSTANCE_LIMITS.snapshotLeadMinutes, hour(1));
    await at(seconds(-1, lead));
    expect(await db.snapshot.count()).toBe(0);
    await live(lead, seconds(30, lead));
    await at(seconds(300, lead));
    expect(await db.snapshot.findMany()).toMatchObject([{ status: "completed", trigger: "before_end" }]);
    await live(hour(1), seconds(10, hour(1)));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopped" });
    expect(await typesOf(actor)).toEqual(["instance.started", "snapshot.completed", "instance.stopped"]);
  });

  it("does not keep the instance from stopping, and is finished after it", async () => {
    const { actor, id } = await booked([0, 1], { snapshot_at_end: true });
    await settle(hour(0));
    // The worker comes back two seconds before the end.
    await at(seconds(-2, hour(1)));
    await at(hour(1));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopping" });
    expect(await db.snapshot.findMany()).toMatchObject([{ status: "running" }]);
    await live(seconds(1, hour(1)), seconds(30, hour(1)));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopped" });
    expect(await db.snapshot.findMany()).toMatchObject([{ status: "completed" }]);
    expect((await typesOf(actor)).sort()).toEqual(["instance.started", "instance.stopped", "snapshot.completed"]);
  });

  it("is missed when nobody was at work, which the log says", async () => {
    const { id } = await booked([0, 1], { snapshot_at_end: true });
    await settle(hour(0));
    await settle(hour(1));
    const instance = await onlyInstance(id);
    expect(instance).toMatchObject({ status: "stopped" });
    expect(await logOf(instance.id)).toContainEqual(expect.stringMatching(/^No snapshot was taken/));
  });

  it("is not taken of what does not run", async () => {
    const { id } = await booked([0, 1], { snapshot_at_end: true });
    await makeFault("start_slow");
    await live(seconds(-20, hour(1)), seconds(20, hour(1)));
    expect(await db.snapshot.count()).toBe(0);
    expect(await onlyInstance(id)).toMatchObject({ status: expect.stringMatching(/stop/) });
  });
});

describe("what others do with instances", () => {
  it("lets one fail and puts another in its place on other GPUs while the first is cleared away", async () => {
    const { actor, pool, id } = await booked();
    await settle(hour(0));
    const broken = await onlyInstance(id);
    const spare = pool.units.filter(({ nodeId }) => nodeId !== broken.nodeId);
    await transaction(async (tx) => {
      expect(await failInstances(tx, [broken.id], "The node is on fire.", hour(1))).toHaveLength(1);
      expect(await failInstances(tx, [broken.id], "Twice.", hour(1))).toHaveLength(0);
      const held = await tx.allocation.findMany({ where: { reservationId: id } });
      for (const [index, { id: allocation }] of held.entries()) {
        const unitId = spare[index]?.id ?? "";
        await tx.allocation.update({ where: { id: allocation }, data: { unitId } });
      }
      const [replacement, more] = await replaceInstance(tx, broken.id, hour(1));
      expect(more).toBeUndefined();
      expect(replacement).toMatchObject({ slot: 0, gpuCount: 8, status: "requested", nodeId: spare[0]?.nodeId });
    });
    await settle(hour(1));
    const rows = await db.instance.findMany({ where: { reservationId: id }, orderBy: { id: "asc" } });
    expect(rows).toMatchObject([
      { status: "failed", dueAt: null, endedAt: hour(1) },
      { status: "running", slot: 0 },
    ]);
    expect(await typesOf(actor)).toEqual(["instance.started", "instance.failed", "instance.started"]);
    expect(await db.simulatedMachine.count()).toBe(1);
  });
});
