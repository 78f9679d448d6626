import type { Administrator } from "@/lib/accounts/admin";
import { providerNameOf } from "@/lib/compute/providers";
import type { NodeHealth, PoolHealth } from "@/lib/contracts/failovers";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { AppError } from "@/lib/errors";
import { isId } from "@/lib/ids";

type Page<T> = { data: T[]; next_cursor: string | null };
type PageQuery = { cursor?: string | undefined; limit: number };

type PoolRow = {
  id: string;
  name: string;
  gpu_type: string;
  compute_provider: string | null;
  reserve_units: number;
  nodes: number;
  units: number;
  failed_units: number;
  taken: number;
  running: number;
  drill_id: string | null;
};

/** By id; the cursor is the last one of the page before. @throws AppError "invalid_cursor" */
export async function listPoolHealth(_admin: Administrator, { cursor, limit }: PageQuery): Promise<Page<PoolHealth>> {
  if (cursor !== undefined && !isId("pool", cursor)) throw wrongCursor();
  const now = await databaseNow(db);
  const rows = await db.$queryRaw<PoolRow[]>`
    SELECT p.id, p.name, t.name AS gpu_type, p.compute_provider, p.reserve_units,
           count(DISTINCT u.node_id)::int AS nodes, count(u.id)::int AS units,
           count(u.id) FILTER (WHERE u.health = 'failed')::int AS failed_units,
           (SELECT count(*)::int FROM allocation a
             WHERE a.pool_id = p.id AND a.blocks_from <= ${now} AND a.blocks_to > ${now}) AS taken,
           (SELECT count(*)::int FROM instance i
             WHERE i.pool_id = p.id AND i.status = 'running' AND i.ended_at IS NULL) AS running,
           (SELECT d.id FROM drill d WHERE d.pool_id = p.id AND d.status = 'running') AS drill_id
      FROM pool p JOIN gpu_type t ON t.id = p.gpu_type_id
      LEFT JOIN unit u ON u.pool_id = p.id AND u.retired_at IS NULL
     WHERE p.id > ${cursor ?? ""}
     GROUP BY p.id, t.name ORDER BY p.id LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit);
  const data = page.map(({ compute_provider, taken, ...row }) => ({
    ...row,
    compute_provider: providerNameOf({ computeProvider: compute_provider }),
    reserve_free: Math.max(0, Math.min(row.reserve_units, row.units - taken)),
  }));
  return { data, next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

type NodeRow = {
  id: string;
  name: string;
  running: number;
  booked: number;
  units: NodeHealth["units"];
  since: Date | null;
};

/** By id, those that failed with what is wrong. @throws AppError "not_found", "invalid_cursor" */
export async function listNodeHealth(
  _admin: Administrator,
  poolId: string,
  { cursor, limit, failed }: PageQuery & { failed?: "true" | undefined },
): Promise<Page<NodeHealth>> {
  if (cursor !== undefined && !isId("node", cursor)) throw wrongCursor();
  if ((await db.pool.count({ where: { id: poolId } })) === 0) throw new AppError("not_found", "There is no such pool.");
  const now = await databaseNow(db);
  const rows = await db.$queryRaw<NodeRow[]>`
    SELECT n.id, n.name, min(u.health_since) FILTER (WHERE u.health = 'failed') AS since,
           json_agg(json_build_object('id', u.id, 'lane', u.lane, 'health', u.health, 'cause', u.health_cause)
                    ORDER BY u.lane) AS units,
           (SELECT count(*)::int FROM instance i
             WHERE i.node_id = n.id AND i.status = 'running' AND i.ended_at IS NULL) AS running,
           (SELECT count(*)::int FROM allocation a JOIN unit b ON b.id = a.unit_id
             WHERE b.node_id = n.id AND a.kind = 'booking' AND a.starts_at <= ${now} AND a.ends_at > ${now}) AS booked
      FROM node n JOIN unit u ON u.node_id = n.id AND u.retired_at IS NULL
     WHERE n.pool_id = ${poolId} AND n.retired_at IS NULL AND n.id > ${cursor ?? ""}
     GROUP BY n.id
    HAVING ${failed !== "true"} OR count(*) FILTER (WHERE u.health = 'failed') > 0
     ORDER BY n.id LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit);
  const data = page.map(({ since, ...row }) => {
    const broken = row.units.filter(({ health }) => health === "failed");
    return {
      ...row,
      gpu_count: row.units.length,
      failed: broken.length,
      cause: broken[0]?.cause ?? null,
      since: since?.toISOString() ?? null,
    };
  });
  return { data, next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

function wrongCursor(): AppError {
  return new AppError(
    "invalid_cursor",
    "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
  );
}
