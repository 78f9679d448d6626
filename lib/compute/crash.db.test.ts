import { beforeEach, describe, expect, it } from "vitest";
import { askInstance } from "@/lib/compute/ask";
import { claimInstances } from "@/lib/compute/claim";
import { stopOrphans } from "@/lib/compute/orphans";
import type { ComputeProvider } from "@/lib/compute/provider";
import { reconcile } from "@/lib/compute/reconcile";
import {
  at,
  clearCompute,
  clock,
  computeEvents,
  crowdedNodes,
  instancesOf,
  live,
  onlyInstance,
  seconds,
  settle,
  simulated,
} from "@/lib/compute/testing";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { newId, newIdAt } from "@/lib/ids";
import { passTime } from "@/lib/reservations/life-cycle";
import { bookHours, createCustomer, hour, T0 } from "@/lib/reservations/testing";

beforeEach(clearCompute);

type Question = "start" | "find" | "stop" | "snapshot";

/** Longer than a lease. */
const LEASE_S = 61;

/**
 * The provider of a worker that dies in a question: the provider does as it is asked, and nobody is there to hear it. To
 * the database this is what a kill -9 between the two looks like: a lease that nobody settles.
 */
function dyingIn(question: Question, nth: number): { provider: ComputeProvider; died: Promise<void> } {
  let asked = 0;
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const provider = new Proxy<ComputeProvider>(simulated, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        const answer: unknown = await value.apply(target, args);
        if (property !== question) return answer;
        asked += 1;
        if (asked < nth) return answer;
        die();
        return new Promise(() => undefined);
      };
    },
  });
  return { provider, died };
}

describe("a worker that is killed between the provider's answer and its settlement", () => {
  it.each([
    ["start", 1],
    ["find", 1],
    ["find", 2],
    ["stop", 1],
    ["stop", 2],
    ["snapshot", 1],
    ["snapshot", 2],
  ] as const)("in %s number %i: another one goes on, and nothing is done or told twice", async (question, nth) => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 8 });
    const { id } = await bookHours(actor, pool.id, [0, 1], { gpu_count: 8, snapshot_at_end: true });
    const mortal = dyingIn(question, nth);
    let dead = false;
    mortal.died.then(() => {
      dead = true;
    });
    const times = [...steps(hour(0), 40), ...steps(seconds(-595, hour(1)), 40), ...steps(hour(1), 15)];
    for (const now of times) {
      clock.now = now;
      await passTime({ now });
      const round = reconcile({ now, providerOf: () => mortal.provider });
      await Promise.race([round, mortal.died]);
      if (dead) break;
    }
    expect(dead).toBe(true);
    const [before] = await instancesOf(id);
    const machines = await db.simulatedMachine.count();
    // While the lease lasts nobody else touches it.
    await reconcile({ now: clock.now, providerOf: () => simulated });
    expect((await onlyInstance(id)).status).toBe(before?.status);
    expect(machines).toBeLessThanOrEqual(1);

    await at(seconds(LEASE_S, clock.now));
    for (const now of times.filter((time) => time > clock.now)) await at(now);
    await live(seconds(5, clock.now), seconds(40, clock.now));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopped", tries: 1, leaseToken: null });
    expect((await computeEvents(actor)).map(({ type }) => type).sort()).toEqual([
      "instance.started",
      "instance.stopped",
      "snapshot.completed",
    ]);
    expect(await db.simulatedMachine.count()).toBe(0);
    expect(await db.snapshot.count()).toBe(1);
  });

  it("answers too late: what it says of another state is not stored", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 8 });
    const { id } = await bookHours(actor, pool.id, [0, 1], { gpu_count: 8 });
    const slow = slowIn("start");
    const round = (async () => {
      await passTime({ now: T0 });
      await reconcile({ now: T0, providerOf: () => slow.provider });
    })();
    await slow.asked;
    await settle(seconds(LEASE_S, T0));
    const running = await onlyInstance(id);
    expect(running).toMatchObject({ status: "running" });
    slow.answer();
    await round;
    expect(await onlyInstance(id)).toEqual(running);
    expect((await computeEvents(actor)).map(({ type }) => type)).toEqual(["instance.started"]);
  });
});

