import { describe, expect, it } from "vitest";
import {
  addDays,
  type ClockChange,
  clockChanges,
  instantOf,
  isZone,
  offsetAt,
  startOfDay,
  wallOf,
  zoneNames,
} from "@/lib/contracts/zones";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const [FROM, TO] = [Date.UTC(2026, 0, 1), Date.UTC(2028, 0, 1)];

/** Zones that change their clocks in 2026 and 2027: by an hour, by half of one, at midnight, on the other half of the earth. */
const CHANGING = [
  "Europe/Berlin",
  "America/New_York",
  "America/Los_Angeles",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "Pacific/Chatham",
  "America/St_Johns",
  "America/Santiago",
];
const STEADY = ["UTC", "Asia/Kolkata", "Asia/Tehran"];

/** The judge: what Intl itself says a clock shows, asked anew for every moment. */
function judgeOf(zone: string) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  return (ms: number) => {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute);
  };
}

/** Changes of the clock by asking Intl every half hour. */
function changesByIntl(zone: string): ClockChange[] {
  const wall = judgeOf(zone);
  const changes: ClockChange[] = [];
  let before = wall(FROM) - FROM;
  for (let at = FROM; at < TO; at += HOUR / 2) {
    const after = wall(at) - at;
    if (after !== before) changes.push({ at, before: before / MINUTE, after: after / MINUTE });
    before = after;
  }
  return changes;
}

describe.each(CHANGING)("%s", (zone) => {
  const changes = changesByIntl(zone);
  const wall = judgeOf(zone);

  it("changes its clock at the moments at which Intl's changes, four times in the two years", () => {
    expect(changes).toHaveLength(4);
    expect(clockChanges(zone, FROM, TO)).toEqual(changes);
  });

  it("shows what Intl shows, every quarter of an hour of the days around each change", () => {
    for (const { at } of changes) {
      for (let ms = at - 2 * DAY; ms <= at + 2 * DAY; ms += HOUR / 4) expect(wallOf(zone, ms)).toBe(wall(ms));
    }
  });

  it("finds for every wall time around each change the very moments at which Intl shows it", () => {
    let told = { exact: 0, ambiguous: 0, nonexistent: 0 };
    for (const { at } of changes) {
      const shown = new Map<number, number[]>();
      for (let ms = at - 3 * DAY; ms <= at + 3 * DAY; ms += 5 * MINUTE) {
        shown.set(wall(ms), [...(shown.get(wall(ms)) ?? []), ms]);
      }
      for (let time = wall(at) - DAY; time <= wall(at) + DAY; time += 15 * MINUTE) {
        const moments = shown.get(time) ?? [];
        const instant = instantOf(zone, time);
        if (instant.kind === "exact") expect([instant.at]).toEqual(moments);
        else if (instant.kind === "ambiguous") expect([instant.at, instant.later]).toEqual(moments);
        else {
          expect(moments).toEqual([]);
          expect(instant.change).toBe(at);
          expect(wall(instant.at)).toBeGreaterThan(time);
        }
        told = { ...told, [instant.kind]: told[instant.kind] + 1 };
      }
    }
    // Two changes forward and two back of the same size; a quarter of an hour is one step.
    expect(told.nonexistent).toBeGreaterThan(0);
    expect(told.ambiguous).toBe(told.nonexistent);
  });

  it("starts each day of the two years at its first minute", () => {
    for (const { at } of changes) {
      for (let ms = at - 2 * DAY; ms <= at + 2 * DAY; ms += HOUR) {
        const start = startOfDay(zone, ms);
        const day = Math.floor(wall(ms) / DAY);
        expect(Math.floor(wall(start) / DAY)).toBe(day);
        expect(Math.floor(wall(start - MINUTE) / DAY)).toBe(day - 1);
        const next = addDays(zone, ms, 1);
        expect(Math.floor(wall(next) / DAY)).toBe(day + 1);
        expect(Math.floor(wall(next - MINUTE) / DAY)).toBe(day);
      }
    }
  });
});

describe.each(STEADY)("%s", (zone) => {
  it("never changes its clock", () => {
    expect(changesByIntl(zone)).toEqual([]);
    expect(clockChanges(zone, FROM, TO)).toEqual([]);
    const noon = Date.UTC(2026, 5, 1, 12);
    expect(instantOf(zone, wallOf(zone, noon))).toEqual({ kind: "exact", at: noon });
  });
});

describe("every zone", () => {
  it("shows what Intl shows on any day", () => {
    for (const zone of zoneNames()) {
      const wall = judgeOf(zone);
      for (let ms = FROM + 7 * HOUR; ms < TO; ms += 41 * DAY) expect(wallOf(zone, ms), zone).toBe(wall(ms));
    }
  });
});

describe("odd cases", () => {
  it("knows a day that a zone left out altogether", () => {
    // Samoa went from 29 to 31 December 2011.
    const noon = Date.UTC(2011, 11, 30, 12);
    const change = Date.UTC(2011, 11, 30, 10);
    expect(instantOf("Pacific/Apia", noon)).toMatchObject({ kind: "nonexistent", change });
    expect(addDays("Pacific/Apia", Date.UTC(2011, 11, 29, 22), 1)).toBe(change);
  });

  it("keeps seconds and milliseconds", () => {
    const ms = Date.UTC(2026, 6, 1, 10, 20, 30) + 456;
    expect(wallOf("Europe/Berlin", ms)).toBe(ms + 2 * HOUR);
    expect(instantOf("Europe/Berlin", ms + 2 * HOUR)).toEqual({ kind: "exact", at: ms });
  });

  it("counts offsets in minutes east of UTC", () => {
    expect(offsetAt("America/St_Johns", Date.UTC(2026, 0, 1))).toBe(-210);
    expect(offsetAt("Pacific/Chatham", Date.UTC(2026, 0, 1))).toBe(825);
  });

  it("tells names of zones from other texts", () => {
    expect(isZone("Europe/Berlin")).toBe(true);
    expect(isZone("UTC")).toBe(true);
    for (const name of ["", "Mars/Olympus", "+01:00", "-05", "1", "Europe/Berlin ", "__proto__"]) {
      expect(isZone(name), name).toBe(false);
    }
    expect(() => offsetAt("Mars/Olympus", 0)).toThrow(/no time zone Mars\/Olympus/);
  });

  it("lists UTC first and each zone once", () => {
    const names = zoneNames();
    expect(names[0]).toBe("UTC");
    expect(new Set(names).size).toBe(names.length);
    expect(names.every(isZone)).toBe(true);
  });
});
