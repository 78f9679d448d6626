import { formatOffset, formatShortTime } from "@/components/ui/format";

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const UNIT_WORDS = { s: "second", m: "minute", h: "hour", d: "day" } as const;
type Unit = keyof typeof UNIT_MS;

const MINUTE_MS = 60_000;

/** The ranges offered; any other length can be typed. */
export const RANGE_PRESETS = ["5m", "15m", "1h", "6h", "24h", "3d", "7d", "30d"] as const;

/**
 * A stretch of time as the URL says it: relative to the moment of looking (`range`), or from and to as ISO 8601 in UTC,
 * either of which may be open. Relative ranges win where both are given.
 */
export type TimeRange = { range: string | null; from: string | null; to: string | null };

export const ANY_TIME: TimeRange = { range: null, from: null, to: null };

/** The canonical form of a relative range (`90m`, `24h`), or null when the text is not one. */
export function parseRange(text: string): string | null {
  const match = /^(?:(?:the\s+)?last\s+)?(\d{1,5})\s*([a-z]+)$/i.exec(text.trim());
  const amount = Number(match?.[1]);
  const unit = match?.[2] === undefined ? undefined : unitOf(match[2].toLowerCase());
  if (unit === undefined || amount < 1 || amount * UNIT_MS[unit] > 3650 * UNIT_MS.d) return null;
  return `${amount}${unit}`;
}

/** `last 90 minutes`; the range must be one that parseRange gave. */
export function rangeWords(range: string): string {
  const { amount, unit } = split(range);
  return amount === 1 ? `last ${UNIT_WORDS[unit]}` : `last ${amount} ${UNIT_WORDS[unit]}s`;
}

/**
 * The bounds that the API is asked for. A relative range begins at a whole minute, so that coming back to the list
 * within that minute asks for the same rows, which are already there.
 * @param now the moment that a relative range is relative to, Unix ms
 */
export function resolveRange({ range, from, to }: TimeRange, now: number): { from?: string; to?: string } {
  if (range !== null) {
    const { amount, unit } = split(range);
    const start = now - amount * UNIT_MS[unit];
    return { from: new Date(Math.floor(start / MINUTE_MS) * MINUTE_MS).toISOString() };
  }
  return { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
}

/** ISO 8601 in UTC to the second (to the millisecond where it has any), or null for what is not a moment. */
export function parseMoment(text: string): string | null {
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

/** What an absolute range says, in the zone that the offset function describes. */
function boundsWords({ from, to }: TimeRange, now: number, offsetAt: (ms: number) => number): string {
  const words = (iso: string) => {
    const ms = Date.parse(iso);
    return formatShortTime(ms, { offsetMinutes: offsetAt(ms), date: "always", now });
  };
  if (from !== null && to !== null) return `${words(from)} – ${words(to)}`;
  if (from !== null) return `since ${words(from)}`;
  return to === null ? "any time" : `before ${words(to)}`;
}

/** What a range is called on its picker and its chip. */
export function timeRangeWords(range: TimeRange, now: number, offsetAt: (ms: number) => number): string {
  return range.range === null ? boundsWords(range, now, offsetAt) : rangeWords(range.range);
}

/** `UTC`, `UTC+01:00`: minutes east of UTC. */
export function zoneWords(offsetMinutes: number): string {
  return offsetMinutes === 0 ? "UTC" : `UTC${formatOffset(offsetMinutes)}`;
}

/** The value of a datetime-local field for a moment, in the zone that the offset function describes; "" for none. */
export function toInput(iso: string | null, offsetAt: (ms: number) => number): string {
  if (iso === null) return "";
  const ms = Date.parse(iso);
  if (!Number.isFinite(ms)) return "";
  return new Date(ms + offsetAt(ms) * MINUTE_MS).toISOString().slice(0, 19);
}

/** What such a field says, as ISO 8601 in UTC, or null. */
export function fromInput(text: string, zone: "local" | "utc"): string | null {
  return parseMoment(zone === "utc" && text !== "" ? `${text}Z` : text);
}

function unitOf(word: string): Unit | undefined {
  if (/^(s|secs?|seconds?)$/.test(word)) return "s";
  if (/^(m|mins?|minutes?)$/.test(word)) return "m";
  if (/^(h|hrs?|hours?)$/.test(word)) return "h";
  if (/^(d|days?)$/.test(word)) return "d";
  return undefined;
}

function split(range: string): { amount: number; unit: Unit } {
  const unit = unitOf(range.slice(-1)) ?? "h";
  return { amount: Number(range.slice(0, -1)), unit };
}
