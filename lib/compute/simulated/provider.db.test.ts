import { beforeEach, describe, expect, it } from "vitest";
import type { LaunchRequest } from "@/lib/compute/provider";
import { SimulatedProvider } from "@/lib/compute/simulated/provider";
import { loadingMs, snapshotMs, stoppingMs } from "@/lib/compute/simulated/traits";
import { clearCompute, clock, makeFault, seconds } from "@/lib/compute/testing";
import { DEFAULT_LAUNCH_TEMPLATE } from "@/lib/contracts/launch-template";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { T0 } from "@/lib/reservations/testing";

beforeEach(clearCompute);

const provider = () => new SimulatedProvider({ clock: async () => clock.now });

function request(label: string, nodeName = "sim-01"): LaunchRequest {
  return {
    label,
    gpuType: "H100 SXM",
    gpuCount: 8,
    nodeName,
    region: "eu",
    template: { ...DEFAULT_LAUNCH_TEMPLATE, ports: [8080] },
    until: seconds(3_600, T0),
  };
}

const later = (ms: number, from = T0) => new Date(from.getTime() + ms);

describe("the simulated provider", () => {
  it("boots, runs, stops, and forgets, at the times of the label, whoever asks", async () => {
    const label = `dumont:${newId("instance")}`;
    const [one, other] = await Promise.all([provider().start(request(label)), provider().start(request(label))]);
    expect(one).toEqual(other);
    expect(one).toMatchObject({ state: "loading", address: null, failure: null });
    expect(await db.simulatedMachine.count()).toBe(1);
    clock.now = later(loadingMs(label) - 1);
    expect(await provider().find(label)).toMatchObject({ state: "loading" });
    clock.now = later(loadingMs(label));
    // Asked for again it goes on with the one that is there.
    expect(await provider().start(request(label))).toMatchObject({ state: "running", externalId: one.externalId });
    expect((await provider().find(label))?.address?.url).toMatch(/^http:\/\/sim-01\./);
    expect((await provider().list()).map((machine) => machine.label)).toEqual([label]);
    const stopped = clock.now;
    expect(await provider().stop(label)).toMatchObject({ state: "stopping" });
    clock.now = later(stoppingMs(label) - 1, stopped);
    expect(await provider().stop(label)).toMatchObject({ state: "stopping" });
    clock.now = later(stoppingMs(label), stopped);
    expect(await provider().stop(label)).toBeNull();
    expect(await provider().find(label)).toBeNull();
    expect(await provider().stop("dumont:unknown")).toBeNull();
  });

  it("keeps believable times, and is as fast as a test wants it", async () => {
    for (let n = 0; n < 200; n += 1) {
      const label = newId("instance");
      expect(loadingMs(label)).toBeGreaterThanOrEqual(5_000);
      expect(loadingMs(label)).toBeLessThanOrEqual(20_000);
      expect(stoppingMs(label)).toBeGreaterThanOrEqual(2_000);
      expect(stoppingMs(label)).toBeLessThanOrEqual(5_000);
      expect(snapshotMs(label)).toBeGreaterThanOrEqual(5_000);
      expect(snapshotMs(label)).toBeLessThanOrEqual(15_000);
    }
    const fast = new SimulatedProvider({ clock: async () => clock.now, scale: 0.001 });
    const label = `dumont:${newId("instance")}`;
    await fast.start(request(label));
    clock.now = later(21);
    expect(await fast.find(label)).toMatchObject({ state: "running" });
    expect(fast.pollMs).toBe(1);
  });

  it("takes one snapshot of an id, and none of a machine that does not run", async () => {
    const label = `dumont:${newId("instance")}`;
    const snapshot = { snapshotId: newId("snapshot"), label, name: "x" };
    await expect(provider().snapshot(snapshot)).rejects.toMatchObject({ kind: "refused" });
    await provider().start(request(label));
    clock.now = later(loadingMs(label));
    const begun = clock.now;
    expect(await provider().snapshot(snapshot)).toMatchObject({ state: "running" });
    await provider().stop(label);
    clock.now = later(snapshotMs(snapshot.snapshotId), begun);
    const done = await provider().snapshot(snapshot);
    expect(done).toMatchObject({ state: "completed", sizeBytes: expect.any(Number) });
    expect(await provider().snapshot(snapshot)).toEqual(done);
  });

  it("has a fault as often as it was told to, however many ask at once", async () => {
    await makeFault("unreachable", 3, "sim-01");
    const asked = await Promise.allSettled(
      Array.from({ length: 8 }, () => provider().start(request(`dumont:${newId("instance")}`))),
    );
    expect(asked.filter(({ status }) => status === "rejected")).toHaveLength(3);
    expect(await db.simulatedFault.count()).toBe(0);
    // A fault of another node is none of this one's business.
    await makeFault("unreachable", null, "sim-02");
    await expect(provider().start(request(`dumont:${newId("instance")}`))).resolves.toMatchObject({ state: "loading" });
  });
});
