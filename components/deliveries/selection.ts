import type { DeliveryFilter } from "@/store/delivery-mirror";

/** Everything that a filter means, loaded or not, as it was when it was chosen. */
export type Matching = { filter: DeliveryFilter; total: number; delivered: number };

/** Which rows are chosen. `anchor`: where a range begins; `matching`: instead of single rows, all that match. */
export type Selection = { ids: ReadonlySet<string>; anchor: string | null; matching: Matching | null };

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: null, matching: null };

/** Chooses a row, or lets it go. Out of "all that match" a single row cannot be taken: the choice begins anew. */
export function toggled(selection: Selection, id: string): Selection {
  if (selection.matching !== null) return { ids: new Set([id]), anchor: id, matching: null };
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id, matching: null };
}

/** Adds the rows from the anchor to this one, in whichever direction; without an anchor among the rows this one alone. */
export function extended(selection: Selection, rows: readonly string[], id: string): Selection {
  const start = selection.anchor === null ? -1 : rows.indexOf(selection.anchor);
  const end = rows.indexOf(id);
  if (start === -1 || end === -1 || selection.matching !== null) return toggled(selection, id);
  const range = rows.slice(Math.min(start, end), Math.max(start, end) + 1);
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor, matching: null };
}

/** What the head's box shows: all rows, some of them, or none. */
export function headState(selection: Selection, rows: readonly string[]): boolean | "indeterminate" {
  if (selection.matching !== null) return true;
  if (selection.ids.size === 0 || rows.length === 0) return false;
  return rows.every((id) => selection.ids.has(id)) ? true : "indeterminate";
}

/** What pressing that box does: chooses all loaded rows, or lets all go. */
export function toggledAll(selection: Selection, rows: readonly string[]): Selection {
  return headState(selection, rows) === true
    ? NOTHING_SELECTED
    : { ids: new Set(rows), anchor: rows[0] ?? null, matching: null };
}

export function isSelected(selection: Selection, id: string): boolean {
  return selection.matching !== null || selection.ids.has(id);
}

/** How many are chosen. */
export function sizeOf(selection: Selection): number {
  return selection.matching?.total ?? selection.ids.size;
}
