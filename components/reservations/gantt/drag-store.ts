"use client";
import { useSyncExternalStore } from "react";
import type { Draft } from "./drag-rules";
import type { Verdict } from "./drag-verdict";

/** What is being dragged now: drawn by the ghost alone, so that no row renders while the pointer moves. */
export type Dragged = { draft: Draft; verdict: Verdict; pointer: { x: number; y: number } };

export type DragStore = {
  get: () => Dragged | null;
  set: (dragged: Dragged | null) => void;
  subscribe: (listener: () => void) => () => void;
};

export function createDragStore(): DragStore {
  let current: Dragged | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set: (dragged) => {
      current = dragged;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useDragged(store: DragStore): Dragged | null {
  return useSyncExternalStore(store.subscribe, store.get, () => null);
}
