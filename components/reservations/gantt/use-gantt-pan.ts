"use client";
import { type RefObject, useEffect } from "react";

/** Pans by dragging the header, or anywhere with the middle button. What is dragged with the first is booked or moved. */
export function useGanttPan(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let last: { x: number; y: number } | null = null;
    const onDown = (event: PointerEvent) => {
      const isOnHeader = event.target instanceof Element && event.target.closest("[data-pan]") !== null;
      if (event.pointerType === "touch" || !(event.button === 1 || (event.button === 0 && isOnHeader))) return;
      // The middle button would scroll by itself in some browsers.
      event.preventDefault();
      last = { x: event.clientX, y: event.clientY };
      element.setPointerCapture(event.pointerId);
    };
    const onMove = (event: PointerEvent) => {
      if (last === null) return;
      element.scrollBy(last.x - event.clientX, last.y - event.clientY);
      last = { x: event.clientX, y: event.clientY };
    };
    const onEnd = () => {
      last = null;
    };
    element.addEventListener("pointerdown", onDown);
    element.addEventListener("pointermove", onMove);
    element.addEventListener("pointerup", onEnd);
    element.addEventListener("pointercancel", onEnd);
    return () => {
      element.removeEventListener("pointerdown", onDown);
      element.removeEventListener("pointermove", onMove);
      element.removeEventListener("pointerup", onEnd);
      element.removeEventListener("pointercancel", onEnd);
    };
  }, [scroller]);
}
