import { describe, expect, it } from "vitest";
import { createSeriesBody } from "@/lib/contracts/series";
import { type BookingValues, startingValues } from "../booking-values";
import { poolOf } from "../testing";
import { placeSeriesErrors, type RepeatValues, readSeries, STARTING_REPEAT, weekdayOf } from "./series-values";

const NOW = new Date("2026-11-22T12:00:00Z");

const pool = poolOf();

const world = (zone: string) => ({ zone, pools: [pool], types: [], now: NOW });

function read(repeat: Partial<RepeatValues> = {}, zone = "Europe/Berlin", booking: Partial<BookingValues> = {}) {
  const draft = { poolId: pool.id, gpuCount: 4, startsAt: "2026-12-01T08:00:00Z", endsAt: "2026-12-01T16:00:00Z" };
  const values = { ...startingValues(draft, world(zone)), ...booking };
  return readSeries(values, { ...STARTING_REPEAT, ...repeat }, world(zone));
}

describe("the form for a series", () => {
  it("means what the API takes", () => {
    const { body, booking, repeat } = read({ weekdays: ["fr", "mo"], skipConflicts: true });
    expect([booking, repeat]).toEqual([{}, {}]);
    expect(createSeriesBody.parse(body)).toMatchObject({
      template: { pool_id: pool.id, gpu_count: 4, starts_at: "2026-12-01T08:00:00.000Z" },
      rule: { frequency: "weekly", weekdays: ["mo", "fr"], count: 4, anchor: "wall_clock", time_zone: "Europe/Berlin" },
      skip_conflicts: true,
      dry_run: false,
    });
    expect(body?.template).not.toHaveProperty("hold");
    expect(read({ frequency: "daily", weekdays: ["mo"] }).body?.rule).not.toHaveProperty("weekdays");
  });

  it("has a webhook for all of its bookings beside the template, not in it", () => {
    const { body } = read({}, "UTC", { webhook_url: "https://example.com/a" });
    expect(createSeriesBody.parse(body).webhook).toEqual({ url: "https://example.com/a" });
  });

  it("ends with the whole last day by the zone's clock", () => {
    const until = (zone: string, day = "2026-12-31") => read({ ends: "until", until: day }, zone).body?.rule.until;
    expect(until("UTC")).toBe("2026-12-31T23:59:59.999Z");
    expect(until("Europe/Berlin")).toBe("2026-12-31T22:59:59.999Z");
    expect(until("Pacific/Kiritimati")).toBe("2026-12-31T09:59:59.999Z");
    expect(until("Pacific/Pago_Pago")).toBe("2027-01-01T10:59:59.999Z");
    expect(until("America/New_York", "2027-03-14"), "a day of 23 hours").toBe("2027-03-15T03:59:59.999Z");
  });

  it("names what is wrong beside its field", () => {
    expect(read({ interval: "0" }).repeat).toEqual({ interval: "Enter a whole number from 1 to 52" });
    expect(read({ count: "61" }).repeat).toEqual({ count: "Enter a whole number from 1 to 60" });
    expect(read({ count: "x", ends: "until", until: "2026-12-31" }).body, "the number is not asked for").not.toBeNull();
    expect(read({ ends: "until" }).repeat).toEqual({ until: "Enter the last day" });
    expect(read({ ends: "until", until: "2026-02-30" }).repeat).toEqual({ until: "Enter the last day" });
    expect(read({}, "UTC", { gpu_count: "0" }).booking).toHaveProperty("gpu_count");
    expect(read({}, "UTC", { gpu_count: "0" }).body).toBeNull();
  });

  it("places the API's errors, and hands back those without a field", () => {
    const shown = { booking: {}, repeat: {} };
    const rest = placeSeriesErrors(
      shown,
      [
        { field: "template.ends_at", message: "too long" },
        { field: "rule.until", message: "too late" },
        { field: "rule.weekdays[0]", message: "no day" },
        { field: "skip_conflicts", message: "elsewhere" },
      ],
      "UTC",
    );
    expect(shown).toEqual({ booking: { end: "too long" }, repeat: { until: "too late", weekdays: "no day" } });
    expect(rest).toEqual([{ field: "skip_conflicts", message: "elsewhere" }]);
  });
});

it("knows the weekday by the zone's clock", () => {
  const monday = Date.parse("2026-11-23T00:30:00Z");
  expect([weekdayOf(monday, "UTC"), weekdayOf(monday, "America/New_York")]).toEqual(["mo", "su"]);
});
