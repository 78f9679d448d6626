import type { Formats } from "react-big-calendar";

type Range = { start: Date; end: Date };

const TIME: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };

/** How the calendar writes times in a zone: days before months and 24 hours, like the rest of the console. */
export function calendarFormats(zone: string): Formats {
  const writer = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
    return (date: Date) => format.format(date);
  };
  const time = writer(TIME);
  const day = writer(DAY);
  const dayWithYear = writer({ day: "numeric", month: "short", year: "numeric" });
  const dayOnly = writer({ day: "numeric", month: "short" });
  const year = writer({ year: "numeric" });
  const times = ({ start, end }: Range) => `${time(start)} – ${time(end)}`;
  const days = ({ start, end }: Range) =>
    `${year(start) === year(end) ? dayOnly(start) : dayWithYear(start)} – ${dayWithYear(end)}`;
  return {
    dateFormat: writer({ day: "numeric" }),
    dayFormat: day,
    weekdayFormat: writer({ weekday: "short" }),
    timeGutterFormat: time,
    monthHeaderFormat: writer({ month: "long", year: "numeric" }),
    dayHeaderFormat: writer({ weekday: "long", day: "numeric", month: "long" }),
    dayRangeHeaderFormat: days,
    agendaHeaderFormat: days,
    agendaDateFormat: day,
    agendaTimeFormat: time,
    agendaTimeRangeFormat: times,
    selectRangeFormat: times,
    eventTimeRangeFormat: times,
    eventTimeRangeStartFormat: ({ start }: Range) => `${time(start)} –`,
    eventTimeRangeEndFormat: ({ end }: Range) => `– ${time(end)}`,
  };
}
