"use client";
import type { KeyboardEvent, PointerEvent } from "react";

export type PointSliderProps = {
  label: string;
  count: number;
  active: number | null;
  onActive: (index: number | null) => void;
  /** The point in words. */
  valueText: (index: number) => string;
  /** Room between the plot and the edges of the parent, in px. */
  insets: { left: number; right: number; top: number; bottom: number };
};

/** Points that PageUp and PageDown skip. */
const PAGE = 10;

/**
 * The points of a chart as a slider that lies over its plot: pointer, finger and arrow keys move a hair line from point
 * to point, and screen readers say each one. Points are evenly spaced, so no chart library has to be asked where.
 */
export function PointSlider({ label, count, active, onActive, valueText, insets }: PointSliderProps) {
  const current = active ?? count - 1;
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onActive(clamp(Math.floor(((event.clientX - left) / width) * count), count));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = target(event.key, current, count);
    if (next === undefined) return;
    event.preventDefault();
    onActive(next === null ? null : clamp(next, count));
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={current + 1}
      aria-valuetext={valueText(current)}
      className="absolute touch-pan-y rounded-sm"
      style={insets}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={(event) => event.pointerType === "mouse" && onActive(null)}
      onFocus={(event) => event.currentTarget.matches(":focus-visible") && onActive(current)}
      onBlur={() => onActive(null)}
      onKeyDown={onKeyDown}
    >
      {active === null ? null : (
        <div
          className="pointer-events-none absolute inset-y-0 w-px -translate-x-1/2 bg-ink-muted"
          style={{ left: `${((active + 0.5) / count) * 100}%` }}
        />
      )}
    </div>
  );
}

/** undefined: not a key of ours; null: no point. */
function target(key: string, current: number, count: number): number | null | undefined {
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return current + 1;
    case "ArrowLeft":
    case "ArrowDown":
      return current - 1;
    case "PageUp":
      return current + PAGE;
    case "PageDown":
      return current - PAGE;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "Escape":
      return null;
    default:
      return undefined;
  }
}

function clamp(index: number, count: number): number {
  return Math.min(Math.max(index, 0), count - 1);
}
