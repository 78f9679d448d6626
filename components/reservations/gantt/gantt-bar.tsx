"use client";
import { memo } from "react";
import { cn } from "@/components/ui/cn";
import { lookOf, nameOf } from "../bar-style";
import type { PlacedBar } from "./bar-layout";
import { barWords } from "./bar-words";
import { useIsLit } from "./lit-group";

type Props = {
  placed: PlacedBar;
  left: number;
  width: number;
  zone: string;
  /** The GPU whose row it is on, in words. */
  place: string;
  /** The one that Tab leads to. */
  isCurrent: boolean;
  /** Whether pressing its edges changes its time. */
  canDrag: boolean;
};

/** Below this width in px there is no room for a word. */
const ROOM_FOR_NAME = 28;
const ROOM_FOR_ICON = 52;

/** A booking or a maintenance on the row of one GPU. What is pressed and typed is dealt with by the grid. */
export const GanttBar = memo(function GanttBar({ placed, left, width, zone, place, isCurrent, canDrag }: Props) {
  const isLit = useIsLit(placed.group);
  const { bar } = placed;
  const look = lookOf(bar);
  const Icon = look.icon;
  return (
    <button
      type="button"
      data-bar={placed.key}
      data-group={placed.group}
      data-kind={bar.kind}
      data-lit={isLit || undefined}
      tabIndex={isCurrent ? 0 : -1}
      aria-label={barWords(bar, zone, place)}
      aria-haspopup="dialog"
      // Not `hidden`: an element that scrolls would keep the name from sticking to the edge of the gantt.
      className={cn(
        look.className,
        "absolute inset-y-px flex items-center overflow-clip rounded-[3px] text-left text-[11px] leading-none",
        "data-lit:z-1 data-lit:outline-2 data-lit:outline-accent focus-visible:z-2 focus-visible:outline-offset-1",
        canDrag ? "cursor-grab" : "cursor-pointer",
      )}
      style={{ left, width: Math.max(width, 3) }}
    >
      {width < ROOM_FOR_NAME ? null : (
        <span className="sticky flex min-w-0 items-center gap-1 px-1" style={{ left: "var(--column)" }}>
          {width < ROOM_FOR_ICON ? null : <Icon aria-hidden="true" className="size-3 shrink-0" />}
          <span className="truncate">{nameOf(bar)}</span>
        </span>
      )}
      {canDrag && width >= 18 ? (
        <>
          <span aria-hidden="true" className="absolute inset-y-0 left-0 w-1.5 cursor-ew-resize" />
          <span aria-hidden="true" className="absolute inset-y-0 right-0 w-1.5 cursor-ew-resize" />
        </>
      ) : null}
    </button>
  );
});
