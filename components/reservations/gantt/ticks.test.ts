import { describe, expect, it } from "vitest";
import { clockDays, daysOf, stepFor, ticksOf } from "./ticks";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);
const zones = {
  "Europe/Berlin": { short: "2026-03-29", long: "2026-10-25" },
  "America/New_York": { short: "2026-03-08", long: "2026-11-01" },
};
const perHour = (px: number) => px / HOUR;

describe("the step of the lower tier", () => {
  it("is the finest whose labels have room", () => {
    expect(stepFor(perHour(1000 / 6))).toBe(HOUR / 2);
    expect(stepFor(perHour(1000 / 24))).toBe(2 * HOUR);
    expect(stepFor(perHour(1000 / 168))).toBe(12 * HOUR);
    expect(stepFor(perHour(1000 / 720))).toBe(DAY);
    expect(stepFor(perHour(300 / 720))).toBe(7 * DAY);
    expect(stepFor(perHour(0.001))).toBe(7 * DAY);
  });
});

describe.each(Object.entries(zones))("the header in %s", (zone, { short, long }) => {
  const dayOf = (date: string) => {
    const day = daysOf(zone, at(`${date}T12:00:00Z`), at(`${date}T12:00:01Z`))[0];
    if (!day) throw new Error("There is no such day.");
    return day;
  };

  it("gives the day on which clocks go forward 23 hours, and no tick to the hour that is skipped", () => {
    const day = dayOf(short);
    expect(day.to - day.from).toBe(23 * HOUR);
    const { eras, ticks } = ticksOf(zone, day.from, day.to, perHour(60));
    expect(eras.map(({ hours }) => hours)).toEqual([23]);
    expect(ticks.map(({ label }) => label)).toEqual(
      Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, "0")}:00`).filter(
        (label) => label !== "02:00",
      ),
    );
    // Real time: every hour as wide as the next.
    ticks.slice(1).forEach((tick, i) => {
      expect(tick.at - (ticks[i]?.at ?? 0)).toBe(HOUR);
    });
  });

  it("gives the day on which clocks go back 25 hours, and two ticks to the hour that comes twice", () => {
    const day = dayOf(long);
    expect(day.to - day.from).toBe(25 * HOUR);
    const { eras, ticks } = ticksOf(zone, day.from, day.to, perHour(60));
    expect(eras.map(({ hours }) => hours)).toEqual([25]);
    expect(ticks).toHaveLength(25);
    const repeated = ticks.filter((tick) => tick.repeated);
    expect(repeated).toHaveLength(2);
    expect(new Set(repeated.map(({ label }) => label)).size).toBe(1);
    const first = repeated[0]?.at ?? 0;
    expect(repeated[1]?.at).toBe(first + HOUR);
  });

  it("marks both, with the moment and the words, and no other day", () => {
    const changes = clockDays(zone, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    expect(changes.map(({ hours, words }) => [hours, words])).toEqual([
      [23, "Clocks go forward 1 h"],
      [25, "Clocks go back 1 h"],
    ]);
    for (const { at: moment, from, to } of changes) {
      expect(moment).toBeGreaterThan(from);
      expect(moment).toBeLessThan(to);
    }
  });
});

describe("the tiers", () => {
  it("are days over hours near, months over days far", () => {
    const [from, to] = [at("2026-11-28T00:00:00Z"), at("2026-12-03T00:00:00Z")];
    const near = ticksOf("UTC", from, to, perHour(20));
    expect([near.upper, near.eras[0]?.label]).toEqual(["day", "Sat 28 Nov 2026"]);
    const far = ticksOf("UTC", from, to, perHour(2));
    expect([far.upper, far.eras.map(({ label }) => label)]).toEqual(["month", ["Nov 2026", "Dec 2026"]]);
    expect(far.ticks.map(({ label }) => label)).toEqual(["Sat 28", "Sun 29", "Mon 30", "Tue 1", "Wed 2"]);
    expect(far.eras.map(({ from: start, to: end }) => (end - start) / DAY)).toEqual([3, 2]);
  });

  it("know half hours, and a zone that skipped a day", () => {
    const howe = clockDays("Australia/Lord_Howe", at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    expect(howe.map(({ hours, words }) => [hours, words])).toEqual([
      [24.5, "Clocks go back 30 min"],
      [23.5, "Clocks go forward 30 min"],
    ]);
    const apia = daysOf("Pacific/Apia", at("2011-12-29T12:00:00Z"), at("2012-01-01T12:00:00Z"));
    expect(apia.every((day) => day.to > day.from)).toBe(true);
    apia.slice(1).forEach((day, i) => {
      expect(day.from).toBe(apia[i]?.to);
    });
  });
});
