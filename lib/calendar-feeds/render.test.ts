import ICAL from "ical.js";
import { describe, expect, it, vi } from "vitest";
import { type FeedCalendar, type FeedEntry, renderFeed } from "@/lib/calendar-feeds/render";

const entry = (data: Partial<FeedEntry> = {}): FeedEntry => ({
  uid: "rsv_1-1@console.example.com",
  sequence: 1,
  status: "confirmed",
  from: new Date("2026-12-01T08:00:00Z"),
  to: new Date("2026-12-04T08:00:00Z"),
  title: "Training run",
  details: ["8 H100 in Frankfurt"],
  location: "Frankfurt, eu-central",
  url: "https://console.example.com/app/reservations/rsv_1",
  createdAt: new Date("2026-11-01T00:00:00Z"),
  updatedAt: new Date("2026-11-02T00:00:00Z"),
  ...data,
});

const render = (data: Partial<FeedCalendar> = {}) =>
  renderFeed({ name: "Dumont", timeZone: "UTC", alarmMinutes: null, entries: [entry()], ...data });

/** As an independent parser reads it. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return { calendar, events: calendar.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event)) };
}

const only = (text: string) => {
  const [event] = read(text).events;
  if (!event) throw new Error("There is no event.");
  return event;
};

const value = (event: ICAL.Event, name: string) => String(event.component.getFirstPropertyValue(name));

describe("a calendar feed", () => {
  it("is read by an independent parser with all that it says", () => {
    const { calendar, events } = read(render({ name: "Dumont: team, all; of it" }));
    expect(calendar.getFirstPropertyValue("version")).toBe("2.0");
    expect(calendar.getFirstPropertyValue("method")).toBe("PUBLISH");
    expect(calendar.getFirstPropertyValue("x-wr-calname")).toBe("Dumont: team, all; of it");
    expect(String(calendar.getFirstPropertyValue("refresh-interval"))).toBe("PT15M");
    expect(String(calendar.getFirstPropertyValue("x-published-ttl"))).toBe("PT15M");
    const event = events[0] as ICAL.Event;
    expect(events).toHaveLength(1);
    expect(event.uid).toBe("rsv_1-1@console.example.com");
    expect(event.sequence).toBe(1);
    expect(event.summary).toBe("Training run");
    expect(event.location).toBe("Frankfurt, eu-central");
    expect(event.startDate.zone).toBe(ICAL.Timezone.utcTimezone);
    expect(event.startDate.toJSDate()).toEqual(new Date("2026-12-01T08:00:00Z"));
    expect(event.endDate.toJSDate()).toEqual(new Date("2026-12-04T08:00:00Z"));
    expect(value(event, "status")).toBe("CONFIRMED");
    expect(value(event, "url")).toBe("https://console.example.com/app/reservations/rsv_1");
    expect(event.description.split("\n")).toEqual([
      "2026-12-01 08:00 to 2026-12-04 08:00 UTC",
      "8 H100 in Frankfurt",
      "https://console.example.com/app/reservations/rsv_1",
    ]);
  });

  it("tells held and cancelled ones apart", () => {
    expect(value(only(render({ entries: [entry({ status: "tentative" })] })), "status")).toBe("TENTATIVE");
    const cancelled = only(render({ entries: [entry({ status: "cancelled" })], alarmMinutes: 30 }));
    expect(value(cancelled, "status")).toBe("CANCELLED");
    expect(value(cancelled, "transp")).toBe("TRANSPARENT");
    expect(cancelled.component.getAllSubcomponents("valarm"), "nobody is reminded of it").toHaveLength(0);
  });

  it("reminds before the start when told to", () => {
    const [alarm] = only(render({ alarmMinutes: 30 })).component.getAllSubcomponents("valarm");
    expect(String(alarm?.getFirstPropertyValue("trigger"))).toBe("-PT30M");
    expect(alarm?.getFirstPropertyValue("action")).toBe("DISPLAY");
    const [atStart] = only(render({ alarmMinutes: 0 })).component.getAllSubcomponents("valarm");
    const trigger = atStart?.getFirstPropertyValue("trigger");
    expect(trigger instanceof ICAL.Duration && trigger.toSeconds()).toBe(0);
  });

  it.each([
    ["separators", 'a,b;c\\d:e"f\\n', 'a,b;c\\d:e"f\\n'],
    ["lines", "one\r\nEND:VEVENT\r\nBEGIN:VEVENT\ntwo", "one END:VEVENT BEGIN:VEVENT two"],
    ["control characters", "bell\u0007 and \u2028 paragraph", "bell  and   paragraph"],
    ["other scripts", "学習 – übung 🚀🚀 नमस्ते", "学習 – übung 🚀🚀 नमस्ते"],
    ["length", "wörter 🚀 ".repeat(60).trim(), "wörter 🚀 ".repeat(60).trim()],
  ])("survives titles with %s", (_what, title, expected) => {
    const text = render({ name: title, entries: [entry({ title, location: title, details: [title] })] });
    const { calendar, events } = read(text);
    expect(events).toHaveLength(1);
    expect(events[0]?.summary).toBe(expected);
    expect(events[0]?.location).toBe(expected);
    expect(events[0]?.description.split("\n")[1]).toBe(expected);
    expect(calendar.getFirstPropertyValue("x-wr-calname")).toBe(expected);
    for (const line of text.split("\r\n")) {
      expect(Buffer.byteLength(line), `folded: ${line}`).toBeLessThanOrEqual(75);
      expect(line, "no character is cut in two").toBe(Buffer.from(line).toString());
      expect(line).not.toContain("\n");
    }
  });

  it("tells times in the team's zone and in UTC, with the offsets where clocks change in between", () => {
    const lines = (from: string, to: string) =>
      only(
        render({ timeZone: "Europe/Berlin", entries: [entry({ from: new Date(from), to: new Date(to) })] }),
      ).description.split("\n");
    expect(lines("2026-12-01T08:00:00Z", "2026-12-04T08:00:00Z").slice(0, 2)).toEqual([
      "2026-12-01 09:00 to 2026-12-04 09:00 (UTC+01:00) Europe/Berlin",
      "2026-12-01 08:00 to 2026-12-04 08:00 UTC",
    ]);
    expect(lines("2026-10-24T22:00:00Z", "2026-10-25T12:00:00Z")[0]).toBe(
      "2026-10-25 00:00 (UTC+02:00) to 2026-10-25 13:00 (UTC+01:00) Europe/Berlin",
    );
  });

  it("is the same text for the same entries, whenever it is written", () => {
    vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z") });
    const first = render();
    vi.setSystemTime(new Date("2027-07-01T00:00:00Z"));
    expect(render()).toBe(first);
    vi.useRealTimers();
  });

  it("may be empty", () => {
    expect(read(render({ entries: [] })).events).toEqual([]);
  });
});
