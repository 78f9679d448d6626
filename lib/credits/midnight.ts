import { lockFunds } from "@/lib/credits/account";
import { grantCredits } from "@/lib/credits/movements";
import { beginsMonth, monthOf, nextPlanMonth } from "@/lib/credits/plan-month";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { readBookingPolicy } from "@/lib/fleet/policy";
import { log } from "@/lib/log";

/** The kind of the rows in `period` that say which days are done. */
const PERIOD = "credits";
const DAY_MS = 86_400_000;
/** Projects that are looked up at a time. Each is a transaction of its own, so none waits for another's. */
const CHUNK = 500;

export type MidnightResult = {
  days: number;
  expired_grants: number;
  expired: string;
  rolled: string;
  plan_grants: number;
};

/**
 * The bookkeeping of each midnight UTC that is not done yet, in order: books what has run out and what rolls over, and
 * on the first of a month gives premium projects what their plan grants. A day is done when its row in `period` is
 * there. Everything it does is done once per grant or month whoever repeats it, so it may be killed anywhere, run late
 * and run twice at once. On a new installation it begins with today.
 * @param now the database's time unless told
 */
export async function keepBooks(now?: Date): Promise<MidnightResult> {
  const time = now ?? (await databaseNow(db));
  const today = Math.floor(time.getTime() / DAY_MS) * DAY_MS;
  const done = await db.period.findFirst({ where: { kind: PERIOD }, orderBy: { day: "desc" }, select: { day: true } });
  const all: MidnightResult = { days: 0, expired_grants: 0, expired: "0", rolled: "0", plan_grants: 0 };
  for (let day = done ? done.day.getTime() + DAY_MS : today; day <= today; day += DAY_MS) {
    const result = await keepBooksOf(new Date(day), time);
    all.days += 1;
    all.expired_grants += result.expired_grants;
    all.expired = String(BigInt(all.expired) + BigInt(result.expired));
    all.rolled = String(BigInt(all.rolled) + BigInt(result.rolled));
    all.plan_grants += result.plan_grants;
  }
  return all;
}

async function keepBooksOf(day: Date, now: Date): Promise<MidnightResult> {
  const run = await bookAllRunOuts(day, now);
  const planGrants = beginsMonth(day) ? await grantPlans(day, now) : 0;
  const result = { days: 1, ...run, plan_grants: planGrants };
  // Another worker that does the same at the same time found the rest done; one of the two rows stands.
  await db.period.createMany({ data: [{ kind: PERIOD, day, result }], skipDuplicates: true });
  return result;
}

async function bookAllRunOuts(day: Date, now: Date) {
  let grants = 0;
  let expired = 0n;
  let rolled = 0n;
  for (let after = ""; ; ) {
    const projects = await db.$queryRaw<{ project_id: string }[]>`
      SELECT DISTINCT project_id FROM credit_grant
       WHERE available > 0 AND expires_at <= ${day} AND project_id > ${after} ORDER BY project_id LIMIT ${CHUNK}`;
    for (const { project_id } of projects) {
      const { booked } = await transaction((tx) => lockFunds(tx, project_id, now));
      grants += booked.grants;
      expired += booked.expired;
      rolled += booked.rolled;
    }
    const last = projects.at(-1);
    if (!last || projects.length < CHUNK) break;
    after = last.project_id;
  }
  return { expired_grants: grants, expired: String(expired), rolled: String(rolled) };
}

/** Gives each premium project that was there on the day the month's grant, once. @returns how many were made */
async function grantPlans(day: Date, now: Date): Promise<number> {
  const { plan } = await readBookingPolicy();
  if (plan.monthly_micros === 0) return 0;
  const key = `plan:${monthOf(day)}`;
  const amount = BigInt(plan.monthly_micros);
  let made = 0;
  for (let after = ""; ; ) {
    const projects = await db.$queryRaw<{ id: string }[]>`
      SELECT p.id FROM project p
       WHERE p.plan = 'premium' AND p.created_at <= ${day} AND p.id > ${after}
         AND NOT EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.project_id = p.id AND t.key = ${key})
       ORDER BY p.id LIMIT ${CHUNK}`;
    for (const { id } of projects) {
      if (await grantPlan(id, { key, month: monthOf(day), amount, expiresAt: nextPlanMonth(day), now })) made += 1;
    }
    const last = projects.at(-1);
    if (!last || projects.length < CHUNK) break;
    after = last.id;
  }
  return made;
}

type PlanGrant = { key: string; month: string; amount: bigint; expiresAt: Date; now: Date };

/** @returns false for a project that cannot take it, which must not keep the others from theirs */
async function grantPlan(projectId: string, { month, ...grant }: PlanGrant): Promise<boolean> {
  try {
    await transaction((tx) =>
      grantCredits(tx, { ...grant, projectId, source: "plan", note: `Plan, ${month}`, by: "system" }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn({ err: error, project: projectId, month }, "a project could not be given its plan's credits");
    return false;
  }
}
