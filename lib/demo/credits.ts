import type { GrantSource } from "@/lib/contracts/credits";
import { MICROS_PER_CREDIT } from "@/lib/contracts/money";
import { captureCredits, grantCredits, holdCredits, releaseCredits } from "@/lib/credits/movements";
import { nextPlanMonth } from "@/lib/credits/plan-month";
import type { Tx } from "@/lib/db/transaction";
import type { DemoProject } from "@/lib/demo/people";
import type { DemoReservation } from "@/lib/demo/reservation-rows";
import { readBookingPolicy } from "@/lib/fleet/policy";

const DAY_MS = 24 * 3600 * 1000;
const CREDIT = BigInt(MICROS_PER_CREDIT);

type Movement = { at: Date; make: () => Promise<unknown> };

/**
 * Grants and everything that the bookings of a project did to its credits, in the order in which it happened, through the
 * movements that the product itself makes: what runs out on the way is booked by them.
 */
export async function moveDemoCredits(
  tx: Tx,
  { projectId, own }: DemoProject,
  reservations: readonly DemoReservation[],
  now: Date,
): Promise<void> {
  const policy = await readBookingPolicy(tx);
  const needed = reservations.reduce((sum, { price }) => sum + BigInt(price.total_micros), 0n);
  const movements: Movement[] = [
    ...grantsFor(needed, own, now).map(({ daysAgo, days, credits, source, note }) => {
      const at = new Date(now.getTime() - daysAgo * DAY_MS);
      return {
        at,
        make: () => give({ source, amount: credits * CREDIT, expiresAt: endOf(at, days, source), note, at }),
      };
    }),
    ...reservations.flatMap(({ row, price, settled }) => {
      const of = { projectId, reservationId: row.id };
      const hold = {
        at: row.createdAt,
        make: () =>
          holdCredits(tx, { ...of, amount: BigInt(price.total_micros), by: row.createdBy, now: row.createdAt }),
      };
      if (settled) {
        const { refund, fee } = settled;
        const at = row.endedAt ?? now;
        const release = () => releaseCredits(tx, { ...of, refund, fee, policy, by: row.createdBy, now: at });
        return [hold, { at, make: release }];
      }
      if (row.capturedMicros === 0n) return [hold];
      const at = row.endedAt ?? now;
      return [
        hold,
        { at, make: () => captureCredits(tx, { ...of, amount: row.capturedMicros, by: "system", now: at }) },
      ];
    }),
  ];
  for (const { make } of movements.toSorted((a, b) => a.at.getTime() - b.at.getTime())) await make();

  function give(grant: { source: GrantSource; amount: bigint; expiresAt: Date | null; note: string; at: Date }) {
    return grantCredits(tx, { ...grant, projectId, by: "system", now: grant.at });
  }
}

type DemoGrant = {
  daysAgo: number;
  /** How long it lasts; null: for ever. */
  days: number | null;
  credits: bigint;
  source: GrantSource;
  note: string;
};

/** Enough for all that is booked, of every source, some of it with little time left. */
function grantsFor(needed: bigint, own: boolean, now: Date): DemoGrant[] {
  const thousand = 1000n;
  const bought = ((needed / CREDIT + thousand) / thousand + 1n) * thousand;
  const purchase = { daysAgo: 59, days: null, credits: bought, source: "purchase", note: "Invoice 2026-0412" } as const;
  if (!own) return [purchase];
  // Of the last three months, the present one included; what was left of each rolled over.
  const plan = [60, 30, 0].map((days) => {
    const month = new Date(now.getTime() - days * DAY_MS);
    const first = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 1));
    const daysAgo = (now.getTime() - first.getTime()) / DAY_MS;
    return {
      daysAgo,
      days: null,
      credits: 1500n,
      source: "plan",
      note: `Plan, ${first.toISOString().slice(0, 7)}`,
    } as const;
  });
  return [
    purchase,
    ...plan.filter(({ daysAgo }) => daysAgo < purchase.daysAgo),
    { daysAgo: 40, days: 30, credits: 400n, source: "promo", note: "Welcome" },
    { daysAgo: 26, days: 365, credits: 5000n, source: "purchase", note: "Invoice 2026-0587" },
    { daysAgo: 9, days: 90, credits: 180n, source: "sla", note: "Two GPUs out of order for three hours" },
    { daysAgo: 0.0002, days: 7, credits: 750n, source: "promo", note: "Conference week" },
    { daysAgo: 0.5, days: 21, credits: 1200n, source: "manual", note: "For trying the new H100 pool" },
  ];
}

/** Grants run out at a midnight UTC; those of the plan with its month. */
function endOf(at: Date, days: number | null, source: GrantSource): Date | null {
  if (source === "plan") return nextPlanMonth(at);
  return days === null ? null : new Date(Math.ceil((at.getTime() + days * DAY_MS) / DAY_MS) * DAY_MS);
}
