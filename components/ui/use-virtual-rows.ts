"use client";
import { useVirtualizer, useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useLayoutEffect, useState } from "react";

export type VirtualRow = { index: number; key: string | number | bigint };

export type VirtualRows = {
  /** The rows to render now, in order. */
  rows: VirtualRow[];
  /** Heights in px of the spacers before and after them (see VirtualSpacer). */
  before: number;
  after: number;
  /** Give it to each row as `ref`, with `data-index`, where heights differ (cards on phones). */
  measure: (element: Element | null) => void;
  scrollToIndex: (index: number) => void;
};

type Options = {
  count: number;
  /** Expected height of a row in px. */
  rowHeight: number;
  keyOf: (index: number) => string | number;
  /** Rows kept ready beyond each edge; more means fewer blank frames while scrolling fast, and more nodes. */
  overscan?: number | undefined;
};

/** Renders only the rows that can be seen in an element that scrolls, whatever their number. */
export function useVirtualRows({
  count,
  rowHeight,
  keyOf,
  overscan = 20,
  scroller,
}: Options & { scroller: RefObject<HTMLElement | null> }): VirtualRows {
  const virtualizer = useVirtualizer({
    count,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan,
    getScrollElement: () => scroller.current,
  });
  // The virtualizer keeps the sizes it was told once; a change of density is not one of the changes that it looks for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what makes measuring again necessary
  useLayoutEffect(() => {
    virtualizer.measure();
  }, [virtualizer, rowHeight]);
  return summarise(virtualizer, 0);
}

/** The same in a list that scrolls with the page; `list` is the element that holds the rows. */
export function useWindowVirtualRows({
  count,
  rowHeight,
  keyOf,
  overscan = 20,
  list,
}: Options & { list: RefObject<HTMLElement | null> }): VirtualRows {
  const [margin, setMargin] = useState(0);
  // Anything above the list may change its height (a banner, filters that wrap), and each change moves the list.
  useLayoutEffect(() => {
    const update = () => {
      const element = list.current;
      if (element !== null) setMargin(element.getBoundingClientRect().top + window.scrollY);
    };
    update();
    const observer = new ResizeObserver(update);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan,
    scrollMargin: margin,
  });
  return summarise(virtualizer, margin);
}

type Summarised = {
  getVirtualItems: () => { index: number; key: string | number | bigint; start: number; end: number }[];
  getTotalSize: () => number;
  measureElement: (element: Element | null) => void;
  scrollToIndex: (index: number) => void;
};

function summarise(virtualizer: Summarised, margin: number): VirtualRows {
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items[items.length - 1];
  return {
    rows: items,
    before: first === undefined ? 0 : first.start - margin,
    after: last === undefined ? virtualizer.getTotalSize() : virtualizer.getTotalSize() - (last.end - margin),
    measure: virtualizer.measureElement,
    scrollToIndex: (index) => virtualizer.scrollToIndex(index),
  };
}
