"use client";
import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds, kept up to date. `onServer` is what the server, which has no screen, renders. */
export function useMediaQuery(query: string, onServer = true): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => onServer,
  );
}
