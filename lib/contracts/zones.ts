/**
 * Time zones by their IANA names, over Intl and nothing else, so that browser and server answer alike.
 *
 * A moment is Unix milliseconds. A wall time is what a clock in the zone shows, as the milliseconds of
 * `Date.UTC(year, month, day, hour, minute, ...)`: it can be computed with like UTC, and has days of 24 hours only.
 */

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Offsets are looked up in blocks of this length, sampled every SAMPLE ms; a change in between is found by halving. */
const BLOCK = 16 * DAY;
const SAMPLE = 2 * DAY;

/** A change of the zone's offset, in minutes east of UTC: from `at` on it is `after`. */
export type ClockChange = { at: number; before: number; after: number };

/** What a wall time means in a zone. */
export type Instant =
  | { kind: "exact"; at: number }
  /** The clock shows it twice: `at` is the first time, `later` the second. */
  | { kind: "ambiguous"; at: number; later: number }
  /** The clock skips it: `at` is as much later as the clock was put forward, `change` the moment of the change. */
  | { kind: "nonexistent"; at: number; change: number };

type Step = { from: number; offset: number };
type Zone = { format: Intl.DateTimeFormat; blocks: Map<number, Step[]> };

const zones = new Map<string, Zone>();

/** Whether it names a zone of the IANA database (or UTC). A bare offset such as `+01:00` is none. */
export function isZone(name: string): boolean {
  return zoneOf(name) !== null;
}

/** Every zone that this browser or server knows, UTC first, then by name. */
export function zoneNames(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")];
}

/**
 * Minutes east of UTC at a moment. Whole minutes for every moment since 1972.
 * @throws RangeError for a name that is no zone
 */
export function offsetAt(zone: string, ms: number): number {
  return offsetMs(zone, ms) / MINUTE;
}

/** The wall time at a moment. @throws RangeError for a name that is no zone */
export function wallOf(zone: string, ms: number): number {
  return ms + offsetMs(zone, ms);
}

/**
 * The moment at which a clock in the zone shows the wall time. Nonexistent ones, when clocks go forward, are pushed
 * forward by the gap; of ambiguous ones, when clocks go back, `at` is the first: as Temporal's "compatible".
 * @throws RangeError for a name that is no zone
 */
export function instantOf(zone: string, wall: number): Instant {
  // No offset exceeds a day, so the offsets a day before and after are those on both sides of any change nearby.
  const before = offsetMs(zone, wall - DAY);
  const after = offsetMs(zone, wall + DAY);
  // Nearly always, and a calendar asks for thousands.
  if (before === after && offsetMs(zone, wall - before) === before) return { kind: "exact", at: wall - before };
  const early = wall - Math.max(before, after);
  const late = wall - Math.min(before, after);
  const fits = [...new Set([early, late])].filter((at) => at + offsetMs(zone, at) === wall);
  const [at, later] = fits;
  if (at !== undefined && later !== undefined) return { kind: "ambiguous", at, later };
  if (at !== undefined) return { kind: "exact", at };
  return fromNearby(zone, wall);
}

/** Changes of the clock with from <= at < to, in order. @throws RangeError for a name that is no zone */
export function clockChanges(zone: string, from: number, to: number): ClockChange[] {
  const changes: ClockChange[] = [];
  for (let block = Math.floor(from / BLOCK); block * BLOCK < to; block += 1) {
    let before = offsetMs(zone, block * BLOCK - 1);
    for (const step of stepsOf(zone, block)) {
      if (step.offset !== before && step.from >= from && step.from < to) {
        changes.push({ at: step.from, before: before / MINUTE, after: step.offset / MINUTE });
      }
      before = step.offset;
    }
  }
  return changes;
}

/** The first moment of the day, by the zone's calendar, that `ms` lies in: not always at 00:00. */
export function startOfDay(zone: string, ms: number): number {
  return startOfWallDay(zone, wallOf(zone, ms));
}

/** The first moment of the day so many days later (or, negative, earlier) by the zone's calendar. */
export function addDays(zone: string, ms: number, days: number): number {
  return startOfWallDay(zone, wallOf(zone, ms) + days * DAY);
}

/** Midnight of the wall time's day as a moment; where the clock skips midnight, the moment it skips to. */
export function startOfWallDay(zone: string, wall: number): number {
  const instant = instantOf(zone, Math.floor(wall / DAY) * DAY);
  return instant.kind === "nonexistent" ? instant.change : instant.at;
}

