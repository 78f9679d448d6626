"use client";
import { useCallback } from "react";
import type { Bar } from "@/lib/contracts/calendar";
import type { GanttModel, PlacedBar } from "./bar-layout";

export type BarRights = {
  /** Its times, by a form. */
  canChange: boolean;
  /** Dragging can say it: what has several parts has no one start and end to drag. */
  canDrag: boolean;
  /** It has not begun. */
  canStart: boolean;
  canRelease: boolean;
};

const NONE: BarRights = { canChange: false, canDrag: false, canStart: false, canRelease: false };
const OPEN: ReadonlySet<Bar["status"]> = new Set(["held", "confirmed", "active"] as const);

/** What the reader may do with a bar; the server decides the same again. */
export function useBarRights(model: GanttModel, canWrite: boolean) {
  const rightsOf = useCallback(
    (bar: Bar | undefined): BarRights => {
      if (!canWrite || !bar || bar.reservation_id === null || !OPEN.has(bar.status)) return NONE;
      const isWhole = model.parts.get(bar.reservation_id)?.length === 1;
      return {
        canChange: true,
        canDrag: isWhole,
        canStart: bar.status !== "active",
        canRelease: bar.status !== "held",
      };
    },
    [model, canWrite],
  );
  const draggable = useCallback(
    (reservationId: string | null) => reservationId !== null && rightsOf(model.parts.get(reservationId)?.[0]).canDrag,
    [model, rightsOf],
  );
  const freedomOf = useCallback(
    ({ bar }: PlacedBar) => {
      const { canDrag, canStart, canRelease } = rightsOf(bar);
      return { canChange: canDrag, canStart, canRelease };
    },
    [rightsOf],
  );
  return { rightsOf, draggable, freedomOf };
}
