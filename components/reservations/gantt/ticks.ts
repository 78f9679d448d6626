import { clockChanges, instantOf, startOfDay, startOfWallDay, wallOf } from "@/lib/contracts/zones";
import { DAYS, lengthWords, MONTHS } from "../time-words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stretch of the upper tier of the header: a day, or a month. */
export type Era = {
  from: number;
  to: number;
  label: string;
  shortLabel: string;
  hours: number | null;
  weekend: boolean;
};
/** A place on the lower tier. `repeated`: the clock shows this time twice on that day. */
export type Tick = { at: number; label: string; strong: boolean; repeated: boolean };
export type Ticks = { upper: "day" | "month"; eras: Era[]; ticks: Tick[] };

/** Steps of the lower tier, each with the room its label needs. */
const STEPS: readonly { ms: number; px: number }[] = [
  { ms: 15 * MINUTE, px: 46 },
  { ms: 30 * MINUTE, px: 46 },
  { ms: HOUR, px: 46 },
  { ms: 2 * HOUR, px: 46 },
  { ms: 3 * HOUR, px: 46 },
  { ms: 6 * HOUR, px: 46 },
  { ms: 12 * HOUR, px: 46 },
  { ms: DAY, px: 26 },
  { ms: 7 * DAY, px: 26 },
];

/** The lower tier's step: the finest whose labels do not touch each other. */
export function stepFor(pxPerMs: number): number {
  return STEPS.find(({ ms, px }) => ms * pxPerMs >= px)?.ms ?? 7 * DAY;
}

/**
 * Both tiers of the header for a range, by the clock of a zone. Days are those of the zone's calendar, so 23 or 25 hours
 * long where the clock changes; a wall time that the clock skips has no tick, one that it repeats has two.
 */
export function ticksOf(zone: string, from: number, to: number, pxPerMs: number): Ticks {
  const step = stepFor(pxPerMs);
  const days = daysOf(zone, from, to);
  if (step >= DAY) {
    const ticks = days
      .filter(({ wall }) => step === DAY || new Date(wall).getUTCDay() === 1)
      .map((day) => dayTick(day, step * pxPerMs));
    return { upper: "month", eras: monthsOf(days), ticks };
  }
  return {
    upper: "day",
    eras: days.map((day) => dayEra(day)),
    ticks: days.flatMap((day) => hourTicks(zone, day, step)),
  };
}

type Day = { from: number; to: number; wall: number };

/** The days that touch the range. */
export function daysOf(zone: string, from: number, to: number): Day[] {
  const days: Day[] = [];
  for (let at = startOfDay(zone, from); at < to; ) {
    const wall = Math.floor(wallOf(zone, at) / DAY) * DAY;
    // A zone can skip a whole day, as Samoa did; it then has no moment of its own.
    let next = startOfWallDay(zone, wall + DAY);
    if (next <= at) next = startOfWallDay(zone, wall + 2 * DAY);
    days.push({ from: at, to: next, wall });
    at = next;
  }
  return days;
}

/** A day that is not 24 hours long, and when its clock changes. */
export type ClockDay = { from: number; to: number; at: number; hours: number; words: string };

/** The days in a range on which the clock of the zone changes. */
export function clockDays(zone: string, from: number, to: number): ClockDay[] {
  return clockChanges(zone, from, to).map(({ at, before, after }) => {
    const [day] = daysOf(zone, at, at + 1);
    const range = { from: day?.from ?? at, to: day?.to ?? at };
    return {
      ...range,
      at,
      hours: (range.to - range.from) / HOUR,
      words: `Clocks go ${after > before ? "forward" : "back"} ${lengthWords((after - before) * MINUTE)}`,
    };
  });
}

function dayEra({ from, to, wall }: Day): Era {
  const date = new Date(wall);
  const weekday = DAYS[date.getUTCDay()] ?? "";
  const hours = (to - from) / HOUR;
  return {
    from,
    to,
    label: `${weekday} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`,
    shortLabel: `${weekday} ${date.getUTCDate()}`,
    hours: hours === 24 ? null : hours,
    weekend: date.getUTCDay() % 6 === 0,
  };
}

function monthsOf(days: readonly Day[]): Era[] {
  const months: Era[] = [];
  let current = "";
  for (const { from, to, wall } of days) {
    const date = new Date(wall);
    const month = MONTHS[date.getUTCMonth()] ?? "";
    const label = `${month} ${date.getUTCFullYear()}`;
    const last = months.at(-1);
    if (last && current === label) last.to = to;
    else months.push({ from, to, label, shortLabel: month, hours: null, weekend: false });
    current = label;
  }
  return months;
}

function dayTick({ from, wall }: Day, px: number): Tick {
  const date = new Date(wall);
  const number = String(date.getUTCDate());
  const isMonday = date.getUTCDay() === 1;
  return {
    at: from,
    label: px >= 48 ? `${DAYS[date.getUTCDay()]} ${number}` : number,
    strong: isMonday || date.getUTCDate() === 1,
    repeated: false,
  };
}

function hourTicks(zone: string, { from, to, wall }: Day, step: number): Tick[] {
  const ticks: Tick[] = [];
  for (let time = wall; time < wall + DAY; time += step) {
    const instant = instantOf(zone, time);
    if (instant.kind === "nonexistent") continue;
    const moments = instant.kind === "ambiguous" ? [instant.at, instant.later] : [instant.at];
    for (const at of moments) {
      // Where midnight is repeated, the first of the two may belong to the day before.
      if (at < from || at >= to) continue;
      ticks.push({ at, label: clock(time), strong: time === wall, repeated: moments.length > 1 });
    }
  }
  return ticks;
}

function clock(wall: number): string {
  return new Date(wall).toISOString().slice(11, 16);
}
