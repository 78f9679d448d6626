import { lookOf, nameOf } from "@/components/reservations/bar-style";
import { clockWords, lengthWords, momentWords, rangeWords } from "@/components/reservations/time-words";
import { gpusWords } from "@/components/reservations/words";
import type { Bar } from "@/lib/contracts/calendar";
import { addDays, type ClockChange, instantOf, offsetAt, startOfDay, wallOf } from "@/lib/contracts/zones";

const MINUTE = 60_000;

/** A bar in one sentence, for whoever does not see it: whose, what, how many, where and when. */
export function barSentence(bar: Bar, pool: string | undefined, zone: string): string {
  const when = rangeWords(Date.parse(bar.starts_at), Date.parse(bar.ends_at), zone);
  const parts = [`${lookOf(bar).word}: ${nameOf(bar)}`, gpusWords(bar.gpu_count), pool, when];
  return parts.filter((part) => part !== undefined).join(", ");
}

/**
 * When a bar is, as short as can be told on its day: `09:00 – 17:00`, `09:00 →` when it goes on, `→ 17:00` when it came
 * from before. An hour that the clock shows twice has its offset.
 */
export function shortTimes(bar: Bar, zone: string): string {
  const [start, end] = [Date.parse(bar.starts_at), Date.parse(bar.ends_at)];
  const day = (ms: number) => Math.floor(wallOf(zone, ms) / 86_400_000);
  const last = day(end - 1);
  return day(start) === last
    ? `${clockAt(start, zone)} – ${clockAt(end, zone)}`
    : `${clockAt(start, zone)} → ${momentWords(end, zone).slice(0, 6).trim()} ${clockAt(end, zone)}`;
}

/** The part of it that lies on a day: `09:00 – 17:00`, `from 09:00`, `until 17:00`, `all day`. */
export function timesOnDay(bar: Bar, day: number, zone: string): string {
  const [start, end] = [Date.parse(bar.starts_at), Date.parse(bar.ends_at)];
  const [first, last] = [startOfDay(zone, day), addDays(zone, day, 1)];
  if (start <= first) return end >= last ? "all day" : `until ${clockAt(end, zone)}`;
  return end >= last ? `from ${clockAt(start, zone)}` : `${clockAt(start, zone)} – ${clockAt(end, zone)}`;
}

/** The clock's time, with the offset where the clock shows it twice. */
export function clockAt(ms: number, zone: string): string {
  const clock = clockWords(ms, zone);
  return isShownTwice(ms, zone) ? `${clock} (${offsetWords(offsetAt(zone, ms))})` : clock;
}

/** `UTC+1`, `UTC−3:30` */
export function offsetWords(minutes: number): string {
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const rest = size % 60;
  const text = `${Math.floor(size / 60)}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
  return `UTC${minutes < 0 ? "−" : "+"}${text}`;
}

/** `Clocks go forward 1 h at 02:00`, by the clock that still runs. */
export function clockChangeWords({ at, before, after }: ClockChange): string {
  const clock = new Date(at + before * MINUTE).toISOString().slice(11, 16);
  return `Clocks go ${after > before ? "forward" : "back"} ${lengthWords((after - before) * MINUTE)} at ${clock === "00:00" ? "midnight" : clock}`;
}

function isShownTwice(ms: number, zone: string): boolean {
  return instantOf(zone, wallOf(zone, ms)).kind === "ambiguous";
}
