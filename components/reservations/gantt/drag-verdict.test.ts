import { describe, expect, it } from "vitest";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { priceOf } from "@/lib/contracts/pricing";
import { reservationOf } from "../testing";
import type { Draft } from "./drag-rules";
import { type DragWorld, verdictOf } from "./drag-verdict";
import { makeBar, makePool } from "./testing";

const START = Date.parse("2026-12-01T00:00:00Z");
const hour = (n: number) => START + n * 3_600_000;
const iso = (n: number) => new Date(hour(n)).toISOString();
const pool = makePool({ buffer_before_minutes: 60 });
const policy = DEFAULT_BOOKING_POLICY;
const profile = { pool_id: "pool", capacity: 4, at: [hour(-100), hour(10), hour(20)], free: [4, 1, 4] };

const world = (given: Partial<DragWorld> = {}): DragWorld => ({
  pool,
  policy,
  profile,
  reservation: undefined,
  parts: [],
  now: new Date(hour(-48)),
  zone: "Europe/Berlin",
  ...given,
});
const draft = (given: Partial<Draft> = {}): Draft => ({
  kind: "create",
  poolId: "pool",
  reservationId: null,
  from: hour(1),
  to: hour(5),
  gpuCount: 2,
  rows: [],
  ...given,
});

describe("dragging free time", () => {
  it("costs what the price rules say", () => {
    const segments = [{ starts_at: iso(1), ends_at: iso(5), gpu_count: 2 }];
    const price = priceOf({ segments, rateMicros: 2_000_000, policy, bookedAt: new Date(hour(-48)) });
    expect(verdictOf(draft(), world())).toEqual({
      price: `${(price.total_micros / 1_000_000).toFixed(2)} credits`,
      problem: null,
    });
  });

  it("says how many are free when there are too few, counting the pool's buffers", () => {
    expect(verdictOf(draft({ from: hour(8), to: hour(10) }), world()).problem).toBeNull();
    expect(verdictOf(draft({ from: hour(8), to: hour(11) }), world()).problem).toBe("Only 1 free all that time.");
    expect(verdictOf(draft({ from: hour(20), to: hour(22) }), world()).problem).toBe("Only 1 free all that time.");
    const none = { ...profile, free: [4, 0, 4] };
    expect(verdictOf(draft({ from: hour(12), to: hour(13), gpuCount: 1 }), world({ profile: none })).problem).toBe(
      "No GPU is free all that time.",
    );
  });

  it("names the rule that is broken, with times of the zone", () => {
    expect(verdictOf(draft({ from: hour(-60), to: hour(-50) }), world()).problem).toContain("Sun 29 Nov 2026, 01:00");
    const short = makePool({ min_duration_minutes: 600 });
    expect(verdictOf(draft(), world({ pool: short })).problem).toContain("10 hours");
  });

  it("says nothing of what has not arrived", () => {
    const unknown = world({ policy: undefined, profile: undefined });
    expect(verdictOf(draft({ from: hour(11), to: hour(12) }), unknown)).toEqual({ price: null, problem: null });
    expect(verdictOf(draft(), world({ pool: undefined }))).toEqual({ price: null, problem: null });
  });
});

