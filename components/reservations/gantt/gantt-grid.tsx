"use client";
import { type CSSProperties, type RefObject, useCallback, useMemo, useState } from "react";
import { useMinute } from "@/components/ui/use-now";
import { useVirtualRows } from "@/components/ui/use-virtual-rows";
import { type GanttModel, occupancyOf, type PlacedBar, poolOccupancy } from "./bar-layout";
import { DragGhost } from "./drag-ghost";
import type { DragStore } from "./drag-store";
import { GanttHeader, GridLines } from "./gantt-header";
import { GanttRowView } from "./gantt-row";
import { createLitGroup, LitGroupContext } from "./lit-group";
import { HEADER } from "./measures";
import { NowLine } from "./now-line";
import type { GanttRow } from "./row-tree";
import { widthOf } from "./time-scale";
import type { GanttFocusState } from "./use-gantt-focus";
import type { GanttScroll } from "./use-gantt-scroll";

type Props = {
  scroller: RefObject<HTMLDivElement | null>;
  scroll: GanttScroll;
  rows: readonly GanttRow[];
  model: GanttModel;
  rowHeight: number;
  zone: string;
  focus: GanttFocusState;
  drag: DragStore;
  canBook: boolean;
  draggable: (reservationId: string | null) => boolean;
  onPressed: (event: React.PointerEvent) => void;
  /** A bar was clicked, or Enter pressed on it. */
  onBar: (key: string, element: HTMLElement, isByPointer: boolean) => void;
  /** The head of a row was clicked, or Enter pressed on it. */
  onHead: (row: GanttRow) => void;
  onKey: (event: React.KeyboardEvent) => void;
};

const OVERSCAN = 6;

/** The rows and their bars, of which only those in sight exist. */
export function GanttGrid({ scroller, scroll, rows, model, rowHeight, zone, focus, drag, ...on }: Props) {
  const { scale, column, window } = scroll;
  const minute = useMinute();
  const now = minute >= scale.from && minute < scale.to ? minute : null;
  const [lit] = useState(createLitGroup);
  const virtual = useVirtualRows({
    count: rows.length,
    rowHeight,
    keyOf: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
    scroller,
  });
  const occupancies = useOccupancies(model);
  // The row with the focus stays, wherever the reader scrolls: the gantt could not be entered by Tab otherwise.
  const focused = rows.findIndex(({ key }) => key === focus.focus.rowKey);
  const indices = virtual.rows.map(({ index }) => index);
  if (focused >= 0 && !indices.includes(focused)) indices.push(focused);
  const light = (event: { target: EventTarget }) => {
    // What is dragged passes over many, each of which would be drawn again on all its rows.
    if (drag.get() !== null) return;
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-group]") : null;
    lit.set(target?.dataset.group ?? null);
  };

  return (
    <LitGroupContext value={lit}>
      <div
        ref={scroller}
        role="treegrid"
        aria-label="GPUs and their bookings"
        aria-rowcount={rows.length + 1}
        aria-colcount={2}
        data-testid="gantt"
        className="relative max-h-[75rem] min-h-80 flex-1 touch-pan-x touch-pan-y select-none overflow-auto overscroll-x-contain"
        style={{ "--column": `${column}px` } as CSSProperties}
        onPointerDown={on.onPressed}
        onPointerOver={light}
        onPointerLeave={() => lit.set(null)}
        onBlur={() => lit.set(null)}
        onFocus={(event) => {
          light(event);
          focus.onFocused(event.target);
        }}
        onClick={(event) => {
          const target = event.target instanceof Element ? event.target : null;
          const bar = target?.closest<HTMLElement>("[data-bar]");
          const head = target?.closest<HTMLElement>("[data-head]");
          // A click that a key made has no count.
          if (bar) on.onBar(bar.dataset.bar ?? "", bar, event.detail > 0);
          else if (head) {
            const row = rows.find(({ key }) => key === head.dataset.head);
            if (row) on.onHead(row);
          }
        }}
        onKeyDown={on.onKey}
      >
        <div role="presentation" className="relative" style={{ width: `calc(var(--column) + ${widthOf(scale)}px)` }}>
          <GanttHeader scale={scale} zone={zone} from={window.from} to={window.to} />
          <div role="rowgroup" className="relative" style={{ height: rows.length * rowHeight }}>
            <GridLines scale={scale} zone={zone} from={window.from} to={window.to} />
            {indices.map((index) => {
              const row = rows[index];
              if (row === undefined) return null;
              return (
                <GanttRowView
                  key={row.key}
                  row={row}
                  index={index}
                  top={index * rowHeight}
                  height={rowHeight}
                  model={model}
                  occupancy={occupancies(row)}
                  scale={scale}
                  zone={zone}
                  from={window.from}
                  to={window.to}
                  now={row.kind === "unit" ? null : now}
                  current={focus.currentIn(row.key)}
                  canBook={on.canBook}
                  draggable={on.draggable}
                />
              );
            })}
            <NowLine scale={scale} />
            <DragGhost store={drag} scale={scale} rowHeight={rowHeight} />
          </div>
        </div>
      </div>
    </LitGroupContext>
  );
}

/** The row at a height of the pointer; the nearest when it is beyond them. */
export function rowUnder(scroller: HTMLElement, clientY: number, rowHeight: number, count: number): number {
  const y = clientY - scroller.getBoundingClientRect().top - HEADER + scroller.scrollTop;
  return Math.min(Math.max(Math.floor(y / rowHeight), 0), count - 1);
}

/** Of each node and pool once, until the bookings change. */
function useOccupancies(model: GanttModel) {
  const held = useMemo(() => ({ model, known: new Map<string, ReturnType<typeof occupancyOf>>() }), [model]);
  return useCallback(
    (row: GanttRow) => {
      if (row.kind === "unit") return null;
      const known = held.known.get(row.key);
      if (known) return known;
      const occupancy = row.units === null ? poolOccupancy(held.model, row.key) : occupancyOf(held.model, row.units);
      held.known.set(row.key, occupancy);
      return occupancy;
    },
    [held],
  );
}

/** The bar of a key such as the page's elements carry. */
export function barOfKey(model: GanttModel, key: string): PlacedBar | undefined {
  return model.byUnit.get(key.slice(key.indexOf("/") + 1))?.find((bar) => bar.key === key);
}
