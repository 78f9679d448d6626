import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer, Change, Life } from "@/lib/compute/life";
import { askToStart, askToStop, callFor, fail, holdsUnits, step } from "@/lib/compute/machine";
import type { Machine, MachineState } from "@/lib/compute/provider";
import { INSTANCE_LIMITS, type InstanceStatus } from "@/lib/contracts/instances";

const T0 = new Date("2027-03-01T00:00:00.000Z");
const POLL_MS = 1_000;

const NEW: Life = {
  status: "requested",
  wanted: "running",
  stopReason: null,
  failure: null,
  externalId: null,
  address: null,
  tries: 0,
  triedAt: null,
  dueAt: T0,
  runningSince: null,
  ranMs: 0n,
  checkedAt: null,
  endedAt: null,
};

const LEGAL: Record<InstanceStatus, InstanceStatus[]> = {
  requested: ["starting", "stopped"],
  starting: ["running", "stopping", "failed"],
  running: ["stopping", "failed"],
  stopping: ["stopped", "starting", "requested"],
  stopped: ["requested"],
  failed: ["requested"],
};

function machine(state: MachineState): Machine {
  const failure = state === "failed" ? "It broke." : null;
  const address = state === "running" ? { host: "h", port: 22, url: null } : null;
  return { label: "dumont:x", externalId: "m-1", state, address, failure, details: {} };
}

/** Something that happens to an instance, whatever it is doing. */
type Happening =
  | { what: "step"; says: "truth" | MachineState | "gone" | "capacity" | "unreachable" | "refused" | "other call" }
  | { what: "start" | "stop" | "end" | "fail" | "unentitle" };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      what: fc.constant("step" as const),
      says: fc.constantFrom(
        "loading" as const,
        "running" as const,
        "running" as const,
        "stopping" as const,
        "stopped" as const,
        "failed" as const,
        "gone" as const,
        "gone" as const,
        "capacity" as const,
        "unreachable" as const,
        "refused" as const,
        "other call" as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom("start" as const, "stop" as const, "fail" as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("end" as const, "unentitle" as const) }) },
);

/** An instance with what it told and took so far, each checked as it happens. */
class Model {
  life = NEW;
  now = T0;
  entitled = true;
  holds = false;
  told: string[] = [];

  happens(happening: Happening): void {
    this.now = new Date(this.now.getTime() + 700);
    if (happening.what === "step") this.#step(happening.says);
    else this.#become(this.#changeOf(happening.what));
  }

  #changeOf(what: Exclude<Happening["what"], "step">): Change | null {
    if (what === "start") return this.entitled ? (askToStart(this.life, this.now) ?? null) : null;
    if (what === "stop") return askToStop(this.life, "requested", this.now);
    if (what === "fail") return fail(this.life, "The node is down.", this.now);
    this.entitled = false;
    return what === "end" ? askToStop(this.life, "reservation_ended", this.now) : null;
  }

  /** What a provider says that does what it is told. */
  settle(): void {
    if (this.life.dueAt) this.now = new Date(Math.max(this.now.getTime(), this.life.dueAt.getTime()));
    const call = callFor(this.life, this);
    this.#step(call === "stop" ? "gone" : "running");
  }

  #step(says: Extract<Happening, { what: "step" }>["says"]): void {
    if (this.life.dueAt === null) return;
    this.#become(step(this.life, this.#answer(says), { now: this.now, entitled: this.entitled, pollMs: POLL_MS }));
  }

  #answer(says: Extract<Happening, { what: "step" }>["says"]): Answer {
    const call = callFor(this.life, this);
    if (says === "other call") return { call: "none" };
    if (call === "none") return { call };
    if (call === "take") return { call, heldBy: says === "stopping" ? "ins_other" : null };
    if (says === "capacity" || says === "unreachable" || says === "refused") {
      return { call, error: { kind: says, message: says, retryAfterMs: null } };
    }
    return { call, machine: says === "gone" || says === "truth" ? null : machine(says) };
  }

  #become(change: Change | null): void {
    if (!change) return;
    const before = this.life;
    const after = { ...before, ...change.patch };
    this.life = after;
    if (after.status !== before.status) expect(LEGAL[before.status]).toContain(after.status);
    if (change.event) this.told.push(change.event);
    if (change.event === "instance.started") expect(this.holds).toBe(true);
    if (change.units === "take") {
      expect(this.holds).toBe(false);
      expect(this.entitled).toBe(true);
      this.holds = true;
    }
    if (change.units === "release") {
      expect(this.holds).toBe(true);
      this.holds = false;
    }
    expect(holdsUnits(after)).toBe(this.holds);
    // The constraints of the table.
    if (after.status === "running") expect(after.runningSince).not.toBeNull();
    else expect([after.runningSince, after.address]).toEqual([null, null]);
    if (after.endedAt) expect(["stopped", "failed"]).toContain(after.status);
    if (after.endedAt && after.status === "stopped") expect(after.dueAt).toBeNull();
    expect(after.tries).toBeLessThanOrEqual(INSTANCE_LIMITS.tries);
    expect(after.ranMs >= before.ranMs).toBe(true);
  }
}

