import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAILOVER_LIMITS } from "@/lib/contracts/failovers";
import { gapEnd, gapStart, lastSeen } from "@/lib/failover/gap";
import { type Ending, type Replacement, type Step, stepFailover } from "@/lib/failover/step";

const T0 = Date.parse("2027-03-01T00:00:00.000Z");
const MINUTE_MS = 60_000;
const END = T0 + 240 * MINUTE_MS;

type Machine = Replacement & { checkedAt: Date | null; triedAt: Date | null; ended: boolean };
type Told = { failedAt: Date; places: number; ending: (Ending & { until: Date }) | null; wentOn: boolean };

const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant("round"), room: fc.boolean() } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant("wait"), seconds: fc.integer({ min: 1, max: 900 }) } as const),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constantFrom("starts", "runs", "looked at", "cannot start", "fails", "node fails"),
    } as const),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constantFrom("stop", "start", "cancel", "shrink", "boot anew") } as const),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/**
 * One instance of one reservation under which GPUs fail again and again, with everything that people and machines may do
 * meanwhile, in any order. Failovers are opened and ended as the product does it; the rule decides.
 */
class World {
  now = T0;
  machine = instance("running");
  held = true;
  cancelledAt: Date | null = null;
  readonly failovers: Told[] = [];

  happens(one: Happening): void {
    const { machine } = this;
    const at = new Date(this.now);
    switch (one.what) {
      case "wait":
        this.now += one.seconds * 1_000;
        return;
      case "round":
        this.round(one.room);
        return;
      case "starts":
        if (machine.status === "requested") Object.assign(machine, { status: "starting", triedAt: at });
        return;
      case "runs":
        if (machine.status !== "starting") return;
        Object.assign(machine, { status: "running", runningSince: at, checkedAt: at });
        return;
      case "looked at":
        if (machine.status === "running") machine.checkedAt = at;
        return;
      case "cannot start":
        if (machine.status !== "starting") return;
        Object.assign(machine, { status: "failed", wanted: "stopped", failure: "No.", triedAt: at });
        return;
      case "fails":
      case "node fails":
        this.#fails(at);
        return;
      case "stop":
        if (["stopped", "failed"].includes(machine.status)) return;
        Object.assign(machine, { status: "stopped", wanted: "stopped", stopReason: "requested", runningSince: null });
        return;
      case "start":
        if (!this.#open() || !["stopped", "failed"].includes(machine.status)) return;
        Object.assign(machine, { status: "requested", wanted: "running", stopReason: null, failure: null });
        return;
      case "boot anew":
        if (this.#open() && this.held && ["stopped", "failed"].includes(machine.status)) this.machine = instance();
        return;
      case "cancel":
        this.cancelledAt ??= new Date(Math.min(this.now, END));
        return;
      case "shrink":
        this.held = false;
        machine.ended = true;
        return;
    }
  }

  /** A failure is dealt with in one transaction: what has not come to an end goes on in the next. */
  #fails(at: Date): void {
    const { machine } = this;
    if (!this.#open() || !this.held) return;
    if (machine.status === "running") {
      const ran = machine.ranMs + BigInt(this.now - (machine.runningSince?.getTime() ?? this.now));
      Object.assign(machine, { status: "failed", wanted: "stopped", ranMs: ran > 0n ? ran : 1n, triedAt: at });
    }
    const unfinished = this.failovers.filter(isOpen);
    for (const before of unfinished) before.wentOn = true;
    const failedAt = gapStart(lastSeen(machine, at), unfinished);
    this.failovers.push({ failedAt, places: 1, ending: null, wentOn: false });
    this.machine = instance();
  }

  next(told: Told): Step {
    return stepFailover({
      now: new Date(this.now),
      places: told.places,
      reservation: {
        status: this.cancelledAt ? "cancelled" : "active",
        endsAt: new Date(END),
        endedAt: this.cancelledAt,
      },
      held: this.held,
      replacements: this.machine.ended ? [] : [this.machine],
    });
  }

  round(room: boolean): void {
    for (const told of this.failovers.filter(isOpen)) {
      const step = this.next(told);
      if (step.kind === "elsewhere" && room) {
        told.places += 1;
        this.machine = instance();
      } else if (step.kind !== "wait") {
        const ending = step.kind === "end" ? step.ending : step.otherwise;
        const until = gapEnd({ failedAt: told.failedAt, at: ending.at, endsAt: new Date(END) });
        told.ending = { ...ending, until };
      }
    }
  }

  #open(): boolean {
    return this.cancelledAt === null && this.now < END;
  }
}

function instance(status = "requested"): Machine {
  const at = status === "running" ? new Date(T0) : null;
  return {
    id: "ins_1",
    name: "Instance 1",
    status,
    wanted: "running",
    stopReason: null,
    failure: null,
    ranMs: 0n,
    runningSince: at,
    checkedAt: at,
    triedAt: at,
    ended: false,
  };
}

function isOpen({ ending, wentOn }: Told): boolean {
  return ending === null && !wentOn;
}

const happenings = fc.array(happening, { maxLength: 60 });

describe("a failover", () => {
  it("never leaves its end, and at most one is under way for one place", () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const world = new World();
        for (const one of all) {
          const ended = world.failovers.filter((told) => !isOpen(told)).map((told) => [told, { ...told }] as const);
          world.happens(one);
          for (const [told, before] of ended) expect(told).toEqual(before);
          expect(world.failovers.filter(isOpen).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("ends with its reservation at the latest, in one way, after so many places at most", () => {
    fc.assert(
      fc.property(happenings, fc.boolean(), (all, room) => {
        const world = new World();
        for (const one of all) world.happens(one);
        world.now = Math.max(world.now, END);
        world.round(room);
        for (const { ending, wentOn, places } of world.failovers) {
          expect(ending !== null).toBe(!wentOn);
          expect(places).toBeLessThanOrEqual(FAILOVER_LIMITS.places);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("loses no moment and counts none twice, none before the reservation lost its GPUs or after its end", () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const world = new World();
        for (const one of all) world.happens(one);
        world.now = Math.max(world.now, END);
        world.round(false);
        let counted = T0;
        for (const [i, { failedAt, ending, wentOn }] of world.failovers.entries()) {
          if (wentOn) expect(world.failovers[i + 1]?.failedAt).toEqual(failedAt);
          if (!ending) continue;
          expect(failedAt.getTime()).toBeGreaterThanOrEqual(counted);
          expect(ending.until.getTime()).toBeGreaterThanOrEqual(failedAt.getTime());
          expect(ending.until.getTime()).toBeLessThanOrEqual(END);
          counted = ending.until.getTime();
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("says that it recovered only if its replacement runs, from when it runs", () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const world = new World();
        for (const one of all) {
          const [open] = world.failovers.filter(isOpen);
          const { status, runningSince } = world.machine;
          world.happens(one);
          if (open?.ending?.status !== "recovered") continue;
          expect(status).toBe("running");
          expect(open.ending.at).toEqual(runningSince);
          expect(open.ending.gaveUp).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  const failing: Replacement = {
    id: "ins_1",
    name: "Instance 1",
    status: "failed",
    wanted: "stopped",
    stopReason: null,
    failure: "The image is gone.",
    ranMs: 0n,
    runningSince: null,
  };
  const reservation = { status: "active", endsAt: new Date(END), endedAt: null };
  const at = (places: number, ...replacements: Replacement[]) =>
    stepFailover({ now: new Date(T0), places, reservation, held: true, replacements });

  it("tries every place that it may have when nothing can be started, and gives up after the last", () => {
    for (let places = 1; places < FAILOVER_LIMITS.places; places += 1) {
      expect(at(places, failing)).toMatchObject({ kind: "elsewhere", broken: [failing], otherwise: { gaveUp: true } });
    }
    expect(at(FAILOVER_LIMITS.places, failing)).toMatchObject({
      kind: "end",
      ending: { status: "ended", gaveUp: true, what: expect.stringContaining("The image is gone.") },
    });
  });

  it("leaves alone what may yet run, and what has failed anew", () => {
    expect(at(1, { ...failing, wanted: "running" })).toEqual({ kind: "wait" });
    expect(at(1, { ...failing, ranMs: 5n })).toEqual({ kind: "wait" });
    expect(at(1, { ...failing, status: "starting", wanted: "running" })).toEqual({ kind: "wait" });
    expect(at(1)).toEqual({ kind: "wait" });
  });

  it("moves those only that cannot be started, and waits for all of them to run", () => {
    const runs = { ...failing, id: "ins_2", status: "running", wanted: "running", runningSince: new Date(T0) };
    expect(at(1, runs, failing)).toMatchObject({ kind: "elsewhere", broken: [{ id: "ins_1" }] });
    expect(at(1, runs, { ...runs, status: "starting" })).toEqual({ kind: "wait" });
    const later = new Date(T0 + 5_000);
    expect(at(1, runs, { ...runs, runningSince: later })).toMatchObject({ kind: "end", ending: { at: later } });
  });

  it("ends when its GPUs were given back, instead of counting on", () => {
    const step = stepFailover({ now: new Date(T0), places: 1, reservation, held: false, replacements: [] });
    expect(step).toMatchObject({ kind: "end", ending: { status: "ended", at: new Date(T0), gaveUp: false } });
  });
});

it("a gap never ends before it began, nor after its reservation unless it began after that", () => {
  const time = fc.integer({ min: T0, max: END }).map((ms) => new Date(ms));
  fc.assert(
    fc.property(time, time, time, (failedAt, at, endsAt) => {
      const end = gapEnd({ failedAt, at, endsAt });
      expect(end.getTime()).toBeGreaterThanOrEqual(failedAt.getTime());
      expect(end.getTime()).toBeLessThanOrEqual(Math.max(failedAt.getTime(), endsAt.getTime()));
      if (failedAt <= at && at <= endsAt) expect(end).toEqual(at);
    }),
  );
});
