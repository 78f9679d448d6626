import { beforeEach, describe, expect, it } from "vitest";
import { reconcile } from "@/lib/compute/reconcile";
import { createInstances, startInstance, stopInstance } from "@/lib/compute/service";
import {
  at,
  clearCompute,
  clock,
  computeEvents,
  crowdedNodes,
  instancesOf,
  logOf,
  onlyInstance,
  seconds,
  settle,
  simulated,
} from "@/lib/compute/testing";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { passTime } from "@/lib/reservations/life-cycle";
import { bookHours, cancel, createCustomer, hour, release, update } from "@/lib/reservations/testing";

beforeEach(clearCompute);

describe("instances of a reservation", () => {
  it("start with it, stop with it, and tell both under its correlation id", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id, correlation_id } = await bookHours(actor, pool.id, [1, 3], {
      gpu_count: 12,
      environment: "production",
    });
    await at(hour(0.9));
    expect(await instancesOf(id)).toEqual([]);
    await at(hour(1));
    expect((await instancesOf(id)).map(({ slot, gpuCount, status }) => [slot, gpuCount, status])).toEqual([
      [0, 8, "starting"],
      [1, 4, "starting"],
    ]);
    await settle(seconds(1, hour(1)));
    const [first] = await instancesOf(id);
    expect(first).toMatchObject({ status: "running", tries: 1, failure: null });
    expect(first?.address).toMatchObject({ host: expect.stringContaining("simulated") });
    expect(await db.instanceUnit.count({ where: { instanceId: first?.id ?? "", releasedAt: null } })).toBe(8);
    await at(hour(2));
    await at(hour(3));
    expect((await instancesOf(id)).map(({ status }) => status)).toEqual(["stopping", "stopping"]);
    await settle(hour(3));
    for (const row of await instancesOf(id)) {
      expect(row).toMatchObject({ status: "stopped", dueAt: null, stopReason: "reservation_ended", address: null });
      expect(row.endedAt).not.toBeNull();
      expect(Number(row.ranMs)).toBeGreaterThan(7_150_000);
    }
    expect(await db.instanceUnit.count({ where: { releasedAt: null } })).toBe(0);
    expect(await db.simulatedMachine.count()).toBe(0);
    const events = await computeEvents(actor);
    expect(events.map(({ type }) => type).sort()).toEqual([
      "instance.started",
      "instance.started",
      "instance.stopped",
      "instance.stopped",
    ]);
    expect(new Set(events.map((event) => `${event.correlation_id} ${event.environment}`))).toEqual(
      new Set([`${correlation_id} production`]),
    );
    expect(events.at(-1)?.data).toMatchObject({ reservation_id: id, reason: "reservation_ended" });
    expect(await logOf(first?.id ?? "")).toMatchObject(
      [/Made for 8 GPUs/, /GPUs are free/, /boots/, /can be reached/, /has ended/, /stops/, /has stopped/].map(
        (pattern) => expect.stringMatching(pattern),
      ),
    );
  });

  it("hand their GPUs over: the next one boots when the last has let go, not before", async () => {
    const [one, two] = [await createCustomer(), await createCustomer()];
    const pool = await createTestPool({ nodes: 1, lanes: 8 });
    const first = await bookHours(one, pool.id, [0, 1], { gpu_count: 8 });
    const second = await bookHours(two, pool.id, [1, 2], { gpu_count: 8 });
    await settle(hour(0));
    expect(await onlyInstance(first.id)).toMatchObject({ status: "running" });
    await at(hour(1));
    const waiting = await onlyInstance(second.id);
    expect(waiting).toMatchObject({ status: "requested" });
    expect(waiting.failure).toContain((await onlyInstance(first.id)).id);
    for (let now = hour(1); now <= seconds(40, hour(1)); now = seconds(1, now)) {
      await at(now);
      expect(await crowdedNodes()).toEqual([]);
      const [before, after] = [await onlyInstance(first.id), await onlyInstance(second.id)];
      if (before.status !== "stopped") expect(after.status).toBe("requested");
    }
    expect(await onlyInstance(second.id)).toMatchObject({ status: "running", failure: null });
    expect((await logOf(waiting.id)).filter((line) => line.includes("let go"))).toHaveLength(1);
  });

  it("never start when both the start and the end were missed", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [1, 2], { gpu_count: 8 });
    await at(hour(2));
    await at(hour(3));
    expect(await instancesOf(id)).toEqual([]);
    expect(await db.simulatedMachine.count()).toBe(0);
  });

  it("do not start any more when the reservation ended before they could", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [1, 2], { gpu_count: 8 });
    await at(hour(1));
    expect(await onlyInstance(id)).toMatchObject({ status: "starting" });
    // Nobody worked until the end, and the reservation's own life cycle is still behind.
    clock.now = hour(2);
    await reconcile({ now: hour(2), providerOf: () => simulated });
    await settle(hour(2));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopped" });
    expect((await computeEvents(actor)).map(({ type }) => type)).toEqual(["instance.stopped"]);
    expect(await db.simulatedMachine.count()).toBe(0);
  });

  it("stop when it is cancelled", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [0, 10], { gpu_count: 8 });
    await settle(hour(0));
    await cancel(actor, id, {}, hour(2));
    await settle(hour(2));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopped", stopReason: "reservation_ended" });
  });

  it("go on through an extension, without being touched", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [0, 2], { gpu_count: 8 });
    await settle(hour(0));
    const reservation = await db.reservation.findUniqueOrThrow({ where: { id } });
    await update(actor, id, { version: reservation.version, ends_at: hour(4).toISOString() }, hour(1));
    await at(hour(2));
    await at(hour(3.9));
    expect(await onlyInstance(id)).toMatchObject({ status: "running" });
    await settle(hour(4));
    expect((await computeEvents(actor)).map(({ type }) => type)).toEqual(["instance.started", "instance.stopped"]);
  });

  it("are made anew for the GPUs that stay, when some are given back, and for those that come, when there are more", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 8 });
    const booked = await bookHours(actor, pool.id, [0, 6], { gpu_count: 8 });
    const part = { starts_at: hour(2).toISOString(), ends_at: hour(4).toISOString(), gpu_count: 4 };
    await release(actor, booked.id, { version: booked.version, ...part });
    await settle(hour(0));
    await settle(hour(2));
    const counts = async () => (await instancesOf(booked.id)).map(({ gpuCount, status }) => [gpuCount, status]);
    expect(await counts()).toEqual([
      [8, "stopped"],
      [4, "running"],
    ]);
    await settle(hour(4));
    expect(await counts()).toEqual([
      [8, "stopped"],
      [4, "running"],
      [4, "running"],
    ]);
    expect((await instancesOf(booked.id)).map(({ slot }) => slot)).toEqual([0, 0, 1]);
    await settle(hour(6));
    expect(await db.simulatedMachine.count()).toBe(0);
  });

  it("boot what is deployed, and a plain machine with a warning where nothing is", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const named = { config: "trainer", environment: "production" };
    const { id } = await bookHours(actor, pool.id, [0, 1], { gpu_count: 1, ...named });
    await at(hour(0));
    const plain = await onlyInstance(id);
    expect(plain).toMatchObject({ configVersionId: null, template: { image: expect.stringContaining("cuda") } });
    expect(await logOf(plain.id)).toContainEqual(expect.stringContaining("not deployed"));

    const { projectId } = actor;
    const by = { projectId, createdBy: "usr_test" };
    await db.application.create({ data: { id: "app_1", name: "llm", ...by } });
    await db.configuration.create({ data: { id: "cfg_1", applicationId: "app_1", name: "trainer", ...by } });
    await db.configVariant.create({ data: { id: "var_1", configId: "cfg_1", name: "default", ...by } });
    await db.environment.create({ data: { id: "env_1", name: "production", ...by } });
    for (const version of [1, 2]) {
      const content = {
        image: `trainer:${version}`,
        env: {},
        start_script: "",
        ports: [8080],
        disk_gb: 64,
        gpu_type: null,
      };
      await db.configVersion.create({
        data: {
          id: `cvr_${version}`,
          configId: "cfg_1",
          variantId: "var_1",
          version,
          content,
          source: "",
          format: "json",
          message: "",
          ...by,
        },
      });
      const deployed = { configId: "cfg_1", environmentId: "env_1", versionId: `cvr_${version}`, number: version };
      await db.deployment.create({ data: { id: `dep_${version}`, correlationId: "x", ...deployed, ...by } });
    }
    const next = await bookHours(actor, pool.id, [2, 3], { gpu_count: 1, ...named });
    await settle(hour(2));
    expect(await onlyInstance(next.id)).toMatchObject({
      configVersionId: "cvr_2",
      application: "llm",
      template: { image: "trainer:2" },
      address: { url: expect.stringMatching(/^http:/) },
    });
  });
});

