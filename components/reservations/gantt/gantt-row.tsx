"use client";
import { ChevronDown, ChevronRight, Plus } from "lucide-react";
import { memo } from "react";
import { cn } from "@/components/ui/cn";
import { barsBetween, type GanttModel, type Occupancy } from "./bar-layout";
import { GanttBar } from "./gantt-bar";
import { OccupancyLane, occupancyWords } from "./occupancy-lane";
import { type GanttRow, levelOf } from "./row-tree";
import { type Scale, widthOf, xOf } from "./time-scale";

type Props = {
  row: GanttRow;
  index: number;
  top: number;
  height: number;
  model: GanttModel;
  occupancy: Occupancy | null;
  scale: Scale;
  zone: string;
  /** What is in sight, with some room on both sides. */
  from: number;
  to: number;
  /** The minute for which the column says how many are busy; null while the time is not loaded. */
  now: number | null;
  /** The key of the bar that Tab leads to, "" for the head of this row, null when it is in another row. */
  current: string | null;
  canBook: boolean;
  draggable: (reservationId: string | null) => boolean;
};

const INDENT = { 1: "pl-1.5 font-medium", 2: "pl-4", 3: "pl-10 text-ink-muted" } as const;

/** One row: its name, which stays, and its bars, or how busy it is where it contains others. */
export const GanttRowView = memo(function GanttRowView(props: Props) {
  const { row, index, top, height, scale } = props;
  const isFolded = row.kind !== "unit" && !row.isOpen;
  return (
    <div
      role="row"
      aria-level={levelOf(row)}
      aria-rowindex={index + 2}
      {...(row.kind === "unit" ? {} : { "aria-expanded": row.isOpen })}
      data-row={row.key}
      className={cn("absolute left-0 flex border-line border-b", row.kind === "unit" ? null : "bg-surface-sunken/60")}
      style={{ top, height, width: `calc(var(--column) + ${widthOf(scale)}px)` }}
    >
      <RowHead {...props} isFolded={isFolded} />
      <div role="gridcell" className="relative h-full min-w-0 flex-1" data-lane={index}>
        {row.kind === "unit" ? <Bars {...props} name={row.name} unitId={row.key} /> : <Lane {...props} row={row} />}
      </div>
    </div>
  );
});

function RowHead({ row, height, now, occupancy, current, canBook, isFolded }: Props & { isFolded: boolean }) {
  const busy =
    row.kind !== "unit" && occupancy !== null && now !== null ? occupancyWords(occupancy, row.total, now) : null;
  const Chevron = isFolded ? ChevronRight : ChevronDown;
  return (
    <div
      role="rowheader"
      tabIndex={current === "" ? 0 : -1}
      data-head={row.key}
      aria-label={headWords(row, busy)}
      className={cn(
        "group/head sticky left-0 z-10 flex shrink-0 cursor-default items-center gap-1 border-line-strong border-r bg-surface pr-1 text-xs focus-visible:outline-offset-[-2px]",
        INDENT[levelOf(row)],
        row.kind === "unit" ? (canBook ? "cursor-pointer" : null) : "cursor-pointer bg-surface-sunken",
      )}
      style={{ width: "var(--column)", height: height - 1 }}
    >
      {row.kind === "unit" ? null : <Chevron aria-hidden="true" className="size-3.5 shrink-0 text-ink-muted" />}
      <span className="min-w-0 truncate">{row.label}</span>
      {row.kind === "pool" && height >= 28 ? (
        <span className="min-w-0 flex-1 truncate text-ink-muted">{row.detail}</span>
      ) : (
        <span className="flex-1" />
      )}
      {busy === null ? null : <span className="shrink-0 text-[11px] text-ink-muted tabular-nums">{busy}</span>}
      {row.kind === "unit" && canBook ? (
        <Plus
          aria-hidden="true"
          className="size-3.5 shrink-0 opacity-0 group-hover/head:opacity-100 group-focus/head:opacity-100"
        />
      ) : null}
    </div>
  );
}

function headWords(row: GanttRow, busy: string | null): string {
  const now = busy === null ? "" : `, ${busy} now`;
  if (row.kind === "pool") return `Pool ${row.label}, ${row.detail}, ${row.total} GPUs${now}`;
  return row.kind === "node" ? `Node ${row.label}, ${row.total} GPUs${now}` : row.name;
}

function Lane({ row, occupancy, scale, from, to, height }: Props & { row: Exclude<GanttRow, { kind: "unit" }> }) {
  if (row.kind === "pool" && row.isLoading) {
    return <span className="absolute inset-y-0 flex items-center px-2 text-ink-muted text-xs">Loading its nodes…</span>;
  }
  if (occupancy === null) return null;
  return (
    <OccupancyLane occupancy={occupancy} total={row.total} scale={scale} from={from} to={to} height={height - 1} />
  );
}

function Bars({
  model,
  scale,
  zone,
  from,
  to,
  current,
  draggable,
  name,
  unitId,
}: Props & { name: string; unitId: string }) {
  const bars = model.byUnit.get(unitId) ?? [];
  const inSight = barsBetween(bars, from, to);
  // The one that has the focus stays, wherever the reader scrolls: the focus would be lost with it.
  const kept = current ? bars.find(({ key }) => key === current) : undefined;
  const shown = kept && !inSight.includes(kept) ? [...inSight, kept] : inSight;
  return shown.map((placed) => (
    <GanttBar
      key={placed.key}
      placed={placed}
      left={xOf(scale, placed.from)}
      width={(placed.to - placed.from) * scale.pxPerMs}
      zone={zone}
      place={name}
      isCurrent={current === placed.key}
      canDrag={draggable(placed.bar.reservation_id)}
    />
  ));
}
