import type { Bar } from "@/lib/contracts/calendar";

/** A bar on the row of one GPU. `group` is the same on every row of one reservation. */
export type PlacedBar = { key: string; group: string; bar: Bar; unitId: string; from: number; to: number };

export type GanttModel = {
  /** By start, without overlap: no GPU is booked twice. */
  byUnit: ReadonlyMap<string, readonly PlacedBar[]>;
  byPool: ReadonlyMap<string, readonly Bar[]>;
  /** The parts of each of the project's own reservations. */
  parts: ReadonlyMap<string, readonly Bar[]>;
};

/** How many GPUs are taken: `busy[i]` from `at[i]` until `at[i + 1]`; none before the first. */
export type Occupancy = { at: number[]; busy: number[] };

/** Puts the bars on the rows of their GPUs. */
export function modelOf(bars: readonly Bar[]): GanttModel {
  const byUnit = new Map<string, PlacedBar[]>();
  const byPool = new Map<string, Bar[]>();
  const parts = new Map<string, Bar[]>();
  for (const bar of bars) {
    push(byPool, bar.pool_id, bar);
    if (bar.reservation_id !== null) push(parts, bar.reservation_id, bar);
    const [from, to] = [Date.parse(bar.starts_at), Date.parse(bar.ends_at)];
    const group = bar.reservation_id ?? bar.id;
    for (const unitId of bar.units) {
      push(byUnit, unitId, { key: `${bar.id}/${unitId}`, group, bar, unitId, from, to });
    }
  }
  for (const placed of byUnit.values()) placed.sort((a, b) => a.from - b.from);
  return { byUnit, byPool, parts };
}

/** Those that touch [from, to), by halving: rows may hold many. */
export function barsBetween(bars: readonly PlacedBar[], from: number, to: number): readonly PlacedBar[] {
  return bars.slice(firstEndingAfter(bars, from), firstStartingFrom(bars, to));
}

/** How many of these GPUs are taken over time. */
export function occupancyOf(model: GanttModel, units: readonly string[]): Occupancy {
  const changes = new Map<number, number>();
  for (const unit of units) {
    for (const { from, to } of model.byUnit.get(unit) ?? []) {
      change(changes, from, 1);
      change(changes, to, -1);
    }
  }
  return accumulate(changes);
}

/** The same for a whole pool, whether or not its nodes are known. */
export function poolOccupancy(model: GanttModel, poolId: string): Occupancy {
  const changes = new Map<number, number>();
  for (const bar of model.byPool.get(poolId) ?? []) {
    change(changes, Date.parse(bar.starts_at), bar.units.length);
    change(changes, Date.parse(bar.ends_at), -bar.units.length);
  }
  return accumulate(changes);
}

export function busyAt({ at, busy }: Occupancy, time: number): number {
  return busy[lastAtOrBefore(at, time)] ?? 0;
}

/** The steps that touch [from, to), cut to it; those narrower than `least` ms are joined, at the highest of them. */
export function occupancySteps(
  { at, busy }: Occupancy,
  from: number,
  to: number,
  least: number,
): { from: number; to: number; busy: number }[] {
  const steps: { from: number; to: number; busy: number }[] = [];
  for (let i = Math.max(lastAtOrBefore(at, from), 0); i < at.length && (at[i] ?? to) < to; i += 1) {
    const step = { from: Math.max(at[i] ?? from, from), to: Math.min(at[i + 1] ?? to, to), busy: busy[i] ?? 0 };
    if (step.to <= step.from) continue;
    const last = steps.at(-1);
    if (last && last.to - last.from < least) {
      last.to = step.to;
      last.busy = Math.max(last.busy, step.busy);
    } else if (last && last.busy === step.busy) last.to = step.to;
    else steps.push(step);
  }
  return steps;
}

function firstEndingAfter(bars: readonly PlacedBar[], time: number): number {
  return halve(bars.length, (i) => (bars[i]?.to ?? 0) > time);
}

function firstStartingFrom(bars: readonly PlacedBar[], time: number): number {
  return halve(bars.length, (i) => (bars[i]?.from ?? 0) >= time);
}

/** -1 before the first. */
function lastAtOrBefore(at: readonly number[], time: number): number {
  return halve(at.length, (i) => (at[i] ?? 0) > time) - 1;
}

/** The first index at which a condition holds that, once it holds, holds for all that follow. */
function halve(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function accumulate(changes: ReadonlyMap<number, number>): Occupancy {
  const at = [...changes.keys()].sort((a, b) => a - b);
  let sum = 0;
  return {
    at,
    busy: at.map((time) => {
      sum += changes.get(time) ?? 0;
      return sum;
    }),
  };
}

function change(changes: Map<number, number>, at: number, by: number): void {
  changes.set(at, (changes.get(at) ?? 0) + by);
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const held = map.get(key);
  if (held) held.push(value);
  else map.set(key, [value]);
}
