"use client";
import { createContext, useContext } from "react";
import type { ClockChange } from "@/lib/contracts/zones";
import type { DayCount } from "./events";

/** What the parts that the library draws need to know beside what it hands to them. */
export type CalendarWorld = {
  zone: string;
  /** Names of pools by id. */
  poolNames: ReadonlyMap<string, string>;
  /** By the first moment of each day in sight, Unix ms: what others have booked there. */
  others: ReadonlyMap<number, DayCount>;
  /** Others' bookings are drawn one by one, so their count need not be told. */
  othersShown: boolean;
  /** By the first moment of the day on which it happens. */
  clockChanges: ReadonlyMap<number, ClockChange>;
  /** The first moment in sight, Unix ms. */
  rangeStart: number;
  /** The day that the arrow keys stand on, Unix ms of its first moment. */
  focusedDay: number;
  onFocusDay: (day: number) => void;
  onOpenDay: (day: number) => void;
};

const Context = createContext<CalendarWorld | null>(null);

export const CalendarWorldProvider = Context.Provider;

/** @throws Error outside the calendar */
export function useCalendarWorld(): CalendarWorld {
  const world = useContext(Context);
  if (world === null) throw new Error("This is a part of the calendar.");
  return world;
}
