import type { GanttModel, PlacedBar } from "./bar-layout";
import { type GanttRow, parentOf } from "./row-tree";

/**
 * Where the keyboard is: on a bar, or on the head of a row. `time` remembers where on the time axis it moves up and
 * down, so that rows without bars do not make it lose its place.
 */
export type GanttFocus = { rowKey: string; barKey: string | null; time: number | null };

export type Move =
  | "left"
  | "right"
  | "up"
  | "down"
  | "row-start"
  | "row-end"
  | "first-row"
  | "last-row"
  | "page-up"
  | "page-down";

/** The moves by the key's name; with Ctrl the ends of the whole gantt. */
export function moveOf(key: string, ctrl: boolean): Move | null {
  const plain: Record<string, Move> = {
    ArrowLeft: "left",
    ArrowRight: "right",
    ArrowUp: "up",
    ArrowDown: "down",
    PageUp: "page-up",
    PageDown: "page-down",
  };
  if (key === "Home") return ctrl ? "first-row" : "row-start";
  if (key === "End") return ctrl ? "last-row" : "row-end";
  return ctrl ? null : (plain[key] ?? null);
}

/** What a move leads to: another place, or a row to fold up or unfold; null where there is no further. */
export type Step = { focus: GanttFocus } | { fold: string; isOpen: boolean };

const PAGE = 10;

/** @param focus may name a row or a bar that is no longer there: the first row is then where the move begins */
export function stepFrom(rows: readonly GanttRow[], model: GanttModel, focus: GanttFocus, move: Move): Step | null {
  const index = Math.max(
    rows.findIndex(({ key }) => key === focus.rowKey),
    0,
  );
  const row = rows[index];
  if (row === undefined) return null;
  const bars = barsOf(model, row);
  const at = focus.barKey === null ? -1 : bars.findIndex(({ key }) => key === focus.barKey);
  switch (move) {
    case "right":
      if (at < 0 && row.kind !== "unit" && !row.isOpen) return { fold: row.key, isOpen: true };
      if (at < 0 && row.kind !== "unit") return toRow(rows, model, index + 1, null);
      return onBar(row, bars[at + 1]);
    case "left":
      if (at > 0) return onBar(row, bars[at - 1]);
      if (at === 0) return onHead(row, null);
      if (row.kind !== "unit" && row.isOpen) return { fold: row.key, isOpen: false };
      return toParent(rows, row);
    case "row-start":
      return onHead(row, null);
    case "row-end":
      return onBar(row, bars.at(-1));
    case "up":
      return toRow(rows, model, index - 1, focus.time);
    case "down":
      return toRow(rows, model, index + 1, focus.time);
    case "first-row":
      return toRow(rows, model, 0, focus.time);
    case "last-row":
      return toRow(rows, model, rows.length - 1, focus.time);
    case "page-up":
      return index === 0 ? null : toRow(rows, model, Math.max(index - PAGE, 0), focus.time);
    case "page-down":
      return index === rows.length - 1 ? null : toRow(rows, model, Math.min(index + PAGE, rows.length - 1), focus.time);
  }
}

/** The bars of a row, by time; only GPUs have any. */
export function barsOf(model: GanttModel, row: GanttRow): readonly PlacedBar[] {
  return row.kind === "unit" ? (model.byUnit.get(row.key) ?? []) : [];
}

function toRow(rows: readonly GanttRow[], model: GanttModel, index: number, time: number | null): Step | null {
  const row = rows[index];
  if (row === undefined) return null;
  if (time === null) return onHead(row, null);
  const nearest = barsOf(model, row).reduce<PlacedBar | undefined>(
    (best, bar) => (best && distance(best, time) <= distance(bar, time) ? best : bar),
    undefined,
  );
  if (!nearest) return onHead(row, time);
  return { focus: { rowKey: row.key, barKey: nearest.key, time } };
}

function toParent(rows: readonly GanttRow[], row: GanttRow): Step | null {
  const parent = rows.find(({ key }) => key === parentOf(row));
  return parent ? onHead(parent, null) : null;
}

function onHead(row: GanttRow, time: number | null): Step {
  return { focus: { rowKey: row.key, barKey: null, time } };
}

function onBar(row: GanttRow, bar: PlacedBar | undefined): Step | null {
  return bar ? { focus: { rowKey: row.key, barKey: bar.key, time: (bar.from + bar.to) / 2 } } : null;
}

/** 0 within the bar. */
function distance({ from, to }: PlacedBar, time: number): number {
  return time < from ? from - time : time >= to ? time - to : 0;
}
