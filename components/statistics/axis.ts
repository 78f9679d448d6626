import { formatDuration, formatNumber } from "@/components/ui/format";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between two marks of the time axis that people count in, in ms. */
const STEPS = [
  ...[5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 4, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 7, 14].map((days) => days * DAY),
];

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export type Tick = { index: number; label: string };

/**
 * The buckets at which a mark stands, at whole hours or days of the reader: `14:00`, `21 Nov`.
 * @param starts Unix ms, evenly spaced
 * @param offsetAt minutes east of UTC at a moment
 * @param most how many marks there is room for
 */
export function timeTicks(starts: readonly number[], most: number, offsetAt: (ms: number) => number): Tick[] {
  const [first = 0, second = first + HOUR] = starts;
  const length = starts.length * (second - first);
  const step = STEPS.find((candidate) => length / candidate <= most) ?? 14 * DAY;
  const local = (ms: number) => ms + offsetAt(ms) * MINUTE;
  return starts.flatMap((start, index) => {
    const before = starts[index - 1];
    if (before === undefined) return [];
    // With an offset of half an hour no bucket begins at midnight: the mark stands at the first one after it.
    const boundary = Math.floor(local(start) / step) * step;
    return boundary > local(before) ? [{ index, label: label(boundary, step) }] : [];
  });
}

/** A bucket in words: `21 Nov, 14:00–14:15`, in the reader's zone. */
export function bucketWords(start: number, lengthMs: number, offsetAt: (ms: number) => number): string {
  const from = new Date(start + offsetAt(start) * MINUTE);
  const to = new Date(start + lengthMs + offsetAt(start + lengthMs) * MINUTE);
  if (lengthMs >= DAY) return day(from);
  const end = day(from) === day(to) || clock(to) === "00:00" ? clock(to) : `${day(to)}, ${clock(to)}`;
  return `${day(from)}, ${clock(from)}–${end}`;
}

/** `15 min`, `1 h`, `8 h`, `1 day`. */
export function bucketLength(ms: number): string {
  return ms === DAY ? "1 day" : formatDuration(ms);
}

/** A time in little room: `<1 ms`, `340 ms`, `1.2 s`. */
export function shortDuration(ms: number): string {
  return ms > 0 && ms < 1 ? "<1 ms" : formatDuration(ms);
}

/** The same for the marks of an axis, in one unit: `500 ms`, `100 s`, `20 min`. */
export function axisDuration(ms: number): string {
  if (ms < 1000) return `${formatNumber(ms)} ms`;
  return ms < 600_000 ? `${formatNumber(ms / 1000)} s` : `${formatNumber(ms / MINUTE)} min`;
}

/** The lowest end of the axis of shares: as near to 100 % as shows all values, but never so near that noise looks big. */
export function shareFloor(shares: readonly number[]): number {
  const lowest = Math.min(1, ...shares);
  return [0.9, 0.5].find((floor) => lowest >= floor) ?? 0;
}

export type DurationScale = { log: boolean; domain: [number, number]; ticks: number[] };

/** From this ratio on, small times would lie flat on the ground of a linear axis. */
const LOG_FROM_RATIO = 20;

/** The axis of times, in ms: logarithmic when they are of different magnitudes. */
export function durationScale(values: readonly number[]): DurationScale {
  const highest = Math.max(1, ...values);
  const lowest = Math.max(1, Math.min(highest, ...values));
  if (highest / lowest < LOG_FROM_RATIO) {
    const step = niceStep(highest / 4);
    const count = Math.ceil(highest / step);
    return {
      log: false,
      domain: [0, count * step],
      ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
    };
  }
  const domain: [number, number] = [roundTo(lowest, "down"), roundTo(highest, "up")];
  const powers = Array.from({ length: 10 }, (_, power) => 10 ** power);
  return { log: true, domain, ticks: powers.filter((power) => power >= domain[0] && power <= domain[1]) };
}

/** Whole numbers for an axis of counts that begins at 0. */
export function countTicks(highest: number): number[] {
  const step = Math.max(1, niceStep(highest / 4));
  const count = Math.max(1, Math.ceil(highest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** The next 1, 2 or 5 times a power of ten. */
function roundTo(value: number, direction: "up" | "down"): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((factor) => factor * magnitude);
  const found = direction === "up" ? steps.find((step) => step >= value) : steps.findLast((step) => step <= value);
  return found ?? magnitude;
}

function niceStep(rough: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-9)));
  return ([1, 2, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude;
}

function label(localMs: number, step: number): string {
  const at = new Date(localMs);
  return step >= DAY || localMs % DAY === 0 ? day(at) : clock(at);
}

function day(at: Date): string {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ""}`;
}

function clock(at: Date): string {
  return at.toISOString().slice(11, 16);
}
