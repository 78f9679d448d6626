import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { reservationEntries } from "@/lib/calendar-feeds/entries";
import { renderFeed } from "@/lib/calendar-feeds/render";
import type { reservationCalendarQuery } from "@/lib/contracts/calendar-feeds";
import { notFound } from "@/lib/errors";

/**
 * One reservation as iCalendar, its parts as entries with the ids and sequences that the calendars of the project give
 * them: who takes it into a calendar that has it already sees it once.
 * @throws AppError "not_found", "forbidden"
 */
export async function downloadReservation(
  actor: Actor,
  reservationId: string,
  { time_zone: timeZone }: z.output<typeof reservationCalendarQuery>,
): Promise<string> {
  authorise(actor, "reservations:read");
  const entries = await reservationEntries(actor.projectId, reservationId, actor.subject.id);
  if (!entries) throw notFound("reservation");
  return renderFeed({ name: entries[0]?.title ?? reservationId, timeZone, alarmMinutes: null, entries });
}