describe("several schedulers at once", () => {
  it("start and stop each instance once: nothing is asked of the provider, or told, twice", async () => {
    const actor = await createCustomer(10_000_000n);
    const pool = await createTestPool({ nodes: 6, lanes: 8 });
    const bookings = [];
    for (let n = 0; n < 6; n += 1) bookings.push(await bookHours(actor, pool.id, [0, 1], { gpu_count: 8 }));
    for (let n = 0; n < 6; n += 1) bookings.push(await bookHours(actor, pool.id, [1, 2], { gpu_count: 8 }));
    const starts: string[] = [];
    const counting = new Proxy<ComputeProvider>(simulated, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          if (property === "start") starts.push((args[0] as { label: string }).label);
          return value.apply(target, args);
        };
      },
    });
    const four = async (now: Date) => {
      clock.now = now;
      await Promise.all(
        [1, 2, 3, 4].map(async () => {
          await passTime({ now });
          await reconcile({ now, providerOf: () => counting });
        }),
      );
      expect(await crowdedNodes()).toEqual([]);
    };
    for (const now of [...steps(hour(0), 30), ...steps(hour(1), 45), ...steps(hour(2), 15)]) await four(now);
    for (const { id } of bookings) expect(await onlyInstance(id)).toMatchObject({ status: "stopped", tries: 1 });
    expect(starts).toHaveLength(12);
    expect(new Set(starts).size).toBe(12);
    const types = (await computeEvents(actor)).map(({ type }) => type);
    expect(types.filter((type) => type === "instance.started")).toHaveLength(12);
    expect(types.filter((type) => type === "instance.stopped")).toHaveLength(12);
    expect(await db.simulatedMachine.count()).toBe(0);
  });

  it("never lease one instance twice", async () => {
    const actor = await createCustomer(10_000_000n);
    const pool = await createTestPool({ nodes: 4, lanes: 8 });
    for (let n = 0; n < 4; n += 1) await bookHours(actor, pool.id, [0, 1], { gpu_count: 8 });
    await passTime({ now: T0 });
    await reconcile({ now: T0, providerOf: () => simulated });
    const now = seconds(1, T0);
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimInstances(now, 2)));
    const ids = claims.flat().map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
    expect(await claimInstances(now, 10)).toEqual([]);
    const [claimed] = claims.flat();
    if (!claimed) throw new Error("Nothing was claimed.");
    clock.now = now;
    expect((await askInstance(claimed, () => simulated)).answer).toMatchObject({ call: "find" });
  });
});

describe("machines that nobody wants", () => {
  it("are stopped when they are ours and old enough", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 8 });
    const { id } = await bookHours(actor, pool.id, [0, 2], { gpu_count: 4 });
    await settle(hour(0));
    const { label } = await onlyInstance(id);
    const prefix = label.slice(0, label.lastIndexOf(":") + 1);
    const machine = { nodeName: "n", gpuCount: 1, state: "running", template: { image: "x" } };
    const of = (name: string) => ({ ...machine, label: name, externalId: name });
    const young = `${prefix}${newIdAt("instance", seconds(-60, hour(1)))}`;
    const old = `${prefix}${newIdAt("instance", seconds(-600, hour(1)))}`;
    const foreign = `dumont:other:${newId("instance")}`;
    await db.simulatedMachine.createMany({ data: [young, old, foreign].map(of) });
    clock.now = hour(1);
    expect(await stopOrphans(hour(1), [simulated])).toEqual({ stopped: 1, unreachable: 0 });
    clock.now = seconds(10, hour(1));
    const left = (await simulated.list()).map((found) => found.label).sort();
    expect(left).toEqual([foreign, label, young].sort());
    // One whose instance stopped while a late start was on its way.
    await settle(hour(2));
    await db.simulatedMachine.create({ data: of(label) });
    expect(await stopOrphans(seconds(60, hour(2)), [simulated])).toMatchObject({ stopped: 1 });
    clock.now = seconds(1_000, hour(2));
    expect(await stopOrphans(clock.now, [simulated])).toMatchObject({ stopped: 1 });
  });
});

function steps(from: Date, count: number): Date[] {
  return Array.from({ length: Math.ceil(count / 3) }, (_, n) => seconds(n * 3, from));
}

/** A provider whose first answer of a kind comes when it is told to. */
function slowIn(question: Question): { provider: ComputeProvider; asked: Promise<void>; answer: () => void } {
  let ask = () => {};
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const provider = new Proxy<ComputeProvider>(simulated, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        if (property !== question) return value.apply(target, args);
        ask();
        await told;
        return value.apply(target, args);
      };
    },
  });
  return { provider, asked, answer };
}
