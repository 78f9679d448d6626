"use client";
import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False on the server and in the first pass in the browser, then true: for what only the browser knows (its time zone). */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
