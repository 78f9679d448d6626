import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { lesser } from "@/lib/contracts/money";

const DAY_MS = 86_400_000;
const WHOLE_BPS = 10_000n;

export type PlanRules = BookingPolicy["plan"];

/** The first midnight UTC that is not before the time. */
export function ceilToMidnight(time: Date): Date {
  return new Date(Math.ceil(time.getTime() / DAY_MS) * DAY_MS);
}

/**
 * What of a grant rolls over when it runs out: of a plan's grants the policy's share of what is left, rounded down, up to
 * its cap; of all others nothing. What rolled over is a grant of another source, so it never rolls again.
 * @returns null when nothing rolls over
 */
export function rollOver(
  grant: { source: string; available: bigint; expiresAt: Date },
  rules: PlanRules,
): { amount: bigint; expiresAt: Date } | null {
  if (grant.source !== "plan" || grant.available <= 0n) return null;
  const share = (grant.available * BigInt(rules.rollover_bps)) / WHOLE_BPS;
  const amount = lesser(share, BigInt(rules.rollover_cap_micros));
  if (amount <= 0n) return null;
  return { amount, expiresAt: ceilToMidnight(new Date(grant.expiresAt.getTime() + rules.rollover_days * DAY_MS)) };
}

/** When what cannot go back to a grant that has run out runs out itself: a midnight UTC, at least so many days away. */
export function graceEnd(now: Date, graceDays: number): Date {
  return ceilToMidnight(new Date(now.getTime() + graceDays * DAY_MS));
}
