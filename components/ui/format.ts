/**
 * Words for numbers and times. All pure: the same on the server and in every browser, so that what is rendered first
 * does not change on hydration. Times are Unix milliseconds.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A moment as it arrives: ISO 8601 text, Unix milliseconds or a Date. */
export type Moment = string | number | Date;

/** Unix milliseconds of a moment, NaN when it is not one. */
export function toMs(moment: Moment): number {
  return new Date(moment).getTime();
}

/** A length of time in two units at most: `340 ms`, `1.2 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms < 0) return `-${formatDuration(-ms)}`;
  const whole = Math.round(ms);
  if (whole < SECOND) return `${whole} ms`;
  const tenths = Math.round(whole / 100);
  if (tenths < 600) return tenths % 10 === 0 ? `${tenths / 10} s` : `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(whole / SECOND);
  if (seconds < 3600) return pair(seconds, 60, "min", "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(minutes, 60, "h", "min");
  return pair(Math.round(minutes / 60), 24, "d", "h");
}

/** A size with binary units: `512 B`, `1.5 KiB`, `64 KiB`, `2.3 MiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  // 1023.95 would be shown as 1024.0 of the smaller unit.
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : trimZero(value.toFixed(1))} ${units[unit] ?? ""}`;
}

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A number with thousands separated: `12,480`. */
export function formatNumber(value: number | bigint): string {
  return grouped.format(value);
}

/** A number in little room: `12.5K`. */
export function formatCompact(value: number): string {
  return compact.format(value);
}

/** A share of 1 as per cent. Never says 100 % of what is not whole, nor 0 % of what is not nothing. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  if (share === 0 || share === 1) return `${share * 100}%`;
  const percent = share * 100;
  if (share > 0 && share < 0.0001) return "<0.01%";
  if (percent > 99 && percent < 100) return `${trimZeros((Math.floor(percent * 100) / 100).toFixed(2))}%`;
  return `${trimZeros(percent.toFixed(percent < 1 ? 2 : 1))}%`;
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** How far a moment lies from now: `just now`, `12 seconds ago`, `in 3 minutes`, `2 days ago`. */
export function formatRelative(ms: number, now: number): string {
  const difference = ms - now;
  const size = Math.abs(difference);
  if (!Number.isFinite(size)) return "–";
  if (size < SECOND) return difference > 0 ? "in a moment" : "just now";
  if (size < MINUTE) return relative.format(Math.trunc(difference / SECOND), "second");
  if (size < HOUR) return relative.format(Math.trunc(difference / MINUTE), "minute");
  if (size < DAY) return relative.format(Math.trunc(difference / HOUR), "hour");
  if (size < 60 * DAY) return relative.format(Math.trunc(difference / DAY), "day");
  if (size < 730 * DAY) return relative.format(Math.trunc(difference / (30.4375 * DAY)), "month");
  return relative.format(Math.trunc(difference / (365.25 * DAY)), "year");
}

/** `2026-11-21 14:03:07 UTC` */
export function formatUtc(ms: number): string {
  return Number.isFinite(ms) ? `${isoParts(ms)} UTC` : "–";
}

/** `2026-11-21 15:03:07 +01:00`, the offset in minutes east of UTC. */
export function formatAtOffset(ms: number, offsetMinutes: number): string {
  return Number.isFinite(ms) ? `${isoParts(ms + offsetMinutes * MINUTE)} ${formatOffset(offsetMinutes)}` : "–";
}

/** `+01:00`, from minutes east of UTC. */
export function formatOffset(offsetMinutes: number): string {
  const size = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Unix seconds, with the milliseconds as a fraction when there are any: `1795269787`, `1795269787.042`. */
export function formatUnix(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  return ms % SECOND === 0 ? String(ms / SECOND) : (ms / SECOND).toFixed(3);
}

export type ShortTimeOptions = {
  /** Minutes east of UTC in which to read the moment. */
  offsetMinutes: number;
  /** "auto" leaves the date out when it is today, and the year when it is this one; without `now` only the year. */
  date?: "auto" | "always" | "never" | undefined;
  now?: number | undefined;
};

/** A moment in little room, with seconds: `14:03:07`, `21 Nov 14:03:07`, `21 Nov 2025 14:03:07`. */
export function formatShortTime(ms: number, { offsetMinutes, date = "auto", now }: ShortTimeOptions): string {
  if (!Number.isFinite(ms)) return "–";
  const at = new Date(ms + offsetMinutes * MINUTE);
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  if (date === "never") return time;
  const today = now === undefined ? undefined : new Date(now + offsetMinutes * MINUTE);
  const sameYear = today === undefined || at.getUTCFullYear() === today.getUTCFullYear();
  if (date === "auto" && today !== undefined && sameDay(at, today)) return time;
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ""}`;
  return sameYear ? `${day} ${time}` : `${day} ${at.getUTCFullYear()} ${time}`;
}

/** Keeps both ends of a long id: `dlv_01k9…x4tq`. Texts that would not get shorter stay whole. */
export function truncateMiddle(text: string, head = 8, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(text.length - tail)}`;
}

function pair(total: number, base: number, large: string, small: string): string {
  const rest = total % base;
  const whole = `${Math.floor(total / base)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

function isoParts(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

function sameDay(a: Date, b: Date): boolean {
  return a.toISOString().slice(0, 10) === b.toISOString().slice(0, 10);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, "");
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+$/, "");
}
