import { startOfWallDay, wallOf } from "@/lib/contracts/zones";

/** The day on which a moment lies by the zone's calendar: `2026-11-23`. */
export function dayOf(zone: string, ms: number): string {
  return new Date(wallOf(zone, ms)).toISOString().slice(0, 10);
}

/** The first moment of a day of the zone's calendar. */
export function startOfDayNamed(zone: string, day: string): number {
  return startOfWallDay(zone, Date.parse(`${day}T00:00:00Z`));
}
