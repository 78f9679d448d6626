import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ComputeProvider,
  LABEL_PREFIX,
  type LaunchRequest,
  type Machine,
  ProviderError,
  type SnapshotProgress,
} from "@/lib/compute/provider";
import { DEFAULT_LAUNCH_TEMPLATE } from "@/lib/contracts/launch-template";
import { newId } from "@/lib/ids";

export type ProviderUnderTest = {
  provider: ComputeProvider;
  /** What differs from a plain request: a GPU type that it has, a node. */
  request?: Partial<LaunchRequest>;
  /** Milliseconds between two looks; the provider's own are too long for a test. */
  pollMs?: number;
  close(): Promise<void>;
};

/** What any provider must keep to; see ComputeProvider. The reconciler relies on nothing else. */
export function describeProvider(name: string, open: () => Promise<ProviderUnderTest>): void {
  describe(`the contract of compute providers: ${name}`, () => {
    let under: ProviderUnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    const request = (label: string): LaunchRequest => launchRequest({ label, ...under.request });

    it("starts a machine once, however often it is asked", async () => {
      const label = newLabel();
      const first = await under.provider.start(request(label));
      expect(first).toMatchObject({ label, failure: null });
      expect(["loading", "running"]).toContain(first.state);
      const second = await under.provider.start(request(label));
      expect(second.externalId).toBe(first.externalId);
      expect((await listed(label)).map(({ externalId }) => externalId)).toEqual([first.externalId]);
      await under.provider.stop(label);
    });

    it("starts one machine for many who ask at once", async () => {
      const label = newLabel();
      const machines = await Promise.all(Array.from({ length: 8 }, () => under.provider.start(request(label))));
      expect(new Set(machines.map(({ externalId }) => externalId)).size).toBe(1);
      expect(await listed(label)).toHaveLength(1);
      await under.provider.stop(label);
    });

    it("finds what it started, and brings it to run at an address", async () => {
      const label = newLabel();
      const { externalId } = await under.provider.start(request(label));
      const running = await until(label, (machine) => machine?.state === "running");
      expect(running).toMatchObject({ label, externalId, failure: null });
      expect(running?.address?.host).toEqual(expect.any(String));
      await under.provider.stop(label);
    });

    it("stops for good, as often as it is asked", async () => {
      const label = newLabel();
      const other = newLabel();
      await under.provider.start(request(label));
      await under.provider.start(request(other));
      await under.provider.stop(label);
      const gone = await until(label, isOver);
      expect(gone === null || gone.state === "stopped").toBe(true);
      await expect(under.provider.stop(label)).resolves.toSatisfy(isOver);
      expect((await listed(label)).every(isOver)).toBe(true);
      expect(await listed(other)).toHaveLength(1);
      await under.provider.stop(other);
    });

    it("takes a label that it does not know calmly", async () => {
      const label = newLabel();
      expect(await under.provider.find(label)).toBeNull();
      expect(await under.provider.stop(label)).toBeNull();
      expect(await listed(label)).toEqual([]);
    });

    it("lists only what is ours", async () => {
      const label = newLabel();
      await under.provider.start(request(label));
      const all = await under.provider.list();
      expect(all.map((machine) => machine.label)).toContain(label);
      expect(all.every((machine) => machine.label.startsWith(LABEL_PREFIX))).toBe(true);
      await under.provider.stop(label);
    });

    it("takes snapshots that can be checked, or says that it takes none", async () => {
      const label = newLabel();
      await under.provider.start(request(label));
      await until(label, (machine) => machine?.state === "running");
      const progress = await snapshotOf(label);
      if (progress !== "unsupported") {
        expect(progress.state).toBe("completed");
        if (progress.state !== "completed") return;
        expect(progress.location).not.toBe("");
        expect(Number.isSafeInteger(progress.sizeBytes)).toBe(true);
        expect(Object.values(progress.checksums).length).toBeGreaterThan(0);
        for (const checksum of Object.values(progress.checksums)) expect(checksum).toMatch(/^sha256:[0-9a-f]{64}$/);
      }
      await under.provider.stop(label);
    });

    it("names only nodes that it was asked about", async () => {
      const problems = await under.provider.problems(["node-a", "node-b"]);
      expect(problems.every(({ nodeName }) => ["node-a", "node-b"].includes(nodeName))).toBe(true);
      expect(await under.provider.problems([])).toEqual([]);
    });

    async function listed(label: string): Promise<Machine[]> {
      return (await under.provider.list()).filter((machine) => machine.label === label);
    }

    /** Looks until it is so; the test's own time limit ends what never is. */
    async function until(label: string, isSo: (machine: Machine | null) => boolean): Promise<Machine | null> {
      for (;;) {
        const machine = await under.provider.find(label);
        if (isSo(machine)) return machine;
        await sleep(under.pollMs ?? 5);
      }
    }

    async function snapshotOf(label: string): Promise<SnapshotProgress | "unsupported"> {
      const snapshotId = newId("snapshot");
      for (;;) {
        try {
          const progress = await under.provider.snapshot({ snapshotId, label, name: "before the upgrade" });
          if (progress.state !== "running") return progress;
        } catch (error) {
          if (error instanceof ProviderError && error.kind === "unsupported") return "unsupported";
          throw error;
        }
        await sleep(under.pollMs ?? 5);
      }
    }
  });
}

function isOver(machine: Machine | null): boolean {
  return machine === null || machine.state === "stopped";
}

export function newLabel(): string {
  return `${LABEL_PREFIX}${newId("instance")}`;
}

/** Two H100 for a day. */
export function launchRequest(change: Partial<LaunchRequest> = {}): LaunchRequest {
  return {
    label: newLabel(),
    gpuType: "H100 SXM",
    gpuCount: 2,
    nodeName: "node-a",
    region: "eu-north",
    template: DEFAULT_LAUNCH_TEMPLATE,
    until: new Date(Date.now() + 86_400_000),
    ...change,
  };
}
