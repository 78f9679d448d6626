import { describe, expect, it } from "vitest";
import type { Bar } from "@/lib/contracts/calendar";
import { barSentence, clockAt, clockChangeWords, offsetWords, shortTimes, timesOnDay } from "./calendar-words";
import { firstDayOfWeek } from "./week-start";

const BAR: Bar = {
  id: "bar_1",
  kind: "mine",
  reservation_id: "rsv_1",
  status: "held",
  held: true,
  title: "Training",
  by: "Olga",
  pool_id: "pol_1",
  gpu_count: 1,
  starts_at: "2026-12-01T08:00:00.000Z",
  ends_at: "2026-12-01T12:00:00.000Z",
  units: [],
  version: 1,
};

describe("barSentence", () => {
  it("says whose, what, how many, where and when", () => {
    expect(barSentence(BAR, "Frankfurt", "Europe/Berlin")).toBe(
      "Mine, held: Training, 1 GPU, Frankfurt, Tue 1 Dec 2026, 09:00 to 13:00",
    );
  });

  it("gives nothing away of other projects", () => {
    const other = { ...BAR, kind: "others", held: false, status: null, title: null, by: null } as const;
    expect(barSentence(other, undefined, "UTC")).toBe(
      "Other projects: Another project, 1 GPU, Tue 1 Dec 2026, 08:00 to 12:00",
    );
  });
});

describe("shortTimes", () => {
  it("names the last day only where it is another", () => {
    expect(shortTimes(BAR, "Europe/Berlin")).toBe("09:00 – 13:00");
    expect(shortTimes({ ...BAR, ends_at: "2026-12-03T12:00:00Z" }, "Europe/Berlin")).toBe("09:00 → Thu 3 13:00");
    expect(shortTimes({ ...BAR, ends_at: "2026-12-01T23:00:00Z" }, "Europe/Berlin")).toBe("09:00 – 00:00");
  });
});

describe("timesOnDay", () => {
  const long = { ...BAR, ends_at: "2026-12-03T12:00:00Z" };
  const on = (day: string) => timesOnDay(long, Date.parse(`${day}T12:00Z`), "Europe/Berlin");

  it("tells each day what lies on it", () => {
    expect(["2026-12-01", "2026-12-02", "2026-12-03"].map(on)).toEqual(["from 09:00", "all day", "until 13:00"]);
    expect(timesOnDay(BAR, Date.parse("2026-12-01T00:00Z"), "Europe/Berlin")).toBe("09:00 – 13:00");
  });
});

describe("clockAt", () => {
  it("adds the offset within the hour that comes twice", () => {
    expect(clockAt(Date.parse("2026-10-25T00:30Z"), "Europe/Berlin")).toBe("02:30 (UTC+2)");
    expect(clockAt(Date.parse("2026-10-25T01:30Z"), "Europe/Berlin")).toBe("02:30 (UTC+1)");
    expect(clockAt(Date.parse("2026-10-25T02:30Z"), "Europe/Berlin")).toBe("03:30");
  });
});

describe("clockChangeWords", () => {
  it("says which way, how far and when, by the clock that still runs", () => {
    const spring = { at: Date.parse("2026-03-29T01:00Z"), before: 60, after: 120 };
    expect(clockChangeWords(spring)).toBe("Clocks go forward 1 h at 02:00");
    const lordHowe = { at: Date.parse("2026-04-04T15:00Z"), before: 660, after: 630 };
    expect(clockChangeWords(lordHowe)).toBe("Clocks go back 30 min at 02:00");
    const cairo = { at: Date.parse("2026-04-23T22:00Z"), before: 120, after: 180 };
    expect(clockChangeWords(cairo)).toBe("Clocks go forward 1 h at midnight");
  });
});

describe("offsetWords", () => {
  it("writes hours, and minutes where there are any", () => {
    expect([0, 60, -210, 825].map(offsetWords)).toEqual(["UTC", "UTC+1", "UTC−3:30", "UTC+13:45"]);
  });
});

describe("firstDayOfWeek", () => {
  it("follows the locale, and is Monday where that is not known", () => {
    expect(firstDayOfWeek("de-DE")).toBe(1);
    expect(firstDayOfWeek("en-US")).toBe(0);
    expect(firstDayOfWeek("ar-EG")).toBe(6);
    expect(firstDayOfWeek("no locale at all")).toBe(1);
  });
});
