"use client";
import { type RefObject, useEffect, useEffectEvent } from "react";
import type { GanttScroll } from "./use-gantt-scroll";

/** A turn of the wheel of this many px halves or doubles what is in sight. */
const WHEEL = 240;

/** Zooms with Ctrl and the wheel, which is also what a pinch on a touchpad sends, and with two fingers. */
export function useGanttZoom(scroller: RefObject<HTMLElement | null>, span: number, scroll: GanttScroll): void {
  const { zoomTo, column } = scroll;
  const zoomBy = useEffectEvent((factor: number, clientX: number) => {
    const left = scroller.current?.getBoundingClientRect().left ?? 0;
    zoomTo(span * factor, Math.max(clientX - left - column, 0));
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let apart: number | null = null;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      // The browser would zoom the whole page.
      event.preventDefault();
      const px = event.deltaMode === 0 ? event.deltaY : event.deltaY * 40;
      zoomBy(2 ** (Math.max(Math.min(px, WHEEL), -WHEEL) / WHEEL), event.clientX);
    };
    const onTouch = (event: TouchEvent) => {
      const [one, other] = event.touches;
      if (!one || !other) {
        apart = null;
        return;
      }
      event.preventDefault();
      const now = Math.max(Math.abs(one.clientX - other.clientX), 20);
      if (apart !== null) zoomBy(apart / now, (one.clientX + other.clientX) / 2);
      apart = now;
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    element.addEventListener("touchmove", onTouch, { passive: false });
    element.addEventListener("touchend", onTouch, { passive: false });
    return () => {
      element.removeEventListener("wheel", onWheel);
      element.removeEventListener("touchmove", onTouch);
      element.removeEventListener("touchend", onTouch);
    };
  }, [scroller]);
}
