import type { StoredBookingPolicy } from "@/lib/contracts/booking-policy";
import type { GpuType, Pool, PoolDetail } from "@/lib/contracts/fleet";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { type PoolCounts, toGpuType, toPool, toStoredPolicy } from "@/lib/fleet/view";

/** What anybody who is signed in, or has a key, may read. The fleet belongs to the installation: no project is asked for. */

type Client = Tx | typeof db;
type List<T> = { data: T[]; next_cursor: null };

const NONE: PoolCounts = { nodes: 0, units: 0, largest: 0 };

/** By name. */
export async function listGpuTypes(client: Client = db): Promise<List<GpuType>> {
  const rows = await client.gpuType.findMany({ orderBy: { name: "asc" } });
  return { data: rows.map(toGpuType), next_cursor: null };
}

/** By name, closed ones too. */
export async function listPools(client: Client = db): Promise<List<Pool>> {
  const rows = await client.pool.findMany({ include: { gpuType: true }, orderBy: { name: "asc" } });
  const counts = await countUnits(
    client,
    rows.map(({ id }) => id),
  );
  return { data: rows.map((row) => toPool(row, counts.get(row.id) ?? NONE)), next_cursor: null };
}

/** With its nodes and units in service. @throws AppError "not_found" */
export async function getPool(poolId: string, client: Client = db): Promise<PoolDetail> {
  const row = await client.pool.findUnique({
    where: { id: poolId },
    include: {
      gpuType: true,
      nodes: {
        where: { retiredAt: null },
        orderBy: { name: "asc" },
        include: { units: { where: { retiredAt: null }, orderBy: { lane: "asc" }, select: { id: true, lane: true } } },
      },
    },
  });
  if (!row) throw noPool();
  const { nodes } = row;
  const sizes = nodes.map(({ units }) => units.length);
  const counts = {
    nodes: nodes.length,
    units: sizes.reduce((sum, size) => sum + size, 0),
    largest: Math.max(0, ...sizes),
  };
  return { ...toPool(row, counts), nodes: nodes.map(({ id, name, units }) => ({ id, name, units })) };
}

/** The default until an admin saved another. */
export async function getBookingPolicy(client: Client = db): Promise<StoredBookingPolicy> {
  return toStoredPolicy(await client.bookingPolicy.findUnique({ where: { id: 1 } }));
}

export function noPool(): AppError {
  return new AppError("not_found", "There is no such pool.");
}

/** What is in service, by pool; a pool without nodes is absent. */
export async function countUnits(client: Client, poolIds: readonly string[]): Promise<Map<string, PoolCounts>> {
  const rows = await client.$queryRaw<(PoolCounts & { pool_id: string })[]>`
    SELECT pool_id, count(*)::int AS nodes, coalesce(sum(units), 0)::int AS units, coalesce(max(units), 0)::int AS largest
      FROM (SELECT n.pool_id, n.id, count(u.id)::int AS units
              FROM node n LEFT JOIN unit u ON u.node_id = n.id AND u.retired_at IS NULL
             WHERE n.retired_at IS NULL AND n.pool_id = ANY(${[...poolIds]}) GROUP BY n.pool_id, n.id) per_node
     GROUP BY pool_id`;
  return new Map(rows.map(({ pool_id, ...counts }) => [pool_id, counts]));
}
