"use client";
import { createContext, useContext, useSyncExternalStore } from "react";

/**
 * Which reservation lights up on every row. Outside React's state, so that moving the pointer over the gantt renders the
 * bars of two reservations and nothing else.
 */
export type LitGroup = {
  get: () => string | null;
  set: (group: string | null) => void;
  subscribe: (listener: () => void) => () => void;
};

export function createLitGroup(): LitGroup {
  let current: string | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set: (group) => {
      if (group === current) return;
      current = group;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const LitGroupContext = createContext<LitGroup>(createLitGroup());

/** Whether this reservation is the one that is lit. */
export function useIsLit(group: string): boolean {
  const lit = useContext(LitGroupContext);
  return useSyncExternalStore(
    lit.subscribe,
    () => lit.get() === group,
    () => false,
  );
}
