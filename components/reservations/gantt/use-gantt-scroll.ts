"use client";
import {
  type RefObject,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { startOfDay } from "@/lib/contracts/zones";
import { COLUMN, NARROW } from "./measures";
import { clampSpan, ganttRange, type Scale, scaleOf, scrollFor, timeAt, widthOf, xOf } from "./time-scale";

type Options = {
  scroller: RefObject<HTMLElement | null>;
  zone: string;
  date: Date;
  span: number;
  onSpan: (span: number) => void;
  onNavigate: (date: Date) => void;
};

export type GanttScroll = {
  scale: Scale;
  column: number;
  /** What is in sight, with as much again on both sides; changes by leaps, not with every px. */
  window: { from: number; to: number };
  /** Changes the zoom; the time at `x`, px from the left edge of the lanes, stays where it is. Without: the middle. */
  zoomTo: (span: number, x?: number) => void;
  /** Scrolls along time until the stretch is in sight. */
  reveal: (from: number, to: number) => void;
  scrollTo: (time: number) => void;
  /** How far from the left edge of the lanes a time stands now, kept within them, in px. */
  offsetOf: (time: number) => number;
  /** The time under a pointer. */
  timeUnder: (clientX: number) => number;
};

/** Where a day that is gone to begins: so much of the width stays before it. */
const LEAD = 0.2;
/** When less than this part of the width is left before an end of what is loaded, more is loaded. */
const NEAR = 0.1;
const SETTLE_MS = 200;

/** Scrolling and zooming along time, so that the time that matters stays where it is. */
export function useGanttScroll({ scroller, zone, date, span, onSpan, onNavigate }: Options): GanttScroll {
  const [size, setSize] = useState({ lanes: 1000, column: COLUMN.wide as number });
  const day = date.getTime();
  const range = useMemo(() => ganttRange(zone, day), [zone, day]);
  const scale = useMemo(() => scaleOf(range, span, size.lanes), [range, span, size.lanes]);
  /** The time that is to stay so many px from the left edge of the lanes. */
  const hold = useRef<{ time: number; x: number } | null>(null);
  /** The day that scrolling led to, rather than the page: nothing is to be scrolled then. */
  const ownDay = useRef<number | null>(null);
  const [leap, setLeap] = useState(0);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      const column = element.clientWidth < NARROW ? COLUMN.narrow : COLUMN.wide;
      setSize({ lanes: Math.max(element.clientWidth - column, 100), column });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  const leapOf = useCallback((left: number) => Math.floor(left / size.lanes), [size.lanes]);
  const startAt = useEffectEvent(() => {
    const now = Date.now();
    return startOfDay(zone, now) === startOfDay(zone, day) ? now : day;
  });

  // Another day from the page begins at that day; from scrolling, or when only the width changes, nothing moves.
  const shownDay = useRef<number | null>(null);
  useLayoutEffect(() => {
    const start = startOfDay(zone, day);
    if (shownDay.current !== start && ownDay.current !== start) {
      hold.current = { time: startAt(), x: size.lanes * LEAD };
    }
    shownDay.current = start;
    ownDay.current = null;
  }, [zone, day, size.lanes]);

  // After whatever changed the scale: what is held goes back to its place.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || hold.current === null) return;
    const left = scrollFor(scale, hold.current.time, hold.current.x);
    element.scrollLeft = left;
    // The browser rounds the position, and many small steps of zooming would add that up.
    const isRounded = Math.abs(element.scrollLeft - left) < 1;
    hold.current = { time: timeAt(scale, isRounded ? left : element.scrollLeft), x: 0 };
    setLeap(leapOf(element.scrollLeft));
  }, [scale, scroller, leapOf]);

  const onSettled = useEffectEvent(() => {
    const element = scroller.current;
    if (element === null) return;
    const left = element.scrollLeft;
    const margin = size.lanes * NEAR;
    const isNear = left < margin || left > widthOf(scale) - size.lanes - margin;
    if (!isNear) return;
    const middle = timeAt(scale, left + size.lanes / 2);
    if (ganttRange(zone, middle).from === range.from) return;
    hold.current = { time: timeAt(scale, left), x: 0 };
    ownDay.current = startOfDay(zone, middle);
    onNavigate(new Date(middle));
  });
  const onScroll = useEffectEvent(() => {
    const element = scroller.current;
    if (element === null) return;
    const held = hold.current;
    // The scroll that putting it in its place caused tells less than what is held.
    if (held === null || Math.abs(scrollFor(scale, held.time, held.x) - element.scrollLeft) >= 1) {
      hold.current = { time: timeAt(scale, element.scrollLeft), x: 0 };
    }
    setLeap(leapOf(element.scrollLeft));
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      onScroll();
      clearTimeout(timer);
      timer = setTimeout(() => onSettled(), SETTLE_MS);
    };
    element.addEventListener("scroll", listen, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener("scroll", listen);
    };
  }, [scroller]);

  const window = useMemo(
    () => ({
      from: Math.max(timeAt(scale, (leap - 1) * size.lanes), scale.from),
      to: Math.min(timeAt(scale, (leap + 3) * size.lanes), scale.to),
    }),
    [scale, leap, size.lanes],
  );

  const zoomTo = useCallback(
    (next: number, x = size.lanes / 2) => {
      const element = scroller.current;
      if (element === null) return;
      const left = hold.current === null ? element.scrollLeft : scrollFor(scale, hold.current.time, hold.current.x);
      hold.current = { time: timeAt(scale, left + x), x };
      onSpan(clampSpan(next));
    },
    [scroller, scale, size.lanes, onSpan],
  );
  const scrollTo = useCallback(
    (time: number) => {
      if (scroller.current) scroller.current.scrollLeft = scrollFor(scale, time, size.lanes * LEAD);
    },
    [scroller, scale, size.lanes],
  );
  const reveal = useCallback(
    (from: number, to: number) => {
      const element = scroller.current;
      if (element === null) return;
      const left = element.scrollLeft;
      const isIn = xOf(scale, to) > left + 24 && xOf(scale, from) < left + size.lanes - 24;
      if (!isIn) scrollTo(from);
    },
    [scroller, scale, size.lanes, scrollTo],
  );
  const offsetOf = useCallback(
    (time: number) => {
      const offset = xOf(scale, time) - (scroller.current?.scrollLeft ?? 0);
      return Math.min(Math.max(offset, 0), size.lanes);
    },
    [scroller, scale, size.lanes],
  );
  const timeUnder = useCallback(
    (clientX: number) => {
      const element = scroller.current;
      if (element === null) return scale.from;
      return timeAt(scale, clientX - element.getBoundingClientRect().left - size.column + element.scrollLeft);
    },
    [scroller, scale, size.column],
  );
  return { scale, column: size.column, window, zoomTo, reveal, scrollTo, offsetOf, timeUnder };
}
