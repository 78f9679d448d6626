import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Administrator } from "@/lib/accounts/admin";
import type { AdminFailover, Failover } from "@/lib/contracts/failovers";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { presentFailover } from "@/lib/failover/view";
import type { Failover as FailoverRow, Prisma } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";

type Page<T> = { data: T[]; next_cursor: string | null };
type Query = {
  cursor?: string | undefined;
  limit: number;
  status?: string | undefined;
  reservation_id?: string | undefined;
};

/** Newest first; the cursor is the last id of the page before. @throws AppError "forbidden", "invalid_cursor" */
export async function listFailovers(actor: Actor, query: Query): Promise<Page<Failover>> {
  authorise(actor, "instances:read");
  const { rows, next_cursor } = await pageOf({ projectId: actor.projectId }, query);
  const pools = await poolsOf(rows);
  return { data: rows.map((row) => presentFailover(row, pools)), next_cursor };
}

/** The same of all projects, with their names. @throws AppError "invalid_cursor" */
export async function listAdminFailovers(
  _admin: Administrator,
  query: Query & { pool_id?: string | undefined; drill_id?: string | undefined },
): Promise<Page<AdminFailover>> {
  const { rows, next_cursor } = await pageOf(
    { ...(query.pool_id && { poolId: query.pool_id }), ...(query.drill_id && { drillId: query.drill_id }) },
    query,
  );
  const [pools, projects] = await Promise.all([
    poolsOf(rows),
    db.project.findMany({
      where: { id: { in: rows.map(({ projectId }) => projectId) } },
      select: { id: true, name: true },
    }),
  ]);
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  const data = rows.map((row) => ({
    ...presentFailover(row, pools),
    project: { id: row.projectId, name: names.get(row.projectId) ?? "" },
  }));
  return { data, next_cursor };
}

async function pageOf(
  where: Prisma.FailoverWhereInput,
  { cursor, limit, status, reservation_id }: Query,
): Promise<{ rows: FailoverRow[]; next_cursor: string | null }> {
  if (cursor !== undefined && !isId("failover", cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.failover.findMany({
    where: {
      ...where,
      ...(status && { status }),
      ...(reservation_id && { reservationId: reservation_id }),
      ...(cursor && { id: { lt: cursor } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return { rows: page, next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

async function poolsOf(rows: readonly FailoverRow[]): Promise<Map<string, { id: string; name: string }>> {
  const ids = rows.flatMap(({ poolId, toPoolId }) => (toPoolId === null ? [poolId] : [poolId, toPoolId]));
  const pools = await db.pool.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(pools.map((pool) => [pool.id, pool]));
}
