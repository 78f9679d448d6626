"use client";
import { useSyncExternalStore } from "react";
import { clampSpan, ZOOMS } from "./time-scale";

/** What this browser prefers of the gantt: how high rows are, in px, and how much time is in sight, in ms. */
export type GanttPrefs = { rowHeight: RowHeight; span: number };

export const ROW_HEIGHTS = [20, 28, 40] as const;
export type RowHeight = (typeof ROW_HEIGHTS)[number];

const KEY = "dumont-gantt";
const AT_FIRST: GanttPrefs = { rowHeight: 28, span: ZOOMS[2].ms };
const listeners = new Set<() => void>();
let current: GanttPrefs | undefined;

export function useGanttPrefs(): GanttPrefs {
  return useSyncExternalStore(subscribe, read, () => AT_FIRST);
}

/** Remembers the change; where storage is forbidden it lasts for the page. */
export function setGanttPrefs(change: Partial<GanttPrefs>): void {
  current = { ...read(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Nothing else to do: `current` has it.
  }
  for (const listener of listeners) listener();
}

/** What was stored, as far as it is usable. */
export function parsePrefs(stored: string | null): GanttPrefs {
  try {
    const value: unknown = JSON.parse(stored ?? "null");
    if (typeof value !== "object" || value === null) return AT_FIRST;
    const { rowHeight, span } = value as Record<string, unknown>;
    return {
      rowHeight: ROW_HEIGHTS.find((height) => height === rowHeight) ?? AT_FIRST.rowHeight,
      span: typeof span === "number" && Number.isFinite(span) ? clampSpan(span) : AT_FIRST.span,
    };
  } catch {
    return AT_FIRST;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): GanttPrefs {
  current ??= parsePrefs(stored());
  return current;
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
