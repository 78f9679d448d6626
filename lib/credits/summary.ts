import { type Actor, authorise } from "@/lib/accounts/actor";
import { CREDIT_LIMITS, type CreditSummary, creditSummarySchema } from "@/lib/contracts/credits";
import { toJsonMicros } from "@/lib/contracts/money";
import { type Price, priceSchema, usedMicros } from "@/lib/contracts/pricing";
import { forecast } from "@/lib/credits/forecast";
import { type Fund, readFunds, spendableFunds } from "@/lib/credits/funds";
import { nextPlanMonth } from "@/lib/credits/plan-month";
import { type PlanRules, rollOver } from "@/lib/credits/rollover";
import type { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { readBookingPolicy } from "@/lib/fleet/policy";

const DAY_MS = 86_400_000;

type Booking = { price: Price; captured: bigint; held: bigint };

/** Balance, what runs out when, and the forecast, all of one moment. */
export async function getCredits(actor: Actor, now = new Date()): Promise<CreditSummary> {
  authorise(actor, "credits:read");
  const { projectId } = actor;
  // One snapshot: figures of different moments would not add up.
  return transaction(
    async (tx) => {
      const { plan: rules } = await readBookingPolicy(tx);
      const funds = spendableFunds(await readFunds(tx, projectId), now, rules);
      const bookings = await readBookings(tx, projectId);
      const account = await tx.creditAccount.findUnique({ where: { projectId }, select: { held: true } });
      const pace = await readPace(tx, projectId, now);
      const project = await tx.project.findUniqueOrThrow({ where: { id: projectId }, select: { plan: true } });
      const { points, enoughUntil } = forecast({
        funds,
        heldAt: (at) => bookings.reduce((sum, booking) => sum + heldAt(booking, at), 0n),
        now,
        days: CREDIT_LIMITS.forecastDays,
        rules,
        pace,
      });
      const expiring = expiringOf(funds, rules);
      const total = (some: readonly Fund[]) => toJsonMicros(some.reduce((sum, { available }) => sum + available, 0n));
      return creditSummarySchema.parse({
        as_of: now.toISOString(),
        available_micros: total(funds),
        held_micros: toJsonMicros(account?.held ?? 0n),
        never_expires_micros: total(funds.filter(({ expiresAt }) => expiresAt === null)),
        expiring,
        suggestion: suggestionOf(expiring, now),
        plan:
          project.plan === "premium" && rules.monthly_micros > 0
            ? { amount_micros: rules.monthly_micros, next_at: nextPlanMonth(now).toISOString() }
            : null,
        forecast: {
          points: points.map(({ at, available, held }) => ({
            at: at.toISOString(),
            available_micros: toJsonMicros(available),
            held_micros: toJsonMicros(held),
          })),
          pace_micros_per_day: toJsonMicros(pace),
          enough_until: enoughUntil?.toISOString() ?? null,
        },
      });
    },
    { isolation: "RepeatableRead" },
  );
}

function expiringOf(funds: readonly Fund[], rules: PlanRules): CreditSummary["expiring"] {
  const ending = funds.filter((fund): fund is Fund & { expiresAt: Date } => fund.expiresAt !== null);
  const byEnd = Map.groupBy(ending, ({ expiresAt }) => expiresAt.getTime());
  return [...byEnd]
    .toSorted(([a], [b]) => a - b)
    .map(([end, group]) => ({
      expires_at: new Date(end).toISOString(),
      amount_micros: toJsonMicros(group.reduce((sum, { available }) => sum + available, 0n)),
      rolls_over_micros: toJsonMicros(group.reduce((sum, fund) => sum + (rollOver(fund, rules)?.amount ?? 0n), 0n)),
      grants: group.map(({ id, source, available }) => ({
        grant_id: id,
        source: source as CreditSummary["expiring"][number]["grants"][number]["source"],
        amount_micros: toJsonMicros(available),
      })),
    }));
}

function suggestionOf(expiring: CreditSummary["expiring"], now: Date): CreditSummary["suggestion"] {
  const next = expiring[0];
  if (!next || Date.parse(next.expires_at) - now.getTime() > CREDIT_LIMITS.suggestDays * DAY_MS) return null;
  const grant = next.grants.toSorted((a, b) => b.amount_micros - a.amount_micros)[0];
  return grant ? { ...grant, amount_micros: next.amount_micros, expires_at: next.expires_at } : null;
}

/** What is still held at a time: what is held now without what will have been used since the last capture. */
function heldAt({ price, captured, held }: Booking, at: Date): bigint {
  const toCapture = usedMicros(price, at) - captured;
  if (toCapture <= 0n) return held;
  return toCapture < held ? held - toCapture : 0n;
}

async function readBookings(tx: Tx, projectId: string): Promise<Booking[]> {
  const rows = await tx.$queryRaw<{ price: unknown; captured: bigint; held: bigint }[]>`
    SELECT r.price, r.captured_micros AS captured, h.held
      FROM reservation r
      JOIN (SELECT reservation_id, sum(held)::bigint AS held FROM credit_hold WHERE project_id = ${projectId} AND held > 0
             GROUP BY reservation_id) h ON h.reservation_id = r.id
     WHERE r.project_id = ${projectId}`;
  return rows.map(({ price, ...booking }) => ({ ...booking, price: priceSchema.parse(price) }));
}

/** What went into bookings a day of late, less what came back; never below 0. */
async function readPace(client: Tx | typeof db, projectId: string, now: Date): Promise<bigint> {
  const since = new Date(now.getTime() - CREDIT_LIMITS.paceDays * DAY_MS);
  const [row] = await client.$queryRaw<[{ taken: bigint }]>`
    SELECT coalesce(-sum(available_delta), 0)::bigint AS taken FROM ledger_transaction
     WHERE project_id = ${projectId} AND kind IN ('hold', 'release') AND created_at >= ${since} AND created_at <= ${now}`;
  const perDay = row.taken / BigInt(CREDIT_LIMITS.paceDays);
  return perDay > 0n ? perDay : 0n;
}
