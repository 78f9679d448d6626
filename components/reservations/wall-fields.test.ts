import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldsAt, momentOf, readMoment } from "./wall-fields";

const BERLIN = "Europe/Berlin";
const entered = (date: string, time: string, which: "" | "first" | "second" = "") => ({ date, time, which });

describe("a moment entered by a zone's clock", () => {
  test("is found in that zone", () => {
    expect(momentOf(entered("2026-12-01", "09:30"), BERLIN)).toBe(Date.parse("2026-12-01T08:30:00Z"));
    expect(momentOf(entered("2026-07-01", "09:30"), BERLIN)).toBe(Date.parse("2026-07-01T07:30:00Z"));
    expect(momentOf(entered("2026-07-01", "09:30"), "UTC")).toBe(Date.parse("2026-07-01T09:30:00Z"));
  });

  test("that the clock skips is named, with the time that can be meant", () => {
    const reading = readMoment(entered("2027-03-28", "02:30"), BERLIN);
    expect(reading).toMatchObject({ kind: "nonexistent", mend: entered("2027-03-28", "03:30") });
    expect(reading).toHaveProperty("message", expect.stringContaining("there is no 02:30 in Europe/Berlin"));
    expect(momentOf(entered("2027-03-28", "03:30"), BERLIN)).toBe(Date.parse("2027-03-28T01:30:00Z"));
  });

  test("that the clock shows twice asks which one is meant", () => {
    const first = Date.parse("2026-10-25T00:30:00Z");
    const second = Date.parse("2026-10-25T01:30:00Z");
    expect(readMoment(entered("2026-10-25", "02:30"), BERLIN)).toMatchObject({ kind: "ambiguous", first, second });
    expect(momentOf(entered("2026-10-25", "02:30", "first"), BERLIN)).toBe(first);
    expect(momentOf(entered("2026-10-25", "02:30", "second"), BERLIN)).toBe(second);
    expect(fieldsAt(first, BERLIN).which).toBe("first");
    expect(fieldsAt(second, BERLIN).which).toBe("second");
  });

  test("is asked for when it is missing or none at all", () => {
    expect(readMoment(entered("", ""), BERLIN)).toEqual({ kind: "unclear", message: "Enter a date and a time" });
    expect(readMoment(entered("", "09:00"), BERLIN)).toEqual({ kind: "unclear", message: "Enter a date" });
    expect(readMoment(entered("2026-12-01", ""), BERLIN)).toEqual({ kind: "unclear", message: "Enter a time" });
    for (const [date, time] of [
      ["2026-02-30", "09:00"],
      ["2026-13-01", "09:00"],
      ["2026-12-01", "24:30"],
      ["tomorrow", "09:00"],
      ["12026-12-01", "09:00"],
    ] as const) {
      expect(readMoment(entered(date, time), BERLIN).kind, `${date} ${time}`).toBe("unclear");
    }
  });

  test("comes back as it was, whatever the zone and the season", () => {
    const zones = ["UTC", BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2026, 0) / 60_000, max: Date.UTC(2028, 0) / 60_000 }),
        (zone, minute) => momentOf(fieldsAt(minute * 60_000, zone), zone) === minute * 60_000,
      ),
    );
  });
});
