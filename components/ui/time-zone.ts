"use client";
import { useSyncExternalStore } from "react";

/** In which zone times are shown: the browser's, or UTC. */
export type TimeZone = "local" | "utc";

const KEY = "dumont-time-zone";
const listeners = new Set<() => void>();
/** For browsers that forbid storage: the choice then lasts for the page. */
let held: TimeZone | undefined;

/** The zone that the reader chose for the whole console; the browser's until then, and on the server. */
export function useTimeZone(): TimeZone {
  return useSyncExternalStore(subscribe, read, () => "local");
}

/** Minutes east of UTC at a moment (Unix ms) in the chosen zone. Stable while the zone stays. */
export function useOffset(): (ms: number) => number {
  return offsetIn(useTimeZone());
}

/** The same for a zone that is known. */
export function offsetIn(zone: TimeZone): (ms: number) => number {
  return zone === "utc" ? utcOffset : localOffset;
}

/** Remembers the choice in this browser; every time on screen follows, in other tabs too. */
export function setTimeZone(zone: TimeZone): void {
  held = zone;
  try {
    localStorage.setItem(KEY, zone);
  } catch {
    // Nothing else to do: `held` has it.
  }
  for (const listener of listeners) listener();
}

/** The browser's offset at a moment, in minutes east of UTC; it differs over the year. */
export function localOffset(ms: number): number {
  // Whole minutes east, and never -0.
  return 0 - new Date(ms).getTimezoneOffset();
}

function utcOffset(): number {
  return 0;
}

function subscribe(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key !== KEY) return;
    held = undefined;
    listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}

function read(): TimeZone {
  if (held === undefined) held = stored();
  return held;
}

function stored(): TimeZone {
  try {
    return localStorage.getItem(KEY) === "utc" ? "utc" : "local";
  } catch {
    return "local";
  }
}
