import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Statistics, StatisticsQuery } from "@/lib/contracts/statistics";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { notFound } from "@/lib/errors";
import { Prisma } from "@/lib/generated/prisma/client";
import { type BucketRange, bucketRange, previousRange } from "@/lib/statistics/range";
import { addSums, NO_SUMS, SUM_COLUMNS, type Sums, toTraffic } from "@/lib/statistics/traffic";

const DAY_MS = 24 * 3600 * 1000;

/** The condition on webhook_stat that says whose rows are added up. */
type Scope = Prisma.Sql;

/** @throws AppError "not_found", "validation_failed" for a range that is empty or too long. */
export async function webhookStatistics(
  actor: Actor,
  webhookId: string,
  query: StatisticsQuery,
  now: Date,
): Promise<Statistics> {
  authorise(actor, "webhooks:read");
  const where = { id: webhookId, projectId: actor.projectId, deletedAt: null, workflowId: null };
  if ((await db.webhook.count({ where })) === 0) throw notFound("webhook");
  return statistics(Prisma.sql`project_id = ${actor.projectId} AND webhook_id = ${webhookId}`, query, now);
}

/** Over all webhooks, those since deleted included. @throws AppError "validation_failed". */
export async function projectStatistics(actor: Actor, query: StatisticsQuery, now: Date): Promise<Statistics> {
  authorise(actor, "webhooks:read");
  return statistics(Prisma.sql`project_id = ${actor.projectId}`, query, now);
}

async function statistics(scope: Scope, query: StatisticsQuery, now: Date): Promise<Statistics> {
  const range = bucketRange(query, now.getTime());
  const before = previousRange(range, now.getTime());
  // What was pruned in part would look like growth.
  const kept = before.from >= now.getTime() - env.RETENTION_DAYS * DAY_MS;
  const [rows, previous] = await Promise.all([readBuckets(scope, range), kept ? readTotal(scope, before) : null]);
  const bucketOf = new Map(rows.map((row) => [row.start.getTime(), row]));
  const starts = Array.from(
    { length: (range.to - range.from) / range.bucketMs },
    (_, index) => range.from + index * range.bucketMs,
  );
  return {
    from: iso(range.from),
    to: iso(range.to),
    bucket_s: range.bucketMs / 1000,
    buckets: starts.map((start) => ({ start: iso(start), ...toTraffic(bucketOf.get(start) ?? NO_SUMS) })),
    totals: toTraffic(rows.reduce(addSums, NO_SUMS)),
    previous: previous && { from: iso(before.from), to: iso(before.to), ...toTraffic(previous) },
  };
}

type BucketRow = Sums & { start: Date };

async function readBuckets(scope: Scope, { from, to, bucketMs }: BucketRange): Promise<BucketRow[]> {
  return db.$queryRaw<BucketRow[]>`
    SELECT date_bin(make_interval(secs => ${bucketMs / 1000}::float8), minute, 'epoch') AS start, ${Prisma.raw(SUM_COLUMNS)}
      FROM webhook_stat WHERE ${scope} AND minute >= ${new Date(from)} AND minute < ${new Date(to)} GROUP BY 1`;
}

async function readTotal(scope: Scope, { from, to }: { from: number; to: number }): Promise<Sums> {
  const rows = await db.$queryRaw<Sums[]>`
    SELECT ${Prisma.raw(SUM_COLUMNS)}
      FROM webhook_stat WHERE ${scope} AND minute >= ${new Date(from)} AND minute < ${new Date(to)}`;
  return rows[0] ?? NO_SUMS;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
