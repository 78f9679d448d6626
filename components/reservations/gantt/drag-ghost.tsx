"use client";
import { Ban, Coins } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { lengthWords, rangeWords } from "../time-words";
import { gpusWords } from "../words";
import type { DragKind } from "./drag-rules";
import { type DragStore, useDragged } from "./drag-store";
import { type Scale, xOf } from "./time-scale";

type GhostProps = { store: DragStore; scale: Scale; rowHeight: number };
type TagProps = { store: DragStore; zone: string; poolName: (id: string) => string };

const WORDS: Record<DragKind, string> = {
  create: "Book",
  move: "Move to",
  start: "Start at",
  end: "End at",
  release: "Give back",
};

/** Where what is dragged would go, drawn over the rows. */
export function DragGhost({ store, scale, rowHeight }: GhostProps) {
  const dragged = useDragged(store);
  if (dragged === null) return null;
  const { draft, verdict } = dragged;
  return (
    <div
      aria-hidden="true"
      data-testid="gantt-ghost"
      className="pointer-events-none absolute inset-y-0 z-5"
      style={{ left: "var(--column)" }}
    >
      {runsOf(draft.rows).map(({ first, count }) => (
        <div
          key={first}
          className={cn(
            "absolute top-0 left-0 rounded-sm border-2",
            verdict.problem === null ? "border-accent bg-accent/20" : "border-danger border-dashed bg-danger/15",
          )}
          style={{
            transform: `translate(${xOf(scale, draft.from)}px, ${first * rowHeight}px)`,
            width: Math.max((draft.to - draft.from) * scale.pxPerMs, 2),
            height: count * rowHeight - 1,
          }}
        />
      ))}
    </div>
  );
}

/** What it would be, beside the pointer: when, how many, what it costs and whether it can be. */
export function DragTag({ store, zone, poolName }: TagProps) {
  const dragged = useDragged(store);
  if (dragged === null) return null;
  const { draft, verdict, pointer } = dragged;
  const x = pointer.x > window.innerWidth - 300 ? pointer.x - 290 : pointer.x + 14;
  return (
    <div
      aria-hidden="true"
      data-testid="gantt-tag"
      className="pointer-events-none fixed top-0 left-0 z-50 w-max max-w-72 rounded-md bg-surface-raised px-2.5 py-1.5 text-xs shadow-pop"
      style={{ transform: `translate(${x}px, ${Math.min(pointer.y + 16, window.innerHeight - 96)}px)` }}
    >
      <p className="font-medium text-ink">
        {WORDS[draft.kind]} {gpusWords(draft.gpuCount)}, {poolName(draft.poolId)}
      </p>
      <p className="text-ink-muted tabular-nums">
        {rangeWords(draft.from, draft.to, zone)} · {lengthWords(draft.to - draft.from)}
      </p>
      {verdict.price === null ? null : (
        <p className="flex items-center gap-1 text-ink tabular-nums">
          <Coins aria-hidden="true" className="size-3" />
          {verdict.price}
        </p>
      )}
      {verdict.problem === null ? null : (
        <p className="flex items-start gap-1 text-danger">
          <Ban aria-hidden="true" className="mt-0.5 size-3 shrink-0" />
          {verdict.problem}
        </p>
      )}
    </div>
  );
}

/** Rows that follow each other, as one. */
function runsOf(rows: readonly number[]): { first: number; count: number }[] {
  const runs: { first: number; count: number }[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last.first + last.count === row) last.count += 1;
    else runs.push({ first: row, count: 1 });
  }
  return runs;
}
