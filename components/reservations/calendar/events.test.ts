import { describe, expect, it } from "vitest";
import type { Bar } from "@/lib/contracts/calendar";
import { addDays, startOfDay } from "@/lib/contracts/zones";
import { countsByWhose, eventsOf, isMovable, othersPerDay, partsPerReservation, placeOfEnd } from "./events";

const BERLIN = "Europe/Berlin";
const ALL = ["mine", "team", "others", "maintenance"] as const;

function barOf(changes: Partial<Bar> = {}): Bar {
  return {
    id: "bar_1",
    kind: "mine",
    reservation_id: "rsv_1",
    status: "confirmed",
    held: false,
    title: "Training",
    by: "Olga",
    pool_id: "pol_1",
    gpu_count: 8,
    starts_at: "2026-12-01T08:00:00.000Z",
    ends_at: "2026-12-02T08:00:00.000Z",
    units: [],
    version: 1,
    ...changes,
  };
}

const ms = (text: string) => Date.parse(text);

describe("eventsOf", () => {
  it("leaves out other pools and other kinds", () => {
    const bars = [barOf(), barOf({ id: "b", pool_id: "pol_2" }), barOf({ id: "c", kind: "others" })];
    const events = eventsOf(bars, { zone: BERLIN, poolIds: new Set(["pol_1"]), whose: ["mine", "team"] });
    expect(events.map(({ bar }) => bar.id)).toEqual(["bar_1"]);
  });

  it("shows what is out of order together with maintenance", () => {
    const bars = [barOf({ kind: "outage" }), barOf({ id: "b", kind: "maintenance" })];
    expect(eventsOf(bars, { zone: BERLIN, poolIds: null, whose: ["maintenance"] })).toHaveLength(2);
  });

  it("tells the parts of one booking apart", () => {
    const events = eventsOf([barOf(), barOf()], { zone: BERLIN, poolIds: null, whose: ALL });
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });
});

describe("placeOfEnd", () => {
  it("leaves an end within a day where it is", () => {
    expect(placeOfEnd(BERLIN, ms("2026-12-01T08:00Z"), ms("2026-12-01T12:00Z"))).toBe(ms("2026-12-01T12:00Z"));
  });

  it("puts an end at midnight on the day before, by the zone's clock", () => {
    const midnight = ms("2026-12-01T23:00Z");
    expect(placeOfEnd(BERLIN, ms("2026-12-01T08:00Z"), midnight)).toBe(midnight - 1);
    expect(placeOfEnd("UTC", ms("2026-12-01T08:00Z"), midnight)).toBe(midnight);
  });

  it("gives a height to what ends, by the clock, before it starts", () => {
    // 02:45 summer time to 02:15 winter time: half an hour.
    const [start, end] = [ms("2026-10-25T00:45Z"), ms("2026-10-25T01:15Z")];
    const shown = new Date(placeOfEnd(BERLIN, start, end));
    expect(shown.toISOString(), "03:15 winter time").toBe("2026-10-25T02:15:00.000Z");
  });
});

describe("countsByWhose", () => {
  it("counts each booking once, whatever its parts", () => {
    const bars = [barOf(), barOf(), barOf({ id: "b", kind: "team" }), barOf({ id: "c", kind: "outage" })];
    expect(countsByWhose(bars, null)).toEqual({ mine: 1, team: 1, others: 0, maintenance: 1 });
    expect(countsByWhose(bars, new Set(["pol_2"]))).toEqual({ mine: 0, team: 0, others: 0, maintenance: 0 });
  });
});

describe("othersPerDay", () => {
  const first = startOfDay(BERLIN, ms("2026-10-24T10:00Z"));
  const days = [0, 1, 2].map((i) => addDays(BERLIN, first, i));
  const end = addDays(BERLIN, first, 3);
  const other = (starts_at: string, ends_at: string, id = "o") => barOf({ id, kind: "others", starts_at, ends_at });

  it("counts a booking on every day that it touches, and not on that at whose start it ends", () => {
    const counts = othersPerDay([other("2026-10-24T10:00Z", "2026-10-25T23:00Z")], days, end, null);
    expect(days.map((day) => counts.get(day)?.bookings)).toEqual([1, 1, 0]);
  });

  it("counts what began before and what goes on after", () => {
    const counts = othersPerDay([other("2026-10-01T00:00Z", "2026-11-30T00:00Z")], days, end, null);
    expect(days.map((day) => counts.get(day)?.bookings)).toEqual([1, 1, 1]);
  });

  it("leaves out what is one's own and what lies outside", () => {
    const bars = [barOf({ starts_at: "2026-10-24T10:00Z", ends_at: "2026-10-24T11:00Z" })];
    bars.push(other("2026-10-23T10:00Z", "2026-10-23T22:00Z"), other("2026-10-26T23:00Z", "2026-10-28T00:00Z", "p"));
    const counts = othersPerDay(bars, days, end, null);
    expect(days.map((day) => counts.get(day)?.bookings)).toEqual([0, 0, 0]);
  });
});

describe("isMovable", () => {
  const movable = (...bars: Bar[]) => {
    const [event] = eventsOf(bars, { zone: BERLIN, poolIds: null, whose: ALL });
    return event !== undefined && isMovable(event, partsPerReservation(bars));
  };

  it("is so for what is held, confirmed or under way", () => {
    for (const status of ["held", "confirmed", "active"] as const) expect(movable(barOf({ status }))).toBe(true);
  });

  it("is not so for what is over, of others, or in parts", () => {
    expect(movable(barOf({ status: "completed" }))).toBe(false);
    expect(movable(barOf({ kind: "others", reservation_id: null, status: null }))).toBe(false);
    expect(movable(barOf(), barOf())).toBe(false);
  });
});