describe("by hand", () => {
  it("stops, starts again, and boots another configuration on the same GPUs", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [0, 10], { gpu_count: 8 });
    await settle(hour(0));
    const first = await onlyInstance(id);
    await expect(createInstances(actor, { reservation_id: id }, hour(1))).rejects.toMatchObject({ code: "conflict" });
    await stopInstance(actor, first.id, hour(1));
    await settle(hour(1));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopped", endedAt: null, stopReason: "requested" });
    // It stays stopped: the reservation has its instance.
    await at(hour(1.5));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopped" });

    expect(await startInstance(actor, first.id, hour(2))).toMatchObject({ status: "requested", wanted: "running" });
    await settle(hour(2));
    expect(await startInstance(actor, first.id, hour(3))).toMatchObject({ status: "running" });
    await stopInstance(actor, first.id, hour(4));
    await settle(hour(4));

    const webhook = { url: "https://example.com/hook" };
    const { data } = await createInstances(actor, { reservation_id: id, config: "other", webhook }, hour(5));
    expect(data).toMatchObject([{ status: "requested", config: "other", slot: 0, units: { length: 8 } }]);
    const workflow = await db.workflow.findFirst({ where: { correlationId: data[0]?.correlation_id ?? "" } });
    expect(workflow).toMatchObject({ kind: "instance", projectId: actor.projectId });
    await expect(startInstance(actor, first.id, hour(5))).rejects.toMatchObject({ code: "conflict" });
    await settle(hour(5));
    expect((await instancesOf(id)).map(({ status }) => status)).toEqual(["stopped", "running"]);
    await settle(hour(10));
    expect((await computeEvents(actor)).map(({ type, data }) => [type, data.reason])).toEqual([
      ["instance.started", undefined],
      ["instance.stopped", "requested"],
      ["instance.started", undefined],
      ["instance.stopped", "requested"],
      ["instance.started", undefined],
      ["instance.stopped", "reservation_ended"],
    ]);
    // What was brought along gets what follows, and nothing of before.
    const brought = await db.webhook.findFirstOrThrow({ where: { workflowId: workflow?.id ?? "" } });
    const sent = await db.delivery.findMany({ where: { webhookId: brought.id }, orderBy: { id: "asc" } });
    expect(sent.map(({ eventType }) => eventType)).toEqual(["instance.started", "instance.stopped"]);
  });

  it("refuses to start what is over, and does not know what is another project's", async () => {
    const [actor, stranger] = [await createCustomer(), await createCustomer()];
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [0, 1], { gpu_count: 1 });
    await settle(hour(0));
    const instance = await onlyInstance(id);
    for (const act of [startInstance, stopInstance]) {
      await expect(act(stranger, instance.id, hour(0))).rejects.toMatchObject({ code: "not_found" });
    }
    const anew = { reservation_id: id };
    await expect(createInstances(stranger, anew, hour(0))).rejects.toMatchObject({ code: "not_found" });
    await settle(hour(1));
    for (const late of [
      () => startInstance(actor, instance.id, hour(1)),
      () => createInstances(actor, anew, hour(1)),
    ]) {
      await expect(late()).rejects.toMatchObject({ code: "conflict" });
    }
    expect(await stopInstance(actor, instance.id, hour(1))).toMatchObject({ status: "stopped" });
    await passTime({ now: hour(2) });
  });
});
