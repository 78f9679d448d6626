import { type BookingPolicy, DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import type { Burnable } from "@/lib/credits/burn-order";
import { type PlanRules, rollOver } from "@/lib/credits/rollover";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { readBookingPolicy } from "@/lib/fleet/policy";

/** A grant with something left to spend. */
export type Fund = Burnable;

/** What of a grant that has run out becomes of it: so much rolls over into a new grant, the rest expires. */
export type RunOut<F extends Fund = Fund> = {
  grant: F & { expiresAt: Date };
  rolled: { amount: bigint; expiresAt: Date } | null;
};

/** The project's grants with something left, those that have run out among them. */
export function readFunds(client: Tx | typeof db, projectId: string): Promise<Fund[]> {
  return client.$queryRaw<Fund[]>`
    SELECT id, source, available, priority, expires_at AS "expiresAt", created_at AS "createdAt"
      FROM credit_grant WHERE project_id = ${projectId} AND available > 0`;
}

/** Whether a grant has run out: its time is half-open, so at expires_at it has. */
export function hasRunOut<G extends { expiresAt: Date | null }>(grant: G, now: Date): grant is G & { expiresAt: Date } {
  return grant.expiresAt !== null && grant.expiresAt <= now;
}

/** The grants that have run out by now, in the order of their ends, each with what rolls over. Pure. */
export function runOuts<F extends Fund>(funds: readonly F[], now: Date, rules: PlanRules): RunOut<F>[] {
  return funds
    .filter((fund) => hasRunOut(fund, now))
    .toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime() || (a.id < b.id ? -1 : 1))
    .map((grant) => ({ grant, rolled: rollOver(grant, rules) }));
}

/**
 * What can be spent now, whatever is booked so far: without what has run out, and with what rolls over of it. A rolled
 * part that is not booked yet goes under the id of the grant it comes from.
 */
export function spendableFunds<F extends Fund>(funds: readonly F[], now: Date, rules: PlanRules): F[] {
  const rolled = runOuts(funds, now, rules).flatMap(({ grant, rolled }) =>
    rolled === null
      ? []
      : [{ ...grant, source: "rollover", available: rolled.amount, expiresAt: rolled.expiresAt, createdAt: now }],
  );
  return [...funds, ...rolled].filter((fund) => !hasRunOut(fund, now));
}

/** The rules for rolling over, read only where one of the grants is concerned by them. */
export async function rulesFor(client: Tx | typeof db, funds: readonly Fund[], now: Date): Promise<PlanRules> {
  const concerned = funds.some((fund) => fund.source === "plan" && hasRunOut(fund, now));
  const { plan }: BookingPolicy = concerned ? await readBookingPolicy(client) : DEFAULT_BOOKING_POLICY;
  return plan;
}
