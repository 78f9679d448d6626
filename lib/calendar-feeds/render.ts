import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } from "ical-generator";
import { FEED_LIMITS } from "@/lib/contracts/calendar-feeds";
import { offsetAt, wallOf } from "@/lib/contracts/zones";

/** One entry of a calendar: a part of a reservation, or a maintenance. */
export type FeedEntry = {
  /** The same as long as it is the same booking, however often it is moved. */
  uid: string;
  /** Rises with every change. */
  sequence: number;
  status: "tentative" | "confirmed" | "cancelled";
  from: Date;
  to: Date;
  title: string;
  /** Lines that follow the times in the text. */
  details: readonly string[];
  location: string;
  /** Where the console shows it; null: nowhere. */
  url: string | null;
  createdAt: Date;
  updatedAt: Date;
};

export type FeedCalendar = {
  name: string;
  /** Beside UTC, the zone in which texts tell times. */
  timeZone: string;
  /** Minutes before the start; null: no reminders. */
  alarmMinutes: number | null;
  entries: readonly FeedEntry[];
};

const STATUS = {
  tentative: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
} as const;

/**
 * A calendar as iCalendar (RFC 5545), times in UTC. The same entries give the same text, to the byte: nothing in it
 * depends on the moment at which it is written.
 */
export function renderFeed({ name, timeZone, alarmMinutes, entries }: FeedCalendar): string {
  const calendar = ical({
    name: oneLine(name),
    prodId: { company: "Dumont", product: "Reservations", language: "EN" },
    method: ICalCalendarMethod.PUBLISH,
    // REFRESH-INTERVAL and its older form X-PUBLISHED-TTL.
    ttl: FEED_LIMITS.refreshMinutes * 60,
  });
  for (const entry of entries) {
    const event = calendar.createEvent({
      id: entry.uid,
      sequence: entry.sequence,
      status: STATUS[entry.status],
      transparency: entry.status === "cancelled" ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
      start: entry.from,
      end: entry.to,
      summary: oneLine(entry.title),
      description: [...timesOf(entry, timeZone), ...entry.details, ...(entry.url === null ? [] : [entry.url])]
        .map(oneLine)
        .join("\n"),
      location: oneLine(entry.location),
      created: entry.createdAt,
      lastModified: entry.updatedAt,
      stamp: entry.updatedAt,
      ...(entry.url === null ? {} : { url: entry.url }),
    });
    if (alarmMinutes !== null && entry.status !== "cancelled") {
      event.createAlarm({
        type: ICalAlarmType.display,
        trigger: alarmMinutes * 60,
        description: oneLine(entry.title),
      });
    }
  }
  return calendar.toString();
}

/** Calendars show their reader's own times; the text tells those that the team talks about. */
function timesOf({ from, to }: FeedEntry, timeZone: string): string[] {
  const utc = `${clockAt("UTC", from)} to ${clockAt("UTC", to)} UTC`;
  if (timeZone === "UTC") return [utc];
  const start = offsetName(offsetAt(timeZone, from.getTime()));
  const end = offsetName(offsetAt(timeZone, to.getTime()));
  const local = `${clockAt(timeZone, from)}${start === end ? "" : ` (${start})`} to ${clockAt(timeZone, to)} (${end}) ${timeZone}`;
  return [local, utc];
}

function clockAt(zone: string, at: Date): string {
  return new Date(wallOf(zone, at.getTime())).toISOString().slice(0, 16).replace("T", " ");
}

/** @param minutes east of UTC */
function offsetName(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** Control characters have no place in iCalendar, and what people typed must not add a line. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
