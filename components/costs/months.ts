export type Month = {
  /** "2026-11" */
  value: string;
  /** "November 2026" */
  label: string;
  from: string;
  to: string;
};

/** How many months can be looked back on, this one among them. */
const MONTHS = 13;

const NAME = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });

/** Months of UTC, in which costs are counted; this one first. */
export function monthsUntil(now: number): [Month, ...Month[]] {
  const at = new Date(now);
  const month = (back: number): Month => {
    const start = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back, 1);
    return {
      value: new Date(start).toISOString().slice(0, 7),
      label: NAME.format(start),
      from: new Date(start).toISOString(),
      to: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back + 1, 1)).toISOString(),
    };
  };
  return [month(0), ...Array.from({ length: MONTHS - 1 }, (_, back) => month(back + 1))];
}
