import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SnapshotAnswer, type SnapshotLife, stepSnapshot } from "@/lib/compute/snapshot-step";
import { INSTANCE_LIMITS } from "@/lib/contracts/instances";
import { SNAPSHOT_STATUSES } from "@/lib/contracts/snapshots";

const T0 = new Date("2027-03-01T00:00:00.000Z");
const life = { status: "requested", name: "x", createdAt: T0, acceptedAt: null } as const;
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

  it("has its time from when the provider accepts it, whatever went before", () => {
    const running: SnapshotAnswer = { state: "running", externalId: "s-1" };
    const late = INSTANCE_LIMITS.snapshotMinutes + 30;
    const accepted = stepSnapshot(life, running, at(late)).patch;
    expect(accepted).toMatchObject({ status: "running", acceptedAt: at(late).now });
    const taken = { ...life, status: "running" as const, acceptedAt: at(late).now };
    const almost = stepSnapshot(taken, running, at(late + INSTANCE_LIMITS.snapshotMinutes - 1)).patch;
    expect(almost.status).toBe("running");
    expect(almost, "it is accepted once").not.toHaveProperty("acceptedAt");
    for (const answer of [running, error("unreachable")]) {
      const end = stepSnapshot(taken, answer, at(late + INSTANCE_LIMITS.snapshotMinutes)).patch;
      expect(end).toMatchObject({ status: "failed", failure: "It was not finished after 60 minutes." });
    }
    const never = stepSnapshot(life, error("unreachable"), at(INSTANCE_LIMITS.snapshotMinutes)).patch;
    expect(never.failure).toBe("It was not accepted after 60 minutes.");
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
        let life: SnapshotLife = { status: "requested", name: "nightly", createdAt: T0, acceptedAt: null };
        let now = T0;
        let completions = 0;
        for (const answer of stream) {
          const { patch, completed, logs } = stepSnapshot(life, answer, { now, pollMs: POLL_MS });
          const status = patch.status ?? life.status;
          expect(SNAPSHOT_STATUSES.indexOf(status)).toBeGreaterThanOrEqual(SNAPSHOT_STATUSES.indexOf(life.status));
          expect(completed).toBe(status === "completed");
          if (completed) completions += 1;
          life = { ...life, status, acceptedAt: patch.acceptedAt ?? life.acceptedAt };
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
          // Nothing is looked at much later than the longest that accepting and taking a snapshot may last.
          expect(now.getTime() - T0.getTime()).toBeLessThan((2 * INSTANCE_LIMITS.snapshotMinutes + 30) * MINUTE_MS);
        }
      }),
    );
  });
});
