"use client";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { DeliveryHistogram } from "@/lib/contracts/delivery-log";
import { bucketAt, rangeOf } from "./chart-model";

type Pair = readonly [number, number];

/**
 * Pointing at bars and selecting a stretch of them: by dragging, or with the arrow keys (Shift extends, Enter takes it,
 * Escape lets go).
 */
export function useChartSelection(
  histogram: DeliveryHistogram,
  onRange: (range: { from: string; to: string }) => void,
) {
  const surface = useRef<HTMLDivElement>(null);
  const count = histogram.buckets.length;
  /** From where to where; the first stays while the other moves. */
  const [pair, setPair] = useState<Pair | null>(null);
  const [dragging, setDragging] = useState(false);
  const [held, setHeld] = useState(count - 1);
  const at = Math.min(held, count - 1);
  const selected = pair === null ? null : ([Math.min(pair[0], count - 1), Math.min(pair[1], count - 1)] as const);

  const under = (event: PointerEvent) => {
    const box = surface.current?.getBoundingClientRect();
    return box === undefined ? 0 : bucketAt((event.clientX - box.left) / Math.max(1, box.width), count);
  };
  const take = ([one, other]: Pair) => {
    setPair(null);
    onRange(rangeOf(histogram, one, other));
  };
  const moveTo = (index: number, extend: boolean) => {
    const next = Math.min(count - 1, Math.max(0, index));
    setHeld(next);
    setPair([extend ? (selected?.[0] ?? at) : next, next]);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Where nothing is pointed at yet, an arrow begins at the bar that was left.
    const from = selected === null ? at : selected[1];
    const step = selected === null && !event.shiftKey ? 0 : 1;
    if (event.key === "ArrowLeft" || event.key === "ArrowDown") moveTo(from - step, event.shiftKey);
    else if (event.key === "ArrowRight" || event.key === "ArrowUp") moveTo(from + step, event.shiftKey);
    else if (event.key === "Home") moveTo(0, event.shiftKey);
    else if (event.key === "End") moveTo(count - 1, event.shiftKey);
    else if (event.key === "Enter" && selected !== null) take(selected);
    else if (event.key === "Escape" && selected !== null) setPair(null);
    else return;
    event.preventDefault();
  };
  const handlers = {
    onKeyDown,
    onBlur: () => {
      if (!dragging) setPair(null);
    },
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragging(true);
      setPair([under(event), under(event)]);
    },
    onPointerMove: (event: PointerEvent) => {
      const index = under(event);
      if (dragging) setPair([pair?.[0] ?? index, index]);
      else if (event.pointerType === "mouse") setPair([index, index]);
    },
    onPointerUp: (event: PointerEvent) => {
      if (!dragging) return;
      setDragging(false);
      take([pair?.[0] ?? under(event), under(event)]);
    },
    onPointerCancel: () => {
      setDragging(false);
      setPair(null);
    },
    onPointerLeave: () => {
      if (!dragging) setPair(null);
    },
  };
  return { surface, selected, at, handlers };
}
