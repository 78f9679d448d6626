import { addDays, startOfDay } from "@/lib/contracts/zones";

/**
 * The scale of the gantt: real time along x, the same width for every minute, so that a day of 23 or 25 hours is as much
 * narrower or wider. Times are Unix milliseconds, lengths px.
 */
export type Scale = { from: number; to: number; pxPerMs: number };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How much time is in sight at once. */
export const ZOOMS = [
  { value: "6h", label: "6 h", words: "6 hours in sight", ms: 6 * HOUR },
  { value: "1d", label: "1 d", words: "1 day in sight", ms: DAY },
  { value: "1w", label: "1 w", words: "1 week in sight", ms: 7 * DAY },
  { value: "1m", label: "1 m", words: "1 month in sight", ms: 30 * DAY },
] as const;

export type Zoom = (typeof ZOOMS)[number]["value"];

/** The least and the most that is in sight at once. */
export const SPAN_LIMITS = { least: 3 * HOUR, most: 42 * DAY } as const;

/** Days before and after the day in question that are loaded and can be reached by scrolling: room on both sides of the widest zoom. */
export const DAYS_BEFORE = 31;
export const DAYS_AFTER = 32;

/** What the gantt shows around a moment: whole days of the zone, 63 of them. */
export function ganttRange(zone: string, around: number): { from: number; to: number } {
  const day = startOfDay(zone, around);
  return { from: addDays(zone, day, -DAYS_BEFORE), to: addDays(zone, day, DAYS_AFTER) };
}

export function scaleOf(range: { from: number; to: number }, span: number, width: number): Scale {
  return { from: range.from, to: range.to, pxPerMs: Math.max(width, 1) / span };
}

export function xOf(scale: Scale, at: number): number {
  return (at - scale.from) * scale.pxPerMs;
}

export function timeAt(scale: Scale, x: number): number {
  return scale.from + x / scale.pxPerMs;
}

export function widthOf(scale: Scale): number {
  return (scale.to - scale.from) * scale.pxPerMs;
}

export function clampSpan(span: number): number {
  return Math.min(Math.max(span, SPAN_LIMITS.least), SPAN_LIMITS.most);
}

/** The scroll position at which the time stands so many px from the left edge of what is in sight. */
export function scrollFor(scale: Scale, at: number, offset: number): number {
  return xOf(scale, at) - offset;
}

/** The preset that the span is, or null between presets. */
export function zoomOf(span: number): Zoom | null {
  return ZOOMS.find(({ ms }) => Math.abs(ms - span) < 1000)?.value ?? null;
}

/** The next preset in a direction: 1 shows less time (nearer), -1 more. */
export function nextZoom(span: number, direction: 1 | -1): number {
  const spans = ZOOMS.map(({ ms }) => ms);
  const next = direction === 1 ? spans.findLast((ms) => ms < span - 1000) : spans.find((ms) => ms > span + 1000);
  return next ?? span;
}

/** The nearest multiple of the step, counted from 00:00 UTC: the grid of a pool. */
export function snap(at: number, stepMs: number): number {
  return Math.round(at / stepMs) * stepMs;
}
