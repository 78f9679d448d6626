import { setTimeout as sleep } from "node:timers/promises";
import { COST_PERIODS, type CostPeriod } from "@/lib/contracts/costs";
import { toJsonMicros } from "@/lib/contracts/money";
import { type Period, periodAt, periodBefore } from "@/lib/costs/periods";
import { readBookedOf, readRunning } from "@/lib/costs/spent";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { asTheOnlyOne } from "@/lib/db/only-one";
import { type Tx, transaction } from "@/lib/db/transaction";
import type { CostThreshold as ThresholdRow } from "@/lib/generated/prisma/client";
import { log } from "@/lib/log";
import { emit } from "@/lib/webhooks/emit";

/** Milliseconds between two looks. */
const POLL_MS = 15_000;

/** A period is looked at once more so long after its end, in ms: by then the ledger has booked what ran at its end. */
const SETTLED_MS = 15 * 60_000;

/** Watches the thresholds until the signal. Every worker runs it; one of them at a time looks. */
export async function runCosts(signal: AbortSignal): Promise<void> {
  const lookedBack = new Set<string>();
  while (!signal.aborted) {
    try {
      await asTheOnlyOne("cost thresholds", () => watchThresholds({ lookedBack }));
    } catch (err) {
      log.warn({ err }, "thresholds of cost could not be looked at");
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Reports every threshold that its period's cost has reached: of the period now and, once after its end, of the one
 * before, so that nothing is missed while no worker runs. A crossing's key lets it be reported once, whoever looks.
 * @param lookedBack the periods that have been looked at after their end
 * @returns how many were reported
 */
export async function watchThresholds({
  now: at,
  lookedBack = new Set(),
}: {
  now?: Date;
  lookedBack?: Set<string>;
} = {}): Promise<number> {
  const now = at ?? (await databaseNow(db));
  let reported = 0;
  for (const kind of COST_PERIODS) {
    const before = periodBefore(kind, now);
    const seen = `${kind} ${before.start.toISOString()}`;
    if (!lookedBack.has(seen) && now.getTime() >= before.end.getTime() + SETTLED_MS) {
      reported += await look(kind, before, now);
      lookedBack.add(seen);
    }
    reported += await look(kind, periodAt(kind, now), now);
  }
  return reported;
}

/** What the projects cost in a period: booked and, in one that holds this moment, used up and not booked yet. */
export async function costsOf(
  client: Tx | typeof db,
  projectIds: readonly string[],
  period: Period,
  now: Date,
): Promise<Map<string, bigint>> {
  const costs = await readBookedOf(client, projectIds, period);
  if (period.start <= now && now < period.end) {
    for (const { projectId, running } of await readRunning(client, projectIds, now)) {
      costs.set(projectId, (costs.get(projectId) ?? 0n) + running);
    }
  }
  return costs;
}

async function look(kind: CostPeriod, period: Period, now: Date): Promise<number> {
  const thresholds = await db.costThreshold.findMany({
    // Whoever sets one wants to hear of what comes, not of a period that was over.
    where: { period: kind, createdAt: { lt: period.end }, crossings: { none: { periodStart: period.start } } },
    orderBy: [{ projectId: "asc" }, { amountMicros: "asc" }, { id: "asc" }],
  });
  if (thresholds.length === 0) return 0;
  const costs = await costsOf(db, [...new Set(thresholds.map(({ projectId }) => projectId))], period, now);
  let reported = 0;
  for (const threshold of thresholds) {
    const cost = costs.get(threshold.projectId) ?? 0n;
    if (cost >= threshold.amountMicros && (await report(threshold, period, cost, now))) reported += 1;
  }
  return reported;
}

async function report(threshold: ThresholdRow, { start, end }: Period, cost: bigint, now: Date): Promise<boolean> {
  const { id, projectId, amountMicros, period } = threshold;
  return transaction(async (tx) => {
    const stored = await tx.$executeRaw`
      INSERT INTO cost_crossing (threshold_id, period_start, project_id, amount_micros, cost_micros, crossed_at)
      SELECT id, ${start}, project_id, amount_micros, ${cost}, ${now} FROM cost_threshold WHERE id = ${id} FOR KEY SHARE
      ON CONFLICT (threshold_id, period_start) DO NOTHING`;
    if (stored === 0) return false;
    await emit(tx, projectId, {
      type: "cost.threshold",
      data: {
        threshold_id: id,
        period,
        threshold_micros: toJsonMicros(amountMicros),
        cost_micros: toJsonMicros(cost),
        period_start: start.toISOString(),
        period_end: end.toISOString(),
      },
      source: "platform",
      occurredAt: now,
    });
    return true;
  });
}
