import fc from "fast-check";
import { expect, test } from "vitest";
import { type SnapshotAnswer, type SnapshotLife, stepSnapshot } from "@/lib/compute/snapshot-step";
import { INSTANCE_LIMITS } from "@/lib/contracts/instances";
import { SNAPSHOT_STATUSES } from "@/lib/contracts/snapshots";

const BEGUN = new Date("2027-03-01T00:00:00Z");
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

test("a snapshot always ends, in time, as completed once or as failed with a reason, and only goes forward", () => {
  fc.assert(
    fc.property(fc.infiniteStream(answers), (stream) => {
      let life: SnapshotLife = { status: "requested", name: "nightly", createdAt: BEGUN };
      let now = BEGUN;
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
        expect(now.getTime() - BEGUN.getTime()).toBeLessThan((INSTANCE_LIMITS.snapshotMinutes + 15) * MINUTE_MS);
      }
    }),
  );
});
