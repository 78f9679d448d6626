import type { CostPeriod } from "@/lib/contracts/costs";

/** A half-open range of time. */
export type Period = { start: Date; end: Date };

/** Days from the Monday before to a day of the week as Date counts them, from Sunday. */
const SINCE_MONDAY = [6, 0, 1, 2, 3, 4, 5];

/** The period in which a moment lies, UTC; a week begins on Monday (ISO 8601). */
export function periodAt(period: CostPeriod, at: Date): Period {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  switch (period) {
    case "day":
      return { start: utc(year, month, day), end: utc(year, month, day + 1) };
    case "week": {
      const monday = day - (SINCE_MONDAY[at.getUTCDay()] ?? 0);
      return { start: utc(year, month, monday), end: utc(year, month, monday + 7) };
    }
    case "month":
      return { start: utc(year, month, 1), end: utc(year, month + 1, 1) };
  }
}

/** The one before the period in which a moment lies. */
export function periodBefore(period: CostPeriod, at: Date): Period {
  return periodAt(period, new Date(periodAt(period, at).start.getTime() - 1));
}

function utc(year: number, month: number, day: number): Date {
  return new Date(Date.UTC(year, month, day));
}
