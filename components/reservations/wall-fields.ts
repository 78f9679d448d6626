import { type Instant, instantOf, offsetAt, wallOf } from "@/lib/contracts/zones";

/** A moment as it is entered: a date and a time by the clock of a zone. */
export type WallFields = {
  /** `YYYY-MM-DD`; "" while nothing is entered. */
  date: string;
  /** `HH:MM`. */
  time: string;
  /** Which of the two, when the clock shows that time twice; "" until it is chosen. */
  which: "" | "first" | "second";
};

export const NO_MOMENT: WallFields = { date: "", time: "", which: "" };

export type MomentReading =
  | { kind: "moment"; at: number }
  | { kind: "unclear"; message: string }
  /** The clock skips it: `mend` is the first time after the gap that can be meant. */
  | { kind: "nonexistent"; message: string; mend: WallFields }
  /** The clock shows it twice, and it is not said which is meant. Both in Unix ms. */
  | { kind: "ambiguous"; message: string; first: number; second: number };

/** The fields for a moment in Unix ms, as a clock in the zone shows it. Seconds are left out. */
export function fieldsAt(ms: number, zone: string): WallFields {
  const text = new Date(wallOf(zone, ms)).toISOString();
  const instant = instantOf(zone, Date.parse(`${text.slice(0, 16)}:00.000Z`));
  const which = instant.kind !== "ambiguous" ? "" : ms < instant.later ? "first" : "second";
  return { date: text.slice(0, 10), time: text.slice(11, 16), which };
}

/** The moment that the fields mean in a zone, or why they mean none, with what would mend it. */
export function readMoment(fields: WallFields, zone: string): MomentReading {
  const { date, time } = fields;
  if (date === "" && time === "") return { kind: "unclear", message: "Enter a date and a time" };
  if (date === "") return { kind: "unclear", message: "Enter a date" };
  if (time === "") return { kind: "unclear", message: "Enter a time" };
  const wall = readWall(date, time);
  if (wall === null) return { kind: "unclear", message: "Enter a date such as 2026-12-01 and a time such as 09:30" };
  const instant = instantOf(zone, wall);
  if (instant.kind === "exact") return { kind: "moment", at: instant.at };
  return instant.kind === "nonexistent" ? skipped(instant, fields, zone) : twice(instant, fields, zone);
}

/** The moment when it is clear, else null. */
export function momentOf(fields: WallFields, zone: string): number | null {
  const reading = readMoment(fields, zone);
  return reading.kind === "moment" ? reading.at : null;
}

/** `+01:00`: how far the zone's clock is from UTC at a moment. */
export function offsetText(zone: string, ms: number): string {
  const minutes = offsetAt(zone, ms);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(Math.round(size % 60))}`;
}

function skipped(instant: Extract<Instant, { kind: "nonexistent" }>, { date, time }: WallFields, zone: string) {
  const mend = fieldsAt(instant.at, zone);
  const words = mend.date === date ? mend.time : `${mend.date} ${mend.time}`;
  return {
    kind: "nonexistent" as const,
    message: `On ${date} there is no ${time} in ${zone}: the clocks go forward. ${words} is meant, or another time.`,
    mend,
  };
}

function twice(
  { at, later }: Extract<Instant, { kind: "ambiguous" }>,
  { date, time, which }: WallFields,
  zone: string,
): MomentReading {
  if (which !== "") return { kind: "moment", at: which === "first" ? at : later };
  return {
    kind: "ambiguous",
    message: `On ${date} it is ${time} twice in ${zone}: the clocks go back. Choose which one is meant.`,
    first: at,
    second: later,
  };
}

/** The wall time as zones.ts counts it; null for what no calendar or clock shows. */
function readWall(date: string, time: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}$/.test(time)) return null;
  const wall = Date.parse(`${date}T${time}:00.000Z`);
  // What rolls over (30 February) is no date, although it can be computed with.
  return Number.isFinite(wall) && new Date(wall).toISOString().startsWith(`${date}T${time}`) ? wall : null;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
