/** The month of a day as the key of its plan grant: "2026-12". */
export function monthOf(day: Date): string {
  return day.toISOString().slice(0, 7);
}

/** Whether a plan's month begins with this day (a midnight UTC). */
export function beginsMonth(day: Date): boolean {
  return day.getUTCDate() === 1;
}

/** The next beginning of a month, UTC: when the plan grants next and what it granted before runs out. */
export function nextPlanMonth(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
}
