import { createParser } from "nuqs";
import { isZone } from "@/lib/contracts/zones";

/** A time zone of the address, by its IANA name. */
export const asZone = createParser({ parse: (text) => (isZone(text) ? text : null), serialize: String });

/** A day of the address as `2026-11-23`; one that the calendar does not have counts as none. */
export const asDay = createParser({ parse: (text) => (isDay(text) ? text : null), serialize: String });

/** Whether it is a day of the calendar, as `2026-11-23`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
