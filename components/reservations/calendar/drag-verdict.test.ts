import { describe, expect, it } from "vitest";
import { poolOf, reservationOf, segmentOf } from "@/components/reservations/testing";
import type { Availability } from "@/lib/contracts/availability";
import { DEFAULT_BOOKING_POLICY as POLICY } from "@/lib/contracts/booking-policy";
import { priceOf } from "@/lib/contracts/pricing";
import { type Candidate, choosePool, judge, snap, snapRange, timesFrom } from "./drag-verdict";

const NOW = new Date("2026-11-20T10:20:00Z");
const HOUR = 3_600_000;
const ms = (text: string) => Date.parse(text);
const POOL = poolOf();

/** 16 free from now on, 4 on 1 December, 16 again. */
const AVAILABILITY: Availability = {
  from: "2026-11-20T10:00:00Z",
  to: "2027-02-18T00:00:00Z",
  pools: [
    {
      pool_id: POOL.id,
      capacity: 16,
      at: [ms("2026-11-20T10:00Z"), ms("2026-12-01T00:00Z"), ms("2026-12-02T00:00Z")],
      free: [16, 4, 16],
    },
  ],
};

function candidateOf(from: string, to: string, changes: Partial<Candidate> = {}): Candidate {
  return { pool: POOL, gpuCount: 8, from: ms(from), to: ms(to), ...changes };
}

/** The reader's own booking of 8 GPUs for 22 November. */
function ownOf(discount: { exactBps?: number }): NonNullable<Candidate["own"]> {
  const segments = [segmentOf("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")];
  const created_at = "2026-11-01T00:00:00Z";
  const price = priceOf({
    segments,
    rateMicros: POOL.price_micros_per_gpu_hour,
    policy: POLICY,
    bookedAt: new Date(created_at),
    ...discount,
  });
  const booked = reservationOf({ segments, price, created_at });
  return { from: ms(booked.starts_at), to: ms(booked.ends_at), hasBegun: false, booked };
}

const judged = (candidate: Candidate, availability: Availability | undefined = AVAILABILITY) =>
  judge(candidate, availability, POLICY, NOW);

describe("judge", () => {
  it("says length, price and that there is room", () => {
    // 8 GPUs, 72 h, 2 credits an hour: 1,152, less 12.5 %.
    expect(judged(candidateOf("2026-11-22T00:00Z", "2026-11-25T00:00Z"))).toEqual({
      hours: 72,
      totalMicros: 1_008_000_000,
      changeMicros: null,
      missing: 0,
      problem: null,
    });
  });

  it("counts what is missing at the fullest moment", () => {
    expect(judged(candidateOf("2026-11-30T00:00Z", "2026-12-01T02:00Z")).missing).toBe(4);
    expect(judged(candidateOf("2026-11-30T00:00Z", "2026-12-01T00:00Z")).missing, "half-open").toBe(0);
  });

  it("counts the pool's buffers as the server does", () => {
    const pool = poolOf({ buffer_after_minutes: 60 });
    expect(judged(candidateOf("2026-11-30T00:00Z", "2026-12-01T00:00Z", { pool })).missing).toBe(4);
  });

  it("lets a booking that is moved keep its own GPUs", () => {
    const own = { from: ms("2026-12-01T00:00Z"), to: ms("2026-12-02T00:00Z"), hasBegun: false };
    expect(judged(candidateOf("2026-12-01T06:00Z", "2026-12-02T06:00Z", { own })).missing).toBe(0);
    expect(judged(candidateOf("2026-12-01T06:00Z", "2026-12-02T06:00Z", { own, gpuCount: 14 })).missing).toBe(0);
    expect(judged(candidateOf("2026-12-01T06:00Z", "2026-12-02T06:00Z", { own, gpuCount: 20 })).missing).toBe(4);
  });

  it("says what a change adds to the price, and never worsens the discount", () => {
    const own = ownOf({ exactBps: 2000 });
    const longer = judged(candidateOf("2026-11-22T00:00Z", "2026-11-24T00:00Z", { own }));
    expect(longer).toMatchObject({ totalMicros: 614_400_000, changeMicros: 307_200_000 });
    const shorter = judged(candidateOf("2026-11-22T00:00Z", "2026-11-22T12:00Z", { own }));
    expect(shorter).toMatchObject({ totalMicros: 153_600_000, changeMicros: -153_600_000 });
  });

  it("keeps the rate that was agreed, whatever the pool costs by now", () => {
    const pool = poolOf({ price_micros_per_gpu_hour: 3_000_000 });
    const moved = candidateOf("2026-11-23T00:00Z", "2026-11-24T00:00Z", { own: ownOf({ exactBps: 2000 }), pool });
    expect(judged(moved)).toMatchObject({ totalMicros: 307_200_000, changeMicros: 0 });
  });

  it("lets a booking of a closed pool be made shorter, and no more", () => {
    const pool = poolOf({ open: false });
    const own = ownOf({});
    expect(judged(candidateOf("2026-11-22T00:00Z", "2026-11-22T12:00Z", { own, pool })).problem).toBeNull();
    expect(judged(candidateOf("2026-11-22T00:00Z", "2026-11-24T00:00Z", { own, pool })).problem).toMatch(/no new/);
  });

  it("names what is wrong, as the server would", () => {
    expect(judged(candidateOf("2026-11-19T00:00Z", "2026-11-20T00:00Z")).problem).toMatch(/starts in the past/);
    expect(judged(candidateOf("2026-11-22T00:30Z", "2026-11-23T00:00Z")).problem).toMatch(/multiples of 1 hour/);
    expect(judged(candidateOf("2027-11-22T00:00Z", "2027-11-23T00:00Z")).problem).toMatch(/days ahead/);
  });

  it("says nothing about room beyond what it knows", () => {
    expect(judged(candidateOf("2027-02-17T00:00Z", "2027-02-19T00:00Z")).missing).toBeNull();
    expect(judge(candidateOf("2026-11-22T00:00Z", "2026-11-23T00:00Z"), undefined, POLICY, NOW).missing).toBeNull();
  });
});

