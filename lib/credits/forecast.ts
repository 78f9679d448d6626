import { takeFrom } from "@/lib/credits/burn-order";
import { type Fund, hasRunOut, spendableFunds } from "@/lib/credits/funds";
import type { PlanRules } from "@/lib/credits/rollover";

const DAY_MS = 86_400_000;

export type ForecastInput = {
  /** What can be spent now. */
  funds: readonly Fund[];
  /** What stays held at a time for the bookings that are made. */
  heldAt: (at: Date) => bigint;
  now: Date;
  days: number;
  rules: PlanRules;
  /** What goes into bookings a day. */
  pace: bigint;
};

export type Forecast = {
  points: { at: Date; available: bigint; held: bigint }[];
  /** The first day that is no longer covered at that pace. */
  enoughUntil: Date | null;
};

/**
 * What is left as time goes on, at now and each midnight UTC after it: what runs out goes, what rolls over of it stays,
 * what is held is used up. Grants to come are not counted. Pure.
 */
export function forecast({ funds, heldAt, now, days, rules, pace }: ForecastInput): Forecast {
  const midnights = Array.from(
    { length: days },
    (_, day) => new Date((Math.floor(now.getTime() / DAY_MS) + day + 1) * DAY_MS),
  );
  const points = [{ at: now, available: total(funds), held: heldAt(now) }];
  let left = [...funds];
  for (const at of midnights) {
    left = passTo(left, at, rules);
    points.push({ at, available: total(left), held: heldAt(at) });
  }
  return { points, enoughUntil: pace > 0n ? enoughUntil([...funds], midnights, rules, pace) : null };
}

/** Each day's share is taken in burn order at its end; the first day that finds too little is the answer. */
function enoughUntil(funds: Fund[], midnights: readonly Date[], rules: PlanRules, pace: bigint): Date | null {
  let left = funds;
  for (const at of midnights) {
    const { taken, shortfall } = takeFrom(left, pace);
    if (shortfall > 0n) return new Date(at.getTime() - DAY_MS);
    const used = new Map(taken.map(({ grant, amount }) => [grant, amount]));
    left = left.map((fund) => ({ ...fund, available: fund.available - (used.get(fund) ?? 0n) }));
    left = passTo(left, at, rules);
  }
  return null;
}

function passTo(funds: readonly Fund[], at: Date, rules: PlanRules): Fund[] {
  return funds.some((fund) => hasRunOut(fund, at)) ? spendableFunds(funds, at, rules) : [...funds];
}

function total(funds: readonly Fund[]): bigint {
  return funds.reduce((sum, { available }) => sum + available, 0n);
}
