import { describe, expect, it } from "vitest";
import { type SnapshotAnswer, stepSnapshot } from "@/lib/compute/snapshot-step";
import { INSTANCE_LIMITS } from "@/lib/contracts/instances";

const T0 = new Date("2027-03-01T00:00:00.000Z");
const life = { status: "requested", name: "x", createdAt: T0 } as const;
const at = (minutes: number) => ({ now: new Date(T0.getTime() + minutes * 60_000), pollMs: 1_000 });
const error = (kind: "unreachable" | "rate_limited" | "refused" | "unsupported" | "capacity") =>
  ({ state: "error", kind, message: "No.", retryAfterMs: null }) as const;

describe("a snapshot", () => {
  it("is looked at again while it is taken, and says so once", () => {
    const running: SnapshotAnswer = { state: "running", externalId: "s-1" };
    const first = stepSnapshot(life, running, at(0));
    expect(first).toMatchObject({ patch: { status: "running", externalId: "s-1" }, completed: false });
    expect(first.logs).toHaveLength(1);
    expect(first.patch.dueAt?.getTime()).toBe(T0.getTime() + 1_000);
    expect(stepSnapshot({ ...life, status: "running" }, running, at(1)).logs).toEqual([]);
  });

  it("is stored with its size and checksums", () => {
    const checksums = { disk: `sha256:${"0".repeat(64)}` };
    const done: SnapshotAnswer = { state: "completed", externalId: "s-1", location: "l", sizeBytes: 5, checksums };
    expect(stepSnapshot(life, done, at(1))).toMatchObject({
      patch: { status: "completed", sizeBytes: 5n, checksums, dueAt: null, failure: null },
      completed: true,
    });
  });

  it("waits for a provider that does not answer, less and less often, and not for ever", () => {
    for (const kind of ["unreachable", "rate_limited"] as const) {
      const { patch, completed } = stepSnapshot(life, error(kind), at(2));
      expect([patch.status, completed]).toEqual([undefined, false]);
      expect((patch.dueAt?.getTime() ?? 0) - at(2).now.getTime()).toBe(40_000);
      expect(stepSnapshot(life, error(kind), at(INSTANCE_LIMITS.snapshotMinutes)).patch.status).toBe("failed");
    }
  });

  it("fails where the provider will not or cannot", () => {
    for (const kind of ["refused", "unsupported", "capacity"] as const) {
      expect(stepSnapshot(life, error(kind), at(0)).patch).toMatchObject({ status: "failed", dueAt: null });
    }
    expect(stepSnapshot(life, { state: "failed", failure: "Full." }, at(0))).toMatchObject({
      patch: { status: "failed", failure: "Full." },
      logs: [{ level: "error" }],
    });
  });
});
