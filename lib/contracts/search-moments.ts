import { addDays, instantOf, startOfDay, wallOf } from "@/lib/contracts/zones";

/** Times in a search, in Unix milliseconds. */
export type Moments = { not_before?: number; finish_by?: number; near?: number };

export type MomentReader = { pattern: RegExp; read: (match: RegExpExecArray) => Moments | null };

/** A stretch of time that words stand for: a day, or a moment (then both are the same). */
type Span = { from: number; to: number };

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const WEEKDAY =
  "(?:sun(?:day)?|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?)";
const CLOCK = "(?:\\d{1,2}:\\d{2}\\s*(?:am|pm)?|\\d{1,2}\\s*(?:am|pm)|noon|midday|midnight)";
const DATE = [
  "\\d{4}-\\d{2}-\\d{2}",
  `\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH}\\.?(?:,?\\s+\\d{4})?`,
  `${MONTH}\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?(?!:)`,
  "the day after tomorrow",
  "today|tonight|tomorrow",
  `(?:next\\s+|this\\s+)?${WEEKDAY}`,
  "(?:in\\s+)?\\d+\\s+days?\\s+from\\s+(?:now|today)|in\\s+\\d+\\s+days?",
].join("|");
const ISO = "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2})?(?:Z|[+-]\\d{2}:\\d{2})";
const UTC = "(?:\\s*(?:utc|gmt|z)\\b)";
const WHEN = `(?:${ISO}|(?:${DATE})(?:\\s*,?\\s*(?:at\\s+)?${CLOCK}${UTC}?)?|${CLOCK}${UTC}?(?:\\s+(?:on\\s+)?(?:${DATE}))?|in\\s+\\d+\\s+hours?)`;

/**
 * How times are said in a search, in the order in which they are to be tried. "before" a day means before it begins,
 * "by" or "until" a day before it ends, "after" a day when it has ended; a time alone is where it should start nearby.
 */
