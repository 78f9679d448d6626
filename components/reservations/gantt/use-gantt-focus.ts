"use client";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { GanttModel } from "./bar-layout";
import { type GanttFocus, type Move, stepFrom } from "./bar-navigation";
import { barOfKey } from "./gantt-grid";
import { HEADER } from "./measures";
import type { GanttRow } from "./row-tree";
import type { GanttScroll } from "./use-gantt-scroll";

type Options = {
  scroller: RefObject<HTMLElement | null>;
  scroll: GanttScroll;
  rows: readonly GanttRow[];
  model: GanttModel;
  rowHeight: number;
  onFold: (key: string, isOpen: boolean) => void;
};

export type GanttFocusState = {
  focus: GanttFocus;
  /** The key of the bar in this row that Tab leads to, "" for its head, null when it is in another row. */
  currentIn: (rowKey: string) => string | null;
  /** The browser focused an element of the gantt. */
  onFocused: (element: Element) => void;
  move: (move: Move) => void;
  /** Focuses a bar again, after what it opened has closed. */
  focusBar: (key: string) => void;
};

/**
 * One place of the gantt takes the focus at a time (roving tabindex): the head of a row or a bar. Where it goes is
 * brought into sight first, because what is out of sight does not exist.
 */
export function useGanttFocus({ scroller, scroll, rows, model, rowHeight, onFold }: Options): GanttFocusState {
  const [focus, setFocus] = useState<GanttFocus>({ rowKey: "", barKey: null, time: null });
  const isThere = rows.some(({ key }) => key === focus.rowKey);
  const rowKey = isThere ? focus.rowKey : (rows[0]?.key ?? "");
  const barKey = isThere && focus.barKey !== null && barOfKey(model, focus.barKey) ? focus.barKey : null;
  /** To be focused as soon as it is rendered. */
  const wanted = useRef<string | null>(null);

  // After every render: scrolling may take more than one before the row exists.
  useEffect(() => {
    if (wanted.current === null) return;
    const element = scroller.current?.querySelector<HTMLElement>(wanted.current);
    if (!element) return;
    wanted.current = null;
    element.focus({ preventScroll: true });
  });

  const goTo = (next: GanttFocus) => {
    const index = rows.findIndex(({ key }) => key === next.rowKey);
    const element = scroller.current;
    if (element !== null && index >= 0) element.scrollTop = scrollTopFor(element, index, rowHeight);
    const bar = next.barKey === null ? undefined : barOfKey(model, next.barKey);
    if (bar) scroll.reveal(bar.from, bar.to);
    wanted.current = bar ? `[data-bar="${CSS.escape(bar.key)}"]` : `[data-head="${CSS.escape(next.rowKey)}"]`;
    setFocus({ ...next });
  };

  return {
    focus: { ...focus, rowKey, barKey },
    currentIn: useCallback((key: string) => (key === rowKey ? (barKey ?? "") : null), [rowKey, barKey]),
    onFocused: (element) => {
      const bar = element.closest<HTMLElement>("[data-bar]")?.dataset.bar;
      const head = element.closest<HTMLElement>("[data-head]")?.dataset.head;
      if (bar !== undefined && bar !== barKey) {
        const placed = barOfKey(model, bar);
        if (placed) setFocus({ rowKey: placed.unitId, barKey: bar, time: (placed.from + placed.to) / 2 });
      } else if (head !== undefined && (head !== rowKey || barKey !== null)) {
        setFocus({ rowKey: head, barKey: null, time: null });
      }
    },
    move: (move) => {
      const step = stepFrom(rows, model, { rowKey, barKey, time: focus.time }, move);
      if (step === null) return;
      if ("fold" in step) onFold(step.fold, step.isOpen);
      else goTo(step.focus);
    },
    focusBar: (key) => {
      const bar = barOfKey(model, key);
      if (bar) goTo({ rowKey: bar.unitId, barKey: key, time: (bar.from + bar.to) / 2 });
      else goTo({ rowKey, barKey: null, time: null });
    },
  };
}

/** So that the row is in sight, below the header. */
function scrollTopFor(element: HTMLElement, index: number, rowHeight: number): number {
  const top = index * rowHeight;
  const least = top + rowHeight + HEADER - element.clientHeight;
  return Math.min(Math.max(element.scrollTop, least), top);
}
