import { addDays, startOfDay } from "@/lib/contracts/zones";
import type { CalendarView } from "./calendar-address";
import type { ZonedLocalizer } from "./localizer";

/** Days of the agenda. */
export const AGENDA_DAYS = 14;

export type CalendarRange = { from: number; to: number };

/** What a view shows around a moment, and no more: what is to be read from the server. null: the view reads itself. */
export function visibleRange(
  view: CalendarView,
  at: number,
  zone: string,
  localizer: ZonedLocalizer,
): CalendarRange | null {
  const date = new Date(at);
  switch (view) {
    case "month": {
      const first = localizer.startOf(localizer.startOf(date, "month"), "week");
      return { from: +first, to: +localizer.endOf(localizer.endOf(date, "month"), "week") + 1 };
    }
    case "week":
      return { from: +localizer.startOf(date, "week"), to: +localizer.endOf(date, "week") + 1 };
    case "agenda": {
      // The library's agenda shows the last day too.
      return { from: startOfDay(zone, at), to: addDays(zone, at, AGENDA_DAYS + 1) };
    }
    default:
      return null;
  }
}
