import type { DiffLine } from "@/lib/contracts/config-diff";

/** Unchanged lines that stay in sight around what changed. */
const CONTEXT = 3;
/** Fewer hidden lines than this are not worth a press. */
const LEAST_HIDDEN = 3;

export type Fold = { hidden: DiffLine[] };
export type Pair = { left: DiffLine | null; right: DiffLine | null };

export function isFold<T extends object>(row: T | Fold): row is Fold {
  return "hidden" in row;
}

/** Folds away unchanged lines that are far from any change; nothing is folded when nothing changed. */
export function foldLines(lines: readonly DiffLine[]): (DiffLine | Fold)[] {
  if (lines.every(({ kind }) => kind === "same")) return [...lines];
  const rows: (DiffLine | Fold)[] = [];
  for (let start = 0; start < lines.length; ) {
    const line = lines[start];
    if (line?.kind !== "same") {
      if (line) rows.push(line);
      start += 1;
      continue;
    }
    let end = start;
    while (lines[end]?.kind === "same") end += 1;
    const from = start === 0 ? 0 : start + CONTEXT;
    const to = end === lines.length ? end : end - CONTEXT;
    if (to - from < LEAST_HIDDEN) rows.push(...lines.slice(start, end));
    else rows.push(...lines.slice(start, from), { hidden: lines.slice(from, to) }, ...lines.slice(to, end));
    start = end;
  }
  return rows;
}

/** The same side by side: a removed line stands beside the added one that took its place. */
export function pairLines(rows: readonly (DiffLine | Fold)[]): (Pair | Fold)[] {
  const pairs: (Pair | Fold)[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = () => {
    for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
      pairs.push({ left: removed[index] ?? null, right: added[index] ?? null });
    }
    removed = [];
    added = [];
  };
  for (const row of rows) {
    if (!isFold(row) && row.kind === "removed") {
      // A removal after an addition begins another block.
      if (added.length > 0) flush();
      removed.push(row);
    } else if (!isFold(row) && row.kind === "added") added.push(row);
    else {
      flush();
      pairs.push(isFold(row) ? row : { left: row, right: row });
    }
  }
  flush();
  return pairs;
}
