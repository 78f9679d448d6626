"use client";
import { useSyncExternalStore } from "react";

const MINUTE = 60_000;

/** One clock for the whole page: a hundred relative times cost one timer, and all change at the same moment. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let current = 0;

/** The time in Unix ms, to the second, ever up to date; undefined on the server and while hydrating. */
export function useNow(): number | undefined {
  return useSyncExternalStore<number | undefined>(subscribe, read, () => undefined);
}

/** The minute that it is, Unix ms: whoever needs no seconds is drawn anew sixty times less often. */
export function useMinute(): number {
  return useSyncExternalStore(
    subscribe,
    () => minuteOf(read()),
    () => minuteOf(Date.now()),
  );
}

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE) * MINUTE;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    current = 0;
  };
}

/** Must return the same value until the next tick, or React would render for ever. */
function read(): number {
  if (current === 0) current = Date.now();
  return current;
}

function tick() {
  current = Date.now();
  for (const listener of listeners) listener();
}