describe("the life of an instance", () => {
  it("takes legal steps only, holds its GPUs once, and tells each start and end once, whatever happens", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const model = new Model();
        for (const one of happenings) model.happens(one);
        let runs = false;
        for (const event of model.told) {
          if (event === "instance.started") {
            expect(runs).toBe(false);
            runs = true;
          } else runs = false;
        }
        expect(runs).toBe(model.life.status === "running" || (runs && model.life.status === "stopping"));
      }),
      { numRuns: 1_000 },
    );
  });

  it("always ends once its reservation is over, and has let go of its GPUs", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        const model = new Model();
        for (const one of happenings) model.happens(one);
        model.happens({ what: "end" });
        for (let n = 0; n < 6 && model.life.dueAt; n += 1) model.settle();
        expect(model.life).toMatchObject({ dueAt: null, wanted: "stopped" });
        expect(["stopped", "failed"]).toContain(model.life.status);
        expect(model.life.endedAt).not.toBeNull();
        expect(model.holds).toBe(false);
        expect(askToStart(model.life, model.now)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it("runs in the end when it is wanted and the provider does what it is told", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        const model = new Model();
        for (const one of happenings) if (one.what !== "end" && one.what !== "unentitle") model.happens(one);
        model.happens({ what: "start" });
        for (let n = 0; n < 8 && model.life.status !== "running"; n += 1) model.settle();
        expect(model.life.status).toBe("running");
      }),
      { numRuns: 1_000 },
    );
  });

  const tell = (life: Partial<Life>, answer: Answer, now = T0) =>
    step({ ...NEW, ...life }, answer, { now, entitled: true, pollMs: POLL_MS });

  it("says once what it waits for", () => {
    const first = tell({}, { call: "take", heldBy: "ins_1" });
    expect(first.logs).toHaveLength(1);
    const again = tell({ ...first.patch }, { call: "take", heldBy: "ins_1" });
    expect(again.logs).toHaveLength(0);
    expect(again.patch.dueAt?.getTime()).toBeGreaterThan(T0.getTime());
  });

  it("clears a machine away that failed while it booted, waits longer each time, and gives up after the last try", () => {
    let life: Life = { ...NEW, status: "starting", tries: 1, triedAt: T0 };
    const waits: number[] = [];
    for (let tries = 1; tries < INSTANCE_LIMITS.tries; tries += 1) {
      const failed = tell(life, { call: "find", machine: machine("failed") });
      expect(failed).toMatchObject({ patch: { status: "stopping" }, event: null, units: null });
      const cleared = tell({ ...life, ...failed.patch }, { call: "stop", machine: null });
      expect(cleared.patch).toMatchObject({ status: "starting", externalId: null, tries: tries + 1 });
      waits.push((cleared.patch.dueAt?.getTime() ?? 0) - T0.getTime());
      life = { ...life, ...failed.patch, ...cleared.patch };
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(new Set(waits).size).toBe(waits.length);
    expect(tell(life, { call: "find", machine: machine("failed") })).toMatchObject({
      patch: { status: "failed", wanted: "stopped" },
      event: "instance.failed",
      units: null,
    });
  });

  it("tries again when there is no room, and not when it is refused", () => {
    const starting: Partial<Life> = { status: "starting", tries: 1, triedAt: T0 };
    const error = (kind: "capacity" | "refused" | "unsupported") =>
      ({ call: "start", error: { kind, message: "No.", retryAfterMs: null } }) as const;
    expect(tell(starting, error("capacity")).patch).toMatchObject({ tries: 2 });
    expect(tell(starting, error("capacity")).patch.status).toBeUndefined();
    expect(tell({ ...starting, tries: INSTANCE_LIMITS.tries }, error("capacity")).patch.status).toBe("failed");
    expect(tell(starting, error("refused")).patch.status).toBe("failed");
    expect(tell(starting, error("unsupported")).patch.status).toBe("failed");
  });

  it("asks again as often as the provider bears, for as long as it takes, when nothing was decided", () => {
    const error = { kind: "rate_limited" as const, message: "Slow down.", retryAfterMs: 30_000 };
    const starting: Partial<Life> = { status: "starting", tries: 1, triedAt: T0 };
    expect(tell(starting, { call: "start", error }).patch.dueAt).toEqual(new Date(T0.getTime() + 30_000));
    const later = new Date(T0.getTime() + 3_600_000);
    const { patch, event } = tell(starting, { call: "start", error: { ...error, retryAfterMs: null } }, later);
    expect([patch.status, event]).toEqual([undefined, null]);
    expect(patch.dueAt).toEqual(new Date(later.getTime() + 60_000));
  });

  it("gives a machine that does not come up a limited time", () => {
    const starting: Partial<Life> = { status: "starting", tries: 1, triedAt: T0, externalId: "m-1" };
    const at = (minutes: number) => new Date(T0.getTime() + minutes * 60_000);
    const loading = { call: "find", machine: machine("loading") } as const;
    expect(tell(starting, loading, at(INSTANCE_LIMITS.startMinutes - 1)).patch.status).toBeUndefined();
    expect(tell(starting, loading, at(INSTANCE_LIMITS.startMinutes)).patch.status).toBe("stopping");
  });

  it("adds up how long it ran, and not while it stopped", () => {
    const ran = new Date(T0.getTime() + 90_000);
    const stopping = tell({ status: "running", wanted: "stopped", runningSince: T0, ranMs: 5n }, { call: "none" }, ran);
    expect(stopping.patch).toMatchObject({ status: "stopping", runningSince: null, ranMs: 90_005n });
  });
});
