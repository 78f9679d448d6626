import { describe, expect, it } from "vitest";
import { poolOf } from "@/components/reservations/testing";
import type { Availability } from "@/lib/contracts/availability";
import { fullnessOf, STRIP_DAYS, stripDays, stripRows, sumOf } from "./strip-model";

const ms = (text: string) => Date.parse(text);
const NOW = ms("2026-10-20T10:20Z");
const [BERLIN, OSLO] = [poolOf({ id: "a", name: "Berlin" }), poolOf({ id: "b", name: "Oslo" })];
const DAYS = stripDays("Europe/Berlin", NOW);
const AVAILABILITY: Availability = {
  from: "2026-10-20T10:00:00Z",
  to: new Date(DAYS.at(-1) ?? 0).toISOString(),
  pools: [
    // Until 18:00 by the clock of Berlin on the second day there are 2 free.
    { pool_id: "a", capacity: 16, at: [ms("2026-10-20T10:00Z"), ms("2026-10-21T16:00Z")], free: [2, 16] },
    { pool_id: "b", capacity: 8, at: [ms("2026-10-20T10:00Z"), ms("2026-10-21T15:00Z")], free: [8, 0] },
  ],
};

describe("stripDays", () => {
  it("are days of the zone, one of 25 hours among them", () => {
    expect(DAYS).toHaveLength(STRIP_DAYS + 1);
    const lengths = DAYS.slice(1).map((day, i) => (day - (DAYS[i] ?? 0)) / 3_600_000);
    expect(lengths.filter((hours) => hours !== 24)).toEqual([25]);
    expect(new Date(DAYS[0] ?? 0).toISOString()).toBe("2026-10-19T22:00:00.000Z");
  });
});

describe("stripRows", () => {
  const rowsBy = (per: "pool" | "type") =>
    stripRows(AVAILABILITY, [BERLIN, OSLO], DAYS, { per, zone: "Europe/Berlin", gpus: 8 });

  it("tells per pool the least of each day", () => {
    const [berlin, oslo] = rowsBy("pool");
    expect(berlin?.cells.slice(0, 3).map(({ free }) => free)).toEqual([2, 2, 16]);
    expect(oslo?.cells.slice(0, 3).map(({ free }) => free)).toEqual([8, 0, 0]);
    expect(berlin?.cells.slice(0, 3).map(({ fullness }) => fullness)).toEqual(["short", "short", "much"]);
  });

  it("tells per type what its pools have free at one time, not the sum of their worst moments", () => {
    const rows = rowsBy("type");
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ name: "H100", note: "2 pools", capacity: 24, poolIds: ["a", "b"] });
    // 2 + 0 between 15:00 and 16:00 UTC.
    expect(rows[0]?.cells.slice(0, 3).map(({ free }) => free)).toEqual([10, 2, 16]);
  });
});

describe("sumOf", () => {
  it("is empty for no pool", () => {
    expect(sumOf([])).toEqual({ capacity: 0, at: [], free: [] });
  });
});

describe("fullnessOf", () => {
  it("tells too few for what is asked from little that is free", () => {
    expect(fullnessOf(0, 16, 8)).toBe("none");
    expect(fullnessOf(-2, 16, 8), "more was taken out of service than was free").toBe("none");
    expect(fullnessOf(7, 16, 8)).toBe("short");
    expect(fullnessOf(8, 32, 8)).toBe("little");
    expect(fullnessOf(16, 32, 8)).toBe("half");
    expect(fullnessOf(32, 32, 8)).toBe("much");
  });
});