describe("choosePool", () => {
  const cheap = poolOf({ id: "pol_2", name: "Dallas", price_micros_per_gpu_hour: 1_000_000 });
  const both: Availability = {
    ...AVAILABILITY,
    pools: [...AVAILABILITY.pools, { pool_id: "pol_2", capacity: 8, at: [ms("2026-11-20T10:00Z")], free: [6] }],
  };
  const times = { from: ms("2026-11-22T00:00Z"), to: ms("2026-11-23T00:00Z") };
  const chosen = (gpuCount: number, pools = [POOL, cheap]) =>
    choosePool(pools, { gpuCount, ...times }, both, POLICY, NOW)?.id;

  it("takes the cheapest that has room", () => {
    expect(chosen(4)).toBe("pol_2");
    expect(chosen(8)).toBe("pol_1");
  });

  it("takes the cheapest that is open when none has room", () => {
    expect(chosen(100)).toBe("pol_2");
    expect(chosen(100, [POOL, { ...cheap, open: false }])).toBe("pol_1");
    expect(chosen(4, [])).toBeUndefined();
  });
});

describe("timesFrom", () => {
  it("begins what is drawn over the present with the next time that the pool takes", () => {
    const today = timesFrom(POOL, ms("2026-11-20T00:00Z"), ms("2026-11-21T00:00Z"), NOW);
    expect(today).toEqual({ from: ms("2026-11-20T11:00Z"), to: ms("2026-11-21T00:00Z") });
    const past = timesFrom(POOL, ms("2026-11-19T00:00Z"), ms("2026-11-20T00:00Z"), NOW);
    expect(past, "what is past stays so, and is refused").toMatchObject({ from: ms("2026-11-19T00:00Z") });
  });
});

describe("snap", () => {
  it("goes to the nearest time that the pool takes, counted from 00:00 UTC", () => {
    expect(snap({ granularity_minutes: 60 }, ms("2026-11-22T10:29Z"))).toBe(ms("2026-11-22T10:00Z"));
    expect(snap({ granularity_minutes: 60 }, ms("2026-11-22T10:30Z"))).toBe(ms("2026-11-22T11:00Z"));
    expect(snap({ granularity_minutes: 1440 }, ms("2026-11-22T13:00Z"))).toBe(ms("2026-11-23T00:00Z"));
  });

  it("never makes a range of nothing", () => {
    const range = snapRange({ granularity_minutes: 60 }, ms("2026-11-22T10:05Z"), ms("2026-11-22T10:10Z"));
    expect(range.to - range.from).toBe(HOUR);
  });
});
