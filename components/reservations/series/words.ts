import type { StatusTone } from "@/components/ui/status-badge";
import type { OccurrenceTimes, SeriesOccurrence, SeriesRule, Weekday } from "@/lib/contracts/series";
import { clockWords, dayWords, lengthWords, momentWords } from "../time-words";

export const WEEKDAY_WORDS: Readonly<Record<Weekday, { short: string; long: string }>> = {
  mo: { short: "Mon", long: "Monday" },
  tu: { short: "Tue", long: "Tuesday" },
  we: { short: "Wed", long: "Wednesday" },
  th: { short: "Thu", long: "Thursday" },
  fr: { short: "Fri", long: "Friday" },
  sa: { short: "Sat", long: "Saturday" },
  su: { short: "Sun", long: "Sunday" },
};

export const OUTCOME_WORDS: Readonly<Record<SeriesOccurrence["outcome"], { word: string; tone: StatusTone }>> = {
  bookable: { word: "Can be booked", tone: "positive" },
  no_room: { word: "Not free", tone: "danger" },
  no_credits: { word: "Too few credits", tone: "caution" },
  not_allowed: { word: "Not allowed", tone: "off" },
};

/** `Every 2 weeks on Monday and Friday at 09:00, Europe/Berlin, 12 times` */
export function ruleWords(rule: SeriesRule, startsAt: string): string {
  const { frequency, interval, weekdays, count, until, anchor, time_zone: zone } = rule;
  const start = Date.parse(startsAt);
  const step = frequency === "daily" ? "day" : "week";
  const often = interval === 1 ? `Every ${step}` : `Every ${interval} ${step}s`;
  const days = weekdays === undefined ? "" : ` on ${listWords(weekdays.map((day) => WEEKDAY_WORDS[day].long))}`;
  const time = anchor === "utc" ? `${clockWords(start, "UTC")} UTC` : `${clockWords(start, zone)}, ${zone}`;
  const end =
    count === undefined
      ? `until ${until === undefined ? "" : dayWords(Date.parse(until), zone)}`
      : count === 1
        ? "once"
        : `${count} times`;
  return `${often}${days} at ${time}, ${end}`;
}

/** What a change of clocks does to an occurrence, a sentence each; none for most. */
export function clockNotes(times: OccurrenceTimes, { anchor, time_zone: zone }: SeriesRule): string[] {
  const { offset_change_minutes: change, adjusted, overlaps_previous, starts_at } = times;
  const notes: string[] = [];
  if (change !== 0) {
    const size = lengthWords(change * 60_000);
    const clocks = `Clocks go ${change > 0 ? "forward" : "back"} by ${size} before it`;
    notes.push(
      anchor === "wall_clock"
        ? `${clocks}: ${size} ${change > 0 ? "earlier" : "later"} in UTC from here on`
        : `${clocks}: ${size} ${change > 0 ? "later" : "earlier"} by the clocks of ${zone} from here on`,
    );
  }
  if (adjusted === "moved_forward") {
    notes.push(`The clock skips that time on this day: moved forward to ${clockWords(Date.parse(starts_at), zone)}`);
  }
  if (adjusted === "first_of_two") notes.push("The clock shows that time twice on this day: the first is taken");
  if (overlaps_previous) notes.push("Begins before the one before has ended, since that day is shorter");
  return notes;
}

/** When an occurrence is, by the rule's clock and in UTC. */
export function occurrenceWords({ starts_at, ends_at }: OccurrenceTimes, zone: string): { local: string; utc: string } {
  const from = Date.parse(starts_at);
  const to = Date.parse(ends_at);
  const sameDay = dayWords(from, zone) === dayWords(to, zone);
  return {
    local: `${momentWords(from, zone)} to ${sameDay ? clockWords(to, zone) : momentWords(to, zone)}`,
    utc: `${momentWords(from, "UTC")} UTC`,
  };
}

/** `a`, `a and b`, `a, b and c` */
export function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
