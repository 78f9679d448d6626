import type { Pool } from "@/lib/contracts/fleet";
import type { GanttModel, PlacedBar } from "./bar-layout";
import type { GanttRow } from "./row-tree";
import { snap } from "./time-scale";

/**
 * What the pointer does with the gantt: book free time, move a booking, put off its start or end, or mark a part of it
 * to give back. Pure; times are Unix milliseconds, rows are indices.
 */
export type DragKind = "create" | "move" | "start" | "end" | "release";
export type Place = { time: number; row: number };
export type Drag = { kind: DragKind; origin: Place; bar: PlacedBar | null };

/** What it comes to if it is dropped here. `rows` are those to draw it on. */
export type Draft = {
  kind: DragKind;
  poolId: string;
  reservationId: string | null;
  from: number;
  to: number;
  gpuCount: number;
  rows: number[];
};

const MINUTE = 60_000;
/** Next to an edge of a bar, in px, the edge is taken rather than the bar; of narrow bars, a third of the width. */
const EDGE = 7;

/** What pressing a bar at `x` px of its width begins. `mayEnd` without `mayStart`: it has begun. */
export function kindAt(x: number, width: number, isMarking: boolean, mayStart: boolean): DragKind {
  if (isMarking) return "release";
  const edge = Math.min(EDGE, width / 3);
  if (x >= width - edge) return "end";
  // What has begun keeps its start, so it cannot be moved either.
  if (!mayStart) return "end";
  return x <= edge ? "start" : "move";
}

/** Null where nothing would come of it: no row, or a row of another kind. */
export function draftOf(
  { kind, origin, bar }: Drag,
  at: Place,
  rows: readonly GanttRow[],
  model: GanttModel,
  pools: ReadonlyMap<string, Pool>,
): Draft | null {
  if (kind === "create" || bar === null) return createDraft(origin, at, rows, pools);
  const own = rowsOfGroup(rows, model, bar);
  const step = stepOf(pools, bar.bar.pool_id);
  const base = {
    kind,
    poolId: bar.bar.pool_id,
    reservationId: bar.bar.reservation_id,
    from: bar.from,
    to: bar.to,
    gpuCount: bar.bar.gpu_count,
    rows: own,
  };
  switch (kind) {
    case "start":
      return { ...base, from: Math.min(snap(at.time, step), snap(bar.to, step) - step) };
    case "end":
      return { ...base, to: Math.max(snap(at.time, step), snap(bar.from, step) + step) };
    case "release":
      return releaseDraft(base, origin, at, bar, step);
    case "move":
      return moveDraft(base, origin, at, rows, pools);
  }
}

function createDraft(
  origin: Place,
  at: Place,
  rows: readonly GanttRow[],
  pools: ReadonlyMap<string, Pool>,
): Draft | null {
  const first = rows[origin.row];
  if (first?.kind !== "unit") return null;
  const step = stepOf(pools, first.poolId);
  const from = Math.floor(Math.min(origin.time, at.time) / step) * step;
  const to = Math.max(Math.ceil(Math.max(origin.time, at.time) / step) * step, from + step);
  const units = unitRows(rows, first.poolId, origin.row, at.row);
  return { kind: "create", poolId: first.poolId, reservationId: null, from, to, gpuCount: units.length, rows: units };
}

/** Stays within the booking, and within the rows that it has. */
function releaseDraft(base: Draft, origin: Place, at: Place, bar: PlacedBar, step: number): Draft {
  const clamp = (time: number) => Math.min(Math.max(time, bar.from), bar.to);
  const from = clamp(Math.floor(Math.min(origin.time, at.time) / step) * step);
  const to = clamp(Math.max(Math.ceil(Math.max(origin.time, at.time) / step) * step, from + step));
  const [top, bottom] = [Math.min(origin.row, at.row), Math.max(origin.row, at.row)];
  const rows = base.rows.filter((row) => row >= top && row <= bottom);
  return { ...base, from: from === to ? to - step : from, to, rows, gpuCount: Math.max(rows.length, 1) };
}

/** Along time by whole steps of the grid; on the rows of another pool also to that pool. */
function moveDraft(
  base: Draft,
  origin: Place,
  at: Place,
  rows: readonly GanttRow[],
  pools: ReadonlyMap<string, Pool>,
): Draft {
  const target = rows[at.row];
  const poolId = target?.poolId ?? base.poolId;
  const step = stepOf(pools, poolId);
  const from = snap(base.from + at.time - origin.time, step);
  const moved = { ...base, poolId, from, to: from + base.to - base.from };
  if (poolId === base.poolId) return moved;
  const first = target?.kind === "unit" ? at.row : rows.findIndex((row) => row.poolId === poolId);
  return { ...moved, rows: unitRows(rows, poolId, first, rows.length).slice(0, base.gpuCount) };
}

/** Whether dropping it would change anything. */
export function isChange({ kind, poolId, from, to }: Draft, bar: PlacedBar | null): boolean {
  if (kind === "create" || kind === "release" || bar === null) return true;
  return poolId !== bar.bar.pool_id || from !== bar.from || to !== bar.to;
}

/** The rows in sight that the reservation is on. */
function rowsOfGroup(rows: readonly GanttRow[], model: GanttModel, { group, from, to }: PlacedBar): number[] {
  return rows.flatMap((row, index) => {
    if (row.kind !== "unit") return [];
    const bars = model.byUnit.get(row.key) ?? [];
    return bars.some((bar) => bar.group === group && bar.from < to && bar.to > from) ? [index] : [];
  });
}

/** The GPUs of a pool between two rows, both included, in either order. */
function unitRows(rows: readonly GanttRow[], poolId: string, one: number, other: number): number[] {
  const [top, bottom] = [Math.max(Math.min(one, other), 0), Math.min(Math.max(one, other), rows.length - 1)];
  const found: number[] = [];
  for (let index = top; index <= bottom; index += 1) {
    const row = rows[index];
    if (row?.kind === "unit" && row.poolId === poolId) found.push(index);
  }
  return found;
}

function stepOf(pools: ReadonlyMap<string, Pool>, poolId: string): number {
  return (pools.get(poolId)?.granularity_minutes ?? 60) * MINUTE;
}
