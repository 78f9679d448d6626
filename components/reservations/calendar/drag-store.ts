import { useSyncExternalStore } from "react";
import type { CalendarEvent } from "./events";

/** What the reader is dragging over the calendar at this moment, in Unix ms, before it is put on a pool's grid. */
export type Dragged =
  | { kind: "new"; from: number; to: number }
  | { kind: "change"; event: CalendarEvent; from: number; to: number };

let current: Dragged | null = null;
const listeners = new Set<() => void>();

/**
 * Outside React's tree of the calendar: the library tells of a drag only by drawing, deep inside, and a state above it
 * would draw the whole calendar anew at every step.
 */
export function reportDrag(next: Dragged | null): void {
  if (isSame(current, next)) return;
  current = next;
  for (const listener of listeners) listener();
}

/** What is being dragged; null when nothing is. */
export function useDragged(): Dragged | null {
  return useSyncExternalStore(subscribe, read, () => null);
}

/** Whether it is this event that is being dragged; draws anew only whoever it is. */
export function useIsDragged({ id }: CalendarEvent): boolean {
  return useSyncExternalStore(
    subscribe,
    () => current?.kind === "change" && current.event.id === id,
    () => false,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Dragged | null {
  return current;
}

function isSame(a: Dragged | null, b: Dragged | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.kind !== b.kind || a.from !== b.from || a.to !== b.to) return false;
  return a.kind === "new" || b.kind === "new" || a.event.id === b.event.id;
}
