"use client";
import { type PointerEvent as ReactPointerEvent, type RefObject, useEffect, useEffectEvent, useRef } from "react";
import type { PlacedBar } from "./bar-layout";
import { type Draft, type Drag, kindAt, type Place } from "./drag-rules";
import type { DragStore } from "./drag-store";
import type { Verdict } from "./drag-verdict";

type Options = {
  scroller: RefObject<HTMLElement | null>;
  store: DragStore;
  placeUnder: (clientX: number, clientY: number) => Place | null;
  barOf: (key: string) => PlacedBar | undefined;
  /** Whether free time may be booked, and whether this bar may be changed and moved. */
  canBook: boolean;
  freedomOf: (bar: PlacedBar) => { canChange: boolean; canStart: boolean; canRelease: boolean };
  draftOf: (drag: Drag, at: Place) => Draft | null;
  verdictOf: (draft: Draft) => Verdict;
  /** The drag of a booking begins: its price may be read. */
  onBegin: (bar: PlacedBar | null) => void;
  onDrop: (draft: Draft, bar: PlacedBar | null) => void;
};

/** The pointer has to go this far, in px, before a press is a drag. */
const THRESHOLD = 4;
/** Within this many px of an edge of the lanes they scroll along, by this many px a frame. */
const EDGE = 36;
const SPEED = 14;

/**
 * Dragging with the mouse or a pen; fingers scroll. Escape, or leaving the window, ends it without effect.
 * @returns what to do when something is pressed, and whether the click that follows a drag is to be ignored
 */
export function useGanttDrag({ scroller, store, ...options }: Options) {
  const drag = useRef<(Drag & { x: number; y: number; isMoving: boolean }) | null>(null);
  const suppressClick = useRef(false);
  const stop = useRef<(() => void) | null>(null);

  const begin = (event: ReactPointerEvent) => {
    suppressClick.current = false;
    if (event.button !== 0 || event.pointerType === "touch" || drag.current) return;
    const started = pressed(event, options);
    if (started === null) return;
    drag.current = { ...started, x: event.clientX, y: event.clientY, isMoving: false };
    // Text would be selected otherwise; focus still goes where the press is.
    if (started.bar === null) event.preventDefault();
    stop.current = listen();
  };

  const moveTo = useEffectEvent((x: number, y: number) => {
    const current = drag.current;
    if (current === null) return;
    if (!current.isMoving) {
      if (Math.hypot(x - current.x, y - current.y) < THRESHOLD) return;
      current.isMoving = true;
      options.onBegin(current.bar);
    }
    const at = options.placeUnder(x, y);
    const draft = at === null ? null : options.draftOf(current, at);
    if (draft === null) return;
    const last = store.get();
    const isSame = last !== null && JSON.stringify(last.draft) === JSON.stringify(draft);
    store.set({
      draft,
      verdict: isSame && last.verdict.price !== null ? last.verdict : options.verdictOf(draft),
      pointer: { x, y },
    });
  });
  const end = useEffectEvent((isDropped: boolean) => {
    const current = drag.current;
    const dragged = store.get();
    drag.current = null;
    stop.current?.();
    stop.current = null;
    store.set(null);
    if (current?.isMoving) suppressClick.current = true;
    if (isDropped && current?.isMoving && dragged !== null) options.onDrop(dragged.draft, current.bar);
  });

  const listen = () => {
    const pointer = { x: 0, y: 0, isIn: false };
    let frame = 0;
    const onMove = (event: PointerEvent) => {
      Object.assign(pointer, { x: event.clientX, y: event.clientY, isIn: true });
      moveTo(pointer.x, pointer.y);
    };
    const onUp = () => end(true);
    const onCancel = () => end(false);
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      end(false);
    };
    const scrollAlong = () => {
      const element = scroller.current;
      if (element !== null && pointer.isIn && drag.current?.isMoving) {
        const box = element.getBoundingClientRect();
        const by = edgeSpeed(pointer.x, box.right) - edgeSpeed(-pointer.x, -box.left - 200);
        const down = edgeSpeed(pointer.y, box.bottom) - edgeSpeed(-pointer.y, -box.top - 48);
        if (by !== 0 || down !== 0) {
          element.scrollBy(by, down);
          moveTo(pointer.x, pointer.y);
        }
      }
      frame = requestAnimationFrame(scrollAlong);
    };
    frame = requestAnimationFrame(scrollAlong);
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", onCancel);
    window.addEventListener("blur", onCancel);
    window.addEventListener("keydown", onKey, true);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
      window.removeEventListener("pointercancel", onCancel);
      window.removeEventListener("blur", onCancel);
      window.removeEventListener("keydown", onKey, true);
    };
  };
  useEffect(() => () => stop.current?.(), []);

  /** Whether the click belongs to a drag; asks once. */
  const takesClick = () => {
    const takes = suppressClick.current;
    suppressClick.current = false;
    return takes;
  };
  return { begin, takesClick };
}

/** How fast to scroll when the pointer is this near to an edge that lies at `edge`. */
function edgeSpeed(at: number, edge: number): number {
  return at > edge - EDGE && at < edge + EDGE ? SPEED : 0;
}

function pressed(
  event: ReactPointerEvent,
  { placeUnder, barOf, canBook, freedomOf }: Pick<Options, "placeUnder" | "barOf" | "canBook" | "freedomOf">,
): Drag | null {
  const target = event.target instanceof Element ? event.target : null;
  const origin = placeUnder(event.clientX, event.clientY);
  if (target === null || origin === null) return null;
  const element = target.closest<HTMLElement>("[data-bar]");
  if (element === null) {
    return canBook && target.closest("[data-lane]") !== null ? { kind: "create", origin, bar: null } : null;
  }
  const bar = barOf(element.dataset.bar ?? "");
  if (bar === undefined) return null;
  const { canChange, canStart, canRelease } = freedomOf(bar);
  const box = element.getBoundingClientRect();
  const kind = kindAt(event.clientX - box.left, box.width, event.shiftKey, canStart);
  return (kind === "release" ? canRelease : canChange) ? { kind, origin, bar } : null;
}