/** Several changes within two days of each other, or a wall time that does not exist. */
function fromNearby(zone: string, wall: number): Instant {
  const changes = clockChanges(zone, wall - 2 * DAY, wall + 2 * DAY);
  const first = changes[0];
  if (first === undefined) throw new RangeError(`${zone} has no moment for the wall time ${wall}.`);
  const fits: number[] = [];
  for (const offset of new Set([first.before, ...changes.map(({ after }) => after)])) {
    const at = wall - offset * MINUTE;
    if (wallOf(zone, at) === wall) fits.push(at);
  }
  const [at, later] = fits.sort((a, b) => a - b);
  if (at !== undefined && later !== undefined) return { kind: "ambiguous", at, later };
  if (at !== undefined) return { kind: "exact", at };
  const gap = changes.find(
    ({ at: change, before, after }) => wall >= change + before * MINUTE && wall < change + after * MINUTE,
  );
  const { at: change, before } = gap ?? first;
  return { kind: "nonexistent", at: wall - before * MINUTE, change };
}

/** The stretch without a change that was asked for last: a calendar asks for the same one many thousand times. */
let last = { zone: "", from: 0, to: 0, offset: 0 };

function offsetMs(zone: string, ms: number): number {
  if (zone === last.zone && ms >= last.from && ms < last.to) return last.offset;
  const block = Math.floor(ms / BLOCK);
  const steps = stepsOf(zone, block);
  const index = steps.findLastIndex(({ from }) => from <= ms);
  const { from = ms, offset = 0 } = steps[index] ?? {};
  last = {
    zone,
    offset,
    ...stretchAround(zone, block, { from, to: steps[index + 1]?.from ?? (block + 1) * BLOCK, offset }),
  };
  return offset;
}

/** How far a stretch of one offset reaches beyond its block, as far as the blocks beside it have been read. */
function stretchAround(name: string, block: number, { from, to, offset }: Step & { to: number }) {
  const blocks = zoneOf(name)?.blocks;
  for (let next = block + 1; to === next * BLOCK; next += 1) {
    const [first, second] = blocks?.get(next) ?? [];
    if (first?.offset !== offset) break;
    to = second?.from ?? (next + 1) * BLOCK;
  }
  for (let before = block - 1; from === (before + 1) * BLOCK; before -= 1) {
    const step = blocks?.get(before)?.at(-1);
    if (step?.offset !== offset) break;
    from = step.from;
  }
  return { from, to };
}

/** The offsets within a block, in order; the first from its start. */
function stepsOf(name: string, block: number): Step[] {
  const zone = zoneOf(name);
  if (zone === null) throw new RangeError(`There is no time zone ${name}.`);
  const held = zone.blocks.get(block);
  if (held) return held;
  const start = block * BLOCK;
  let offset = readOffset(zone, start);
  const steps: Step[] = [{ from: start, offset }];
  for (let from = start; from < start + BLOCK; from += SAMPLE) {
    const to = Math.min(from + SAMPLE, start + BLOCK);
    const next = readOffset(zone, to);
    if (next === offset) continue;
    const at = findChange(zone, from, to, offset);
    // A change at the very end belongs to the next block.
    if (at < start + BLOCK) steps.push({ from: at, offset: readOffset(zone, at) });
    offset = next;
  }
  zone.blocks.set(block, steps);
  return steps;
}

/** The first second at which the offset is another than it was at `from`; one lies between. */
function findChange(zone: Zone, from: number, to: number, offset: number): number {
  let same = from;
  let other = to;
  while (other - same > 1000) {
    const middle = same + Math.floor((other - same) / 2000) * 1000;
    if (readOffset(zone, middle) === offset) same = middle;
    else other = middle;
  }
  return other;
}

/** By Intl, in ms. */
function readOffset({ format }: Zone, ms: number): number {
  const second = Math.floor(ms / 1000) * 1000;
  const fields: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(second)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = fields;
  return Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
}

function zoneOf(name: string): Zone | null {
  const held = zones.get(name);
  if (held !== undefined) return held;
  const zone = openZone(name);
  // Names come from users: what is no zone is not kept, or the map would grow without end.
  if (zone) zones.set(name, zone);
  return zone;
}

function openZone(name: string): Zone | null {
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    return { format, blocks: new Map() };
  } catch {
    return null;
  }
}
