import { toJsonMicros } from "@/lib/contracts/money";
import { type Price, refundRate, usedMicros } from "@/lib/contracts/pricing";
import type { Settlement } from "@/lib/contracts/reservations";
import { captureCredits, type GrantSlice, holdCredits, releaseCredits, spendable } from "@/lib/credits/movements";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import type { Scene } from "@/lib/reservations/scene";
import type { Part } from "@/lib/reservations/segments";

/** What a change did to credits, in micro-credits. */
export type Money = {
  charge: bigint;
  refund: bigint;
  fee: bigint;
  /** null: nothing was given back. */
  refundBps: number | null;
};

export type Settled = Money & { slices: GrantSlice[] };

const WHOLE_BPS = 10_000;

type Held = Pick<ReservationRow, "id" | "projectId">;

/**
 * The share that comes back of what is given back. What was only held comes back whole, and so does what becomes cheaper
 * without anything being given back; otherwise the notice before the first part that goes counts, and no better than it
 * was at any time at which the booking was moved.
 */
export function rateOfGivingBack(
  { policy, now }: Pick<Scene, "policy" | "now">,
  row: Pick<ReservationRow, "status" | "refundCapBps">,
  gone: readonly Part[],
): number {
  const first = gone[0];
  if (row.status === "held" || !first) return WHOLE_BPS;
  return Math.min(refundRate(policy, first.from - now.getTime()), row.refundCapBps);
}

/** What a change of the total means: a charge, or a refund by the rate and a fee for the rest. */
export function difference(before: bigint, after: bigint, rateBps: number): Money {
  if (after >= before) return { charge: after - before, refund: 0n, fee: 0n, refundBps: null };
  const value = before - after;
  const refund = (value * BigInt(rateBps)) / BigInt(WHOLE_BPS);
  return { charge: 0n, refund, fee: value - refund, refundBps: rateBps };
}

/** Holds what is charged, or ends the holding of what is given back. @throws AppError "insufficient_credits" */
export async function settle({ tx, by, now, policy }: Scene, row: Held, money: Money): Promise<Settled> {
  const of = { projectId: row.projectId, reservationId: row.id, by, now };
  const { charge, refund, fee } = money;
  if (charge > 0n) return { ...money, slices: await holdCredits(tx, { ...of, amount: charge }) };
  if (refund + fee === 0n) return { ...money, slices: [] };
  return { ...money, slices: await releaseCredits(tx, { ...of, refund, fee, policy }) };
}

/** What is captured once everything used up by a time is. */
export function capturedBy(row: Pick<ReservationRow, "capturedMicros">, price: Price, at: Date): bigint {
  const used = usedMicros(price, at);
  if (used < row.capturedMicros) return row.capturedMicros;
  return used;
}

/** Spends what has been used up by a time; what was captured already stays captured. @returns all that is captured now */
export async function captureUntil(
  { tx, by, now }: Pick<Scene, "tx" | "by" | "now">,
  row: Held & Pick<ReservationRow, "capturedMicros">,
  price: Price,
  at: Date,
): Promise<bigint> {
  const captured = capturedBy(row, price, at);
  const amount = captured - row.capturedMicros;
  if (amount > 0n) await captureCredits(tx, { projectId: row.projectId, reservationId: row.id, amount, by, now });
  return captured;
}

export async function presentSettlement(
  { tx, projectId, now }: Pick<Scene, "tx" | "projectId" | "now">,
  { charge, refund, fee, refundBps, slices }: Settled,
): Promise<Settlement> {
  return {
    charge_micros: toJsonMicros(charge),
    refund_micros: toJsonMicros(refund),
    fee_micros: toJsonMicros(fee),
    refund_bps: refundBps,
    grants: slices.map((slice) => ({
      grant_id: slice.grantId,
      source: slice.source,
      amount_micros: toJsonMicros(slice.amount),
      expires_at: slice.expiresAt?.toISOString() ?? null,
      replaced: slice.replaced,
    })),
    available_after_micros: toJsonMicros(await spendable(tx, projectId, now)),
  };
}

/** For the history: only what is not zero. */
export function moneyFacts({ charge, refund, fee }: Money): Record<string, number> {
  return {
    ...(charge > 0n && { charged_micros: toJsonMicros(charge) }),
    ...(refund > 0n && { refunded_micros: toJsonMicros(refund) }),
    ...(fee > 0n && { fee_micros: toJsonMicros(fee) }),
  };
}
