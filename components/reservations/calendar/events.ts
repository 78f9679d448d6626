import type { Bar } from "@/lib/contracts/calendar";
import { instantOf, startOfDay, wallOf } from "@/lib/contracts/zones";
import { type Whose, whoseOf } from "./calendar-address";

/** A bar as the calendar draws it. `start` and `end` are the places on the grid; the true times are the bar's. */
export type CalendarEvent = { id: string; bar: Bar; start: Date; end: Date };

const HALF_HOUR = 1_800_000;
const DAY = 86_400_000;

/** The bars that pass the filters, as events of the calendar. */
export function eventsOf(
  bars: readonly Bar[],
  { zone, poolIds, whose }: { zone: string; poolIds: ReadonlySet<string> | null; whose: readonly Whose[] },
): CalendarEvent[] {
  const counts = new Map<string, number>();
  const events: CalendarEvent[] = [];
  for (const bar of bars) {
    if (poolIds !== null && !poolIds.has(bar.pool_id)) continue;
    if (!whose.includes(whoseOf(bar.kind))) continue;
    const count = counts.get(bar.id) ?? 0;
    counts.set(bar.id, count + 1);
    const [start, end] = [Date.parse(bar.starts_at), Date.parse(bar.ends_at)];
    // A booking of several parts has several bars of one id.
    events.push({ id: `${bar.id}.${count}`, bar, start: new Date(start), end: new Date(placeOfEnd(zone, start, end)) });
  }
  return events;
}

/**
 * Where a stretch ends on the grid. An end at midnight belongs to the day before, or the library would draw the next day
 * too. One that lies within the hour that the clock shows twice may end, by the clock, before it starts: it gets the
 * height of half an hour.
 */
export function placeOfEnd(zone: string, start: number, end: number): number {
  if (end <= start) return start;
  if (startOfDay(zone, end) === end) return end - 1;
  const [from, to] = [wallOf(zone, start), wallOf(zone, end)];
  const isOneDay = Math.floor(from / DAY) === Math.floor(to / DAY);
  if (!isOneDay || to - from >= Math.min(end - start, HALF_HOUR)) return end;
  const shown = instantOf(zone, from + HALF_HOUR);
  return shown.kind === "ambiguous" ? shown.later : shown.at;
}

/** How many bars of each kind there are, whatever the filter by kind says. */
export function countsByWhose(bars: readonly Bar[], poolIds: ReadonlySet<string> | null): Record<Whose, number> {
  const ids: Record<Whose, Set<string>> = {
    mine: new Set(),
    team: new Set(),
    others: new Set(),
    maintenance: new Set(),
  };
  for (const bar of bars) {
    if (poolIds === null || poolIds.has(bar.pool_id)) ids[whoseOf(bar.kind)].add(bar.id);
  }
  return { mine: ids.mine.size, team: ids.team.size, others: ids.others.size, maintenance: ids.maintenance.size };
}

/** What is booked on a day by others, where that is not drawn one by one. */
export type DayCount = { bookings: number; gpus: number };

/** Per day (the start of each, in order), how many bookings of others touch it. */
export function othersPerDay(
  bars: readonly Bar[],
  days: readonly number[],
  end: number,
  poolIds: ReadonlySet<string> | null,
): Map<number, DayCount> {
  const counts = days.map(() => ({ ids: new Set<string>(), gpus: 0 }));
  for (const bar of bars) {
    if (bar.kind !== "others" || (poolIds !== null && !poolIds.has(bar.pool_id))) continue;
    const [from, to] = [Date.parse(bar.starts_at), Date.parse(bar.ends_at)];
    for (let i = Math.max(0, lastAtOrBefore(days, from)); i < days.length && (days[i] ?? end) < to; i += 1) {
      const count = counts[i];
      if (count === undefined || (days[i + 1] ?? end) <= from) continue;
      count.ids.add(bar.id);
      count.gpus += bar.gpu_count;
    }
  }
  return new Map(days.map((day, i) => [day, { bookings: counts[i]?.ids.size ?? 0, gpus: counts[i]?.gpus ?? 0 }]));
}

function lastAtOrBefore(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Whether the reader may move it by dragging: a booking of the project, in one part, that has not ended. */
export function isMovable({ bar }: CalendarEvent, parts: ReadonlyMap<string, number>): boolean {
  if (bar.reservation_id === null || (parts.get(bar.reservation_id) ?? 0) !== 1) return false;
  return isOpenStatus(bar.status);
}

/** How many bars each reservation has in sight. */
export function partsPerReservation(bars: readonly Bar[]): Map<string, number> {
  const parts = new Map<string, number>();
  for (const { reservation_id: id } of bars) if (id !== null) parts.set(id, (parts.get(id) ?? 0) + 1);
  return parts;
}

/** Whether a booking still keeps GPUs, so that something about it can be changed. */
export function isOpenStatus(status: Bar["status"]): boolean {
  return status === "held" || status === "confirmed" || status === "active";
}
