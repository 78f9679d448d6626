import { type Actor, authorise } from "@/lib/accounts/actor";
import type { DeliveryClauses } from "@/lib/contracts/deliveries";
import { DELIVERY_LOG_LIMITS, type DeliveryBucket, type DeliveryHistogram } from "@/lib/contracts/delivery-log";
import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";
import { firstIdAt, timeOfId } from "@/lib/ids";
import { boundOf, type Scope, scopeOf, selectRows } from "@/lib/webhooks/delivery-scope";
import { type Buckets, bucketsOf } from "@/lib/webhooks/time-buckets";

/** Ends of a stretch in Unix ms; `complete`: whether everything that the filter means lies in it. */
type Stretch = { from: number; to: number; complete: boolean };
type Counted = { at: Date; status: string; count: number };

const EVERYTHING = Prisma.sql`true`;

/**
 * What became of the deliveries that a filter means, by the time when they were created. The counts are exact: past
 * DELIVERY_LOG_LIMITS.counted rows the stretch is shortened instead, to whole buckets, and `complete` is false.
 * @param most rows that may be counted
 */
export async function getHistogram(
  actor: Actor,
  clauses: DeliveryClauses,
  now: Date,
  most: number = DELIVERY_LOG_LIMITS.counted,
): Promise<DeliveryHistogram> {
  authorise(actor, "deliveries:read");
  const scope = await scopeOf({ projectId: actor.projectId, now }, clauses);
  const stretch = await stretchOf(scope, clauses, now, most);
  let buckets = bucketsOf(stretch.from, stretch.to, DELIVERY_LOG_LIMITS.buckets);
  if (!stretch.complete && buckets.first < stretch.from && buckets.count > 1) {
    // The first bucket would be counted in part.
    buckets = { ...buckets, first: buckets.first + buckets.step, count: buckets.count - 1 };
  }
  const from = stretch.complete ? stretch.from : Math.max(stretch.from, buckets.first);
  const counted = scope.branches.length === 0 ? [] : await count(scope, from, buckets);
  const filled = fill(buckets, counted);
  return {
    from: new Date(from).toISOString(),
    to: new Date(stretch.to).toISOString(),
    bucket_s: buckets.step / 1000,
    buckets: filled,
    total: counted.reduce((sum, row) => sum + row.count, 0),
    complete: stretch.complete,
  };
}

/** Without a beginning of its own the stretch begins with the oldest row. */
async function stretchOf(scope: Scope, clauses: DeliveryClauses, now: Date, most: number): Promise<Stretch> {
  const to = Math.max(clauses.to === undefined ? now.getTime() : Date.parse(clauses.to), 1);
  const bound = await boundOf(scope, EVERYTHING, most);
  if (bound !== null) return { from: timeOfId(bound).getTime(), to, complete: false };
  if (clauses.from !== undefined) return { from: Math.min(Date.parse(clauses.from), to), to, complete: true };
  const oldest = await oldestOf(scope);
  return { from: oldest === null ? to - 3_600_000 : Math.min(timeOfId(oldest).getTime(), to), to, complete: true };
}

async function oldestOf({ branches }: Scope): Promise<string | null> {
  if (branches.length === 0) return null;
  const oldest = branches.map(
    ({ condition }) => Prisma.sql`(SELECT id FROM delivery WHERE ${condition} ORDER BY id LIMIT 1)`,
  );
  const [row] = await db.$queryRaw<{ id: string | null }[]>`
    SELECT min(id) AS id FROM (${Prisma.join(oldest, " UNION ALL ")}) AS ends`;
  return row?.id ?? null;
}

/** Rows are placed by their time of creation, which is that of their id. */
async function count(scope: Scope, from: number, { first, step, count: length }: Buckets): Promise<Counted[]> {
  const last = first + (length - 1) * step;
  const at = Prisma.sql`date_bin(make_interval(secs => ${step / 1000}::float8), created_at, ${new Date(first)}::timestamptz)`;
  const rows = selectRows(
    scope,
    Prisma.sql`${at} AS bin, status`,
    Prisma.sql`id >= ${firstIdAt("delivery", new Date(from))}`,
  );
  return db.$queryRaw<Counted[]>`
    SELECT least(greatest(bin, ${new Date(first)}::timestamptz), ${new Date(last)}::timestamptz) AS at, status, sum(n)::int AS count
      FROM (SELECT bin, status, count(*) AS n FROM (${rows}) AS counted GROUP BY bin, status) AS bins
     GROUP BY 1, 2`;
}

function fill({ first, step, count: length }: Buckets, counted: readonly Counted[]): DeliveryBucket[] {
  const buckets = Array.from({ length }, (_, index) => ({
    at: new Date(first + index * step).toISOString(),
    delivered: 0,
    failed: 0,
    pending: 0,
    cancelled: 0,
  }));
  for (const { at, status, count: number } of counted) {
    const bucket = buckets[Math.round((at.getTime() - first) / step)];
    if (bucket && isCountable(status)) bucket[status] += number;
  }
  return buckets;
}

function isCountable(status: string): status is "delivered" | "failed" | "pending" | "cancelled" {
  return status === "delivered" || status === "failed" || status === "pending" || status === "cancelled";
}
