"use client";
import { memo, useMemo } from "react";
import { busyAt, type Occupancy, occupancySteps } from "./bar-layout";
import { busyWords } from "./bar-words";
import { type Scale, widthOf, xOf } from "./time-scale";

type Props = {
  occupancy: Occupancy;
  total: number;
  scale: Scale;
  /** What is in sight, with some room on both sides. */
  from: number;
  to: number;
  height: number;
};

/** Steps narrower than this are joined, at the highest of them. */
const LEAST_PX = 4;
/** Room in px for "5/8 busy" and for "5/8". */
const ROOM_FOR_WORDS = 64;
const ROOM_FOR_NUMBERS = 30;
/** Further apart than this no more labels are drawn: the column says it for now. */
const MOST_LABELS = 40;

/** How many of a node's or a pool's GPUs are taken over time, as one shape, with words where there is room. */
export const OccupancyLane = memo(function OccupancyLane({ occupancy, total, scale, from, to, height }: Props) {
  const steps = useMemo(
    () => occupancySteps(occupancy, from, to, LEAST_PX / scale.pxPerMs),
    [occupancy, from, to, scale.pxPerMs],
  );
  const left = xOf(scale, from);
  const x = (at: number) => Math.round((xOf(scale, at) - left) * 10) / 10;
  const room = height - 3;
  const path = steps
    .filter(({ busy }) => busy > 0)
    .map((step) => {
      const h = Math.max(2, (room * Math.min(step.busy, total)) / Math.max(total, 1));
      return `M${x(step.from)} ${height - 1}V${height - 1 - h}H${x(step.to)}V${height - 1}Z`;
    })
    .join("");
  const labels = steps
    .map((step) => ({ ...step, width: (step.to - step.from) * scale.pxPerMs }))
    .filter(({ busy, width }) => busy > 0 && width >= ROOM_FOR_NUMBERS)
    .slice(0, MOST_LABELS);
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute inset-0 overflow-clip"
      style={{ width: widthOf(scale) }}
    >
      <svg
        aria-hidden="true"
        className="absolute top-0 fill-line-strong/70"
        style={{ left }}
        width={Math.max(0, (to - from) * scale.pxPerMs)}
        height={height}
      >
        <path d={path} />
      </svg>
      {labels.map((step) => (
        <span
          key={step.from}
          className="absolute inset-y-0 overflow-clip text-[11px] text-ink tabular-nums"
          style={{ left: xOf(scale, step.from), width: step.width }}
        >
          <span
            className="sticky inline-flex h-full items-center whitespace-nowrap px-1"
            style={{ left: "var(--column)" }}
          >
            {step.width >= ROOM_FOR_WORDS ? busyWords(step.busy, total) : `${step.busy}/${total}`}
          </span>
        </span>
      ))}
    </div>
  );
});

/** In words, at a moment. */
export function occupancyWords(occupancy: Occupancy, total: number, at: number): string {
  return busyWords(busyAt(occupancy, at), total);
}
