import { describe, expect, it } from "vitest";
import { asDay, asZone } from "./address-parts";

describe("what the address says", () => {
  it("is a day only if the calendar has it", () => {
    const days = ["2026-11-23", "2028-02-29", "2026-02-30", "2026-13-01", "2026-1-1", "tomorrow"];
    expect(days.map((day) => asDay.parse(day))).toEqual(["2026-11-23", "2028-02-29", null, null, null, null]);
  });

  it("is a zone only if there is one of that name", () => {
    expect(["Europe/Berlin", "UTC", "Berlin", "+01:00"].map((zone) => asZone.parse(zone))).toEqual([
      "Europe/Berlin",
      "UTC",
      null,
      null,
    ]);
  });
});
