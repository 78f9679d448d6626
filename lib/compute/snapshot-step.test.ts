import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SnapshotAnswer, type SnapshotLife, stepSnapshot } from "@/lib/compute/snapshot-step";
import { INSTANCE_LIMITS } from "@/lib/contracts/instances";
import { SNAPSHOT_STATUSES } from "@/lib/contracts/snapshots";

const T0 = new Date("2027-03-01T00:00:00.000Z");
const life = { status: "requested", name: "x", createdAt: T0 } as const;
const at = (minutes: number) => ({ now: new Date(T0.getTime() + minutes * 60_000), pollMs: 1_000 });
const error = (kind: "unreachable" | "rate_limited" | "refused" | "unsupported" | "capacity") =>
  ({ state: "error", kind, message: "No.", retryAfterMs: null }) as const;

const MINUTE_MS = 60_000;
const POLL_MS = 5_000;

const answers: fc.Arbitrary<SnapshotAnswer> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ state: fc.constant("running"), externalId: fc.option(fc.string()) } as const) },
  {
    weight: 1,
    arbitrary: fc.constant({
      state: "completed",
      externalId: "x",
      location: "registry/x",
      sizeBytes: 10,
      checksums: {},
    } as const),
  },
  { weight: 1, arbitrary: fc.record({ state: fc.constant("failed"), failure: fc.string() } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      state: fc.constant("error"),
      kind: fc.constantFrom("capacity", "rate_limited", "unreachable", "refused", "unsupported"),
      message: fc.string(),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 10 * MINUTE_MS })),
    } as const),
  },
);

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

  it("always ends, in time, as completed once or as failed with a reason, and only goes forward", () => {
    fc.assert(
      fc.property(fc.infiniteStream(answers), (stream) => {
        let life: SnapshotLife = { status: "requested", name: "nightly", createdAt: T0 };
        let now = T0;
        let completions = 0;
        for (const answer of stream) {
          const { patch, completed, logs } = stepSnapshot(life, answer, { now, pollMs: POLL_MS });
          const status = patch.status ?? life.status;
          expect(SNAPSHOT_STATUSES.indexOf(status)).toBeGreaterThanOrEqual(SNAPSHOT_STATUSES.indexOf(life.status));
          expect(completed).toBe(status === "completed");
          if (completed) completions += 1;
          life = { ...life, status };
          if (patch.dueAt === null) {
            expect(["completed", "failed"]).toContain(status);
            expect(completions).toBe(status === "completed" ? 1 : 0);
            expect(logs.length).toBeGreaterThan(0);
            if (status === "failed") expect(patch.failure).toEqual(expect.any(String));
            return;
          }
          expect(["requested", "running"]).toContain(status);
          expect(patch.dueAt.getTime()).toBeGreaterThan(now.getTime());
          now = patch.dueAt;
          // Nothing is looked at much later than the longest that a snapshot may take.
          expect(now.getTime() - T0.getTime()).toBeLessThan((INSTANCE_LIMITS.snapshotMinutes + 15) * MINUTE_MS);
        }
      }),
    );
  });
});
