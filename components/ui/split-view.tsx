"use client";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { cn } from "./cn";

export type SplitViewProps = {
  main: ReactNode;
  /** The panel on the right; null closes it and gives the main part all the room. */
  side: ReactNode | null;
  /** Names the separator: "Resize the delivery panel". */
  label: string;
  /** Under this name the browser remembers the width. */
  storageKey: string;
  /** Widths in px below which neither part goes. */
  minMain?: number | undefined;
  minSide?: number | undefined;
  className?: string | undefined;
};

const STEP = 24;
const FIRST_SHARE = 0.46;

/** Two parts side by side; the line between them can be dragged, or moved with the arrow keys. */
export function SplitView({ main, side, label, storageKey, minMain = 340, minSide = 380, className }: SplitViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const [wanted, setWanted] = useState<number | null>(null);
  const [dragging, setDragging] = useState(false);

  useEffect(() => {
    const stored = readWidth(storageKey);
    if (stored !== null) setWanted(stored);
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setRoom(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [storageKey]);

  const most = Math.max(minSide, room - minMain);
  const width = Math.round(clamp(wanted ?? room * FIRST_SHARE, minSide, most));
  const resize = (next: number) => {
    const fitting = Math.round(clamp(next, minSide, most));
    setWanted(fitting);
    writeWidth(storageKey, fitting);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (dragging && frame.current !== null) resize(frame.current.getBoundingClientRect().right - event.clientX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") resize(width + STEP);
    else if (event.key === "ArrowRight") resize(width - STEP);
    else if (event.key === "Home") resize(most);
    else if (event.key === "End") resize(minSide);
    else return;
    event.preventDefault();
  };
  return (
    <div ref={frame} className={cn("flex min-h-0 min-w-0", dragging && "select-none", className)}>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">{main}</div>
      {side === null || room === 0 ? null : (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is a widget, not a rule */}
          <div
            role="separator"
            tabIndex={0}
            aria-label={label}
            aria-orientation="vertical"
            aria-valuenow={width}
            aria-valuemin={minSide}
            aria-valuemax={most}
            onKeyDown={onKeyDown}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              setDragging(true);
            }}
            onPointerMove={onPointerMove}
            onPointerUp={() => setDragging(false)}
            onPointerCancel={() => setDragging(false)}
            className="group/split flex w-3 shrink-0 cursor-col-resize touch-none items-center justify-center rounded"
          >
            <div
              className={cn(
                "h-10 w-1 rounded-full bg-line-strong transition-colors group-hover/split:bg-control",
                dragging && "bg-accent!",
              )}
            />
          </div>
          <div className="flex min-h-0 min-w-0 shrink-0 flex-col" style={{ width }}>
            {side}
          </div>
        </>
      )}
    </div>
  );
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** Storage can be forbidden by the browser's settings; the width then lasts for the page. */
function readWidth(key: string): number | null {
  try {
    const width = Number(localStorage.getItem(key) ?? Number.NaN);
    return Number.isFinite(width) ? width : null;
  } catch {
    return null;
  }
}

function writeWidth(key: string, width: number): void {
  try {
    localStorage.setItem(key, String(width));
  } catch {
    return;
  }
}