describe("dragging a booking", () => {
  const segments = [{ starts_at: iso(10), ends_at: iso(20), gpu_count: 3 }];
  const price = priceOf({ segments, rateMicros: 2_000_000, policy, bookedAt: new Date(hour(-48)) });
  const reservation = reservationOf({ pool_id: "pool", segments, price, created_at: iso(-48) });
  const parts = [makeBar({ reservation_id: "r", hours: [10, 20], gpu_count: 3 })];
  const own = (given: Partial<DragWorld> = {}) => world({ reservation, parts, ...given });
  const change = (given: Partial<Draft>) =>
    draft({ kind: "end", reservationId: "r", from: hour(10), to: hour(20), gpuCount: 3, ...given });

  it("is not in its own way", () => {
    expect(verdictOf(change({ kind: "move", from: hour(11), to: hour(21) }), own()).problem).toBeNull();
    expect(verdictOf(change({ kind: "move", from: hour(11), to: hour(21) }), own({ parts: [] })).problem).toBe(
      "Only 1 free all that time.",
    );
  });

  it("costs or gives back the difference", () => {
    const hourly = (price.total_micros / 1_000_000 / 10).toFixed(2);
    expect(verdictOf(change({ to: hour(21) }), own()).price).toBe(`+${hourly} credits`);
    expect(verdictOf(change({ to: hour(19) }), own()).price).toBe(`−${hourly} credits`);
    expect(verdictOf(change({ kind: "move", from: hour(12), to: hour(22) }), own()).price).toBe("same price");
  });

  it("keeps its discount when it only gets less, though a later start would earn a better one", () => {
    // From 168 hours of notice on there is one percent more.
    const [booked, later] = [[112, 142] as const, [120, 142] as const];
    const priceOfHours = ([from, to]: readonly [number, number], exactBps?: number) =>
      priceOf({
        segments: [{ starts_at: iso(from), ends_at: iso(to), gpu_count: 3 }],
        rateMicros: 2_000_000,
        policy,
        bookedAt: new Date(hour(-48)),
        ...(exactBps === undefined ? {} : { exactBps }),
      });
    const agreed = priceOfHours(booked);
    expect(priceOfHours(later).discount_bps).toBeGreaterThan(agreed.discount_bps);
    const rest = priceOfHours(later, agreed.discount_bps);
    const of = reservationOf({ pool_id: "pool", segments: agreed.lines, price: agreed, created_at: iso(-48) });
    const putOff = change({ kind: "start", from: hour(later[0]), to: hour(later[1]) });
    expect(verdictOf(putOff, own({ reservation: of })).price).toBe(
      `−${((agreed.total_micros - rest.total_micros) / 1_000_000).toFixed(2)} credits`,
    );
  });

  it("never makes what has been used cheaper", () => {
    const running = reservationOf({ pool_id: "pool", status: "active", segments, price, created_at: iso(-48) });
    const parts = [makeBar({ reservation_id: "r", status: "active", hours: [10, 20], gpu_count: 3 })];
    const hourly = price.total_micros / 1_000_000 / 10;
    const longer = verdictOf(change({ to: hour(90) }), own({ reservation: running, parts, now: new Date(hour(19)) }));
    expect(longer.price).toBe(`+${(hourly * 70).toFixed(2)} credits`);
  });

  it("may be made shorter in a pool that is closed", () => {
    const closed = own({ pool: makePool({ open: false }), profile: undefined });
    expect(verdictOf(change({ to: hour(19) }), closed).problem).toBeNull();
    expect(verdictOf(change({ to: hour(21) }), closed).problem).toContain("takes no new bookings");
  });

  it("may end in what has begun without being told that it starts in the past", () => {
    const active = [makeBar({ reservation_id: "r", status: "active", hours: [10, 20], gpu_count: 3 })];
    const later = own({ parts: active, now: new Date(hour(12)) });
    expect(verdictOf(change({ to: hour(25) }), later).problem).toBeNull();
  });

  it("gives back what the notice allows, and nothing of what has passed", () => {
    const part = change({ kind: "release", from: hour(14), to: hour(16), gpuCount: 1 });
    const full = priceOf({
      segments: [{ starts_at: iso(14), ends_at: iso(16), gpu_count: 1 }],
      rateMicros: 2_000_000,
      policy,
      bookedAt: new Date(hour(-48)),
      exactBps: price.discount_bps,
    }).total_micros;
    const early = verdictOf(part, own({ now: new Date(hour(-1000)) })).price;
    expect(early).toBe(`about ${(full / 1_000_000).toFixed(2)} credits back`);
    expect(verdictOf(part, own({ now: new Date(hour(17)) }))).toEqual({
      price: null,
      problem: "That time has passed.",
    });
  });
});
