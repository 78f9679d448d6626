import { wallOf } from "@/lib/contracts/zones";
import { offsetText } from "./wall-fields";

export const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
export const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MINUTE = 60_000;

/** `Mon 23 Nov 2026, 09:00` by the clock of a zone. */
export function momentWords(ms: number, zone: string): string {
  return `${dayWords(ms, zone)}, ${clockWords(ms, zone)}`;
}

/** `Mon 23 Nov 2026` */
export function dayWords(ms: number, zone: string): string {
  const wall = new Date(wallOf(zone, ms));
  return `${DAYS[wall.getUTCDay()]} ${wall.getUTCDate()} ${MONTHS[wall.getUTCMonth()]} ${wall.getUTCFullYear()}`;
}

/** `09:00` */
export function clockWords(ms: number, zone: string): string {
  return new Date(wallOf(zone, ms)).toISOString().slice(11, 16);
}

/** `Mon 23 Nov 2026, 09:00 to Thu 26 Nov 2026, 09:00`; on one day the day only once. */
export function rangeWords(from: number, to: number, zone: string): string {
  const sameDay = dayWords(from, zone) === dayWords(to, zone);
  return `${momentWords(from, zone)} to ${sameDay ? clockWords(to, zone) : momentWords(to, zone)}`;
}

/** `Europe/Berlin, +01:00`; UTC alone. */
export function zoneWords(zone: string, ms: number): string {
  return zone === "UTC" ? "UTC" : `${zone}, ${offsetText(zone, ms)}`;
}

/** A length of time in whole minutes: `45 min`, `8 h`, `1 h 30 min`, `72 h (3 days)`. */
export function lengthWords(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / MINUTE);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${minutes} min`;
  const words = rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  const days = minutes / 1440;
  return days >= 2 && Number.isInteger(days) ? `${words} (${days} days)` : words;
}

/** Time left, to the second, for a countdown: `14:32`, `0:05`, `1:02:03`. Nothing left reads `0:00`. */
export function clockLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (value: number) => String(value).padStart(2, "0");
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}