export function findMoments(world: { now: Date; zone: string }): MomentReader[] {
  const one = (words: string, use: (span: Span) => Moments): MomentReader => ({
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])${words}\\s*(${WHEN})(?![\\p{L}\\p{N}:])`, "iu"),
    read: ([, said = ""]) => {
      const span = spanOf(said, world);
      return span && use(span);
    },
  });
  return [
    {
      pattern: new RegExp(
        `\\b(?:between|from)\\s+(${WHEN})\\s*(?:and|to|until|till|-)\\s*(${WHEN})(?![\\p{L}\\p{N}:])`,
        "iu",
      ),
      read: ([, first = "", last = ""]) => {
        const from = spanOf(first, world);
        const to = from && spanOf(last, world, from.from);
        return from && to ? { not_before: from.from, finish_by: to.to } : null;
      },
    },
    {
      pattern: new RegExp(
        `\\b(?:any\\s?time\\s+)?(?:in|during|within)\\s+(${MONTH})(?:\\s+(\\d{4}))?\\b(?!\\s+\\d)`,
        "iu",
      ),
      read: ([, month = "", year]) => wholeMonth(month, year, world),
    },
    {
      pattern: /\b(?:any\s?time\s+)?(?:in |during |within )?(next|this)\s+(week|weekend)\b/iu,
      read: ([, which = "", what = ""]) => wholeWeek(which.toLowerCase() === "next" ? 1 : 0, /end$/i.test(what), world),
    },
    one(
      "(?:any\\s?time\\s+)?(?:until|till|by|no later than|not later than|at the latest|finished? by|done by|ending(?: by)?)",
      ({ to }) => ({
        finish_by: to,
      }),
    ),
    one("(?:any\\s?time\\s+)?(?:before|earlier than|ahead of)", ({ from }) => ({ finish_by: from })),
    one("(?:any\\s?time\\s+)?(?:after|later than)", ({ to }) => ({ not_before: to })),
    one(
      "(?:any\\s?time\\s+)?(?:from|since|starting(?: from| on| at)?|beginning(?: on| at)?|not before|no earlier than|not earlier than|as of)",
      ({ from }) => ({
        not_before: from,
      }),
    ),
    one("(?:around|about|near|close to|on|at)?", ({ from }) => ({ near: from })),
  ];
}

/** @param after what comes after this moment is meant where the words leave it open */
function spanOf(said: string, world: { now: Date; zone: string }, after = world.now.getTime()): Span | null {
  const text = said.trim().toLowerCase();
  const iso = new RegExp(`^${ISO}$`, "i").exec(text);
  if (iso) return moment(Date.parse(text.toUpperCase()));
  const hours = /^in\s+(\d+)\s+hours?$/.exec(text)?.[1];
  if (hours !== undefined) return moment(world.now.getTime() + Number(hours) * 3_600_000);

  const clock = new RegExp(`(?<![\\p{L}\\p{N}-])(${CLOCK})(${UTC})?`, "iu").exec(text);
  const zone = clock?.[2] === undefined ? world.zone : "UTC";
  const dated = (clock ? text.replace(clock[0], " ") : text).replace(/\b(?:at|on)\b|,(?!\s*\d{4})/g, " ").trim();
  const day = dated === "" ? startOfDay(zone, after) : dayOf(dated, { now: world.now, zone }, after);
  if (day === null) return null;
  if (!clock) return { from: day, to: addDays(zone, day, 1) };
  const minutes = minutesOf(clock[1] ?? "");
  if (minutes === null) return null;
  const midnight = Math.floor(wallOf(zone, day) / 86_400_000) * 86_400_000;
  const at = instantOf(zone, midnight + minutes * 60_000).at;
  // "at 9" alone, when nine has passed, is tomorrow's.
  if (dated === "" && at < after) return moment(instantOf(zone, midnight + 86_400_000 + minutes * 60_000).at);
  return moment(at);
}

function moment(at: number): Span | null {
  return Number.isNaN(at) ? null : { from: at, to: at };
}

/** The first moment of the day that is meant, by the zone's calendar; null for one that does not exist. */
function dayOf(text: string, { now, zone }: { now: Date; zone: string }, after: number): number | null {
  const today = startOfDay(zone, now.getTime());
  if (text === "today" || text === "tonight") return today;
  if (text === "tomorrow") return addDays(zone, today, 1);
  if (text === "the day after tomorrow") return addDays(zone, today, 2);
  const ahead = /^(?:in\s+)?(\d+)\s+days?/.exec(text)?.[1];
  if (ahead !== undefined) return addDays(zone, today, Number(ahead));

  const weekday = new RegExp(`^(next\\s+|this\\s+)?(${WEEKDAY})$`).exec(text);
  if (weekday) {
    const wanted = WEEKDAYS.indexOf((weekday[2] ?? "").slice(0, 3));
    const current = new Date(wallOf(zone, now.getTime())).getUTCDay();
    // "next Friday" is the one of the next week, which begins on Monday; "Friday" the next one to come.
    if (weekday[1]?.trim() === "next") return addDays(zone, today, 7 - ((current + 6) % 7) + ((wanted + 6) % 7));
    return addDays(zone, today, (wanted - current + 7) % 7);
  }
  const [, isoYear, isoMonth, isoDay] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (isoYear !== undefined) return calendarDay(Number(isoYear), Number(isoMonth) - 1, Number(isoDay), zone);
  const [, dayFirst, monthAfter] = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?(${MONTH})`).exec(text) ?? [];
  const [, monthFirst, dayAfter] = new RegExp(`^(${MONTH})\\.?\\s+(\\d{1,2})`).exec(text) ?? [];
  const month = MONTHS.indexOf((monthAfter ?? monthFirst ?? "").slice(0, 3));
  const date = Number(dayFirst ?? dayAfter);
  if (month < 0) return null;
  const year = /\b(\d{4})$/.exec(text)?.[1];
  if (year !== undefined) return calendarDay(Number(year), month, date, zone);
  const thisYear = new Date(wallOf(zone, after)).getUTCFullYear();
  const soon = calendarDay(thisYear, month, date, zone);
  return soon !== null && soon >= startOfDay(zone, after) ? soon : calendarDay(thisYear + 1, month, date, zone);
}

function calendarDay(year: number, month: number, day: number, zone: string): number | null {
  const wall = Date.UTC(year, month, day);
  const exists = new Date(wall).getUTCMonth() === month && new Date(wall).getUTCDate() === day;
  return exists ? instantOf(zone, wall).at : null;
}

function minutesOf(clock: string): number | null {
  if (clock === "noon" || clock === "midday") return 12 * 60;
  if (clock === "midnight") return 0;
  const [, hours = "", minutes = "0", half] = /^(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$/.exec(clock) ?? [];
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === "pm" ? 12 : 0);
  const fits = half === undefined ? Number(hours) <= 24 : Number(hours) >= 1 && Number(hours) <= 12;
  return hours !== "" && fits && Number(minutes) < 60 ? hour * 60 + Number(minutes) : null;
}

function wholeMonth(
  name: string,
  year: string | undefined,
  { now, zone }: { now: Date; zone: string },
): Moments | null {
  const month = MONTHS.indexOf(name.toLowerCase().slice(0, 3));
  const current = new Date(wallOf(zone, now.getTime()));
  const chosen = year === undefined ? current.getUTCFullYear() + (month < current.getUTCMonth() ? 1 : 0) : Number(year);
  const from = calendarDay(chosen, month, 1, zone);
  const to = instantOf(zone, Date.UTC(chosen, month + 1, 1)).at;
  return from === null ? null : { not_before: from, finish_by: to };
}

function wholeWeek(weeks: number, weekend: boolean, { now, zone }: { now: Date; zone: string }): Moments {
  const today = startOfDay(zone, now.getTime());
  const fromMonday = (new Date(wallOf(zone, now.getTime())).getUTCDay() + 6) % 7;
  const monday = addDays(zone, today, 7 * weeks - fromMonday);
  return { not_before: addDays(zone, monday, weekend ? 5 : 0), finish_by: addDays(zone, monday, 7) };
}
