import type { Administrator } from "@/lib/accounts/admin";
import type { Maintenance, MaintenanceState } from "@/lib/contracts/maintenance";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { noPool } from "@/lib/fleet/queries";
import { Prisma } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";

type Client = Tx | typeof db;
type Query = { cursor?: string | undefined; limit: number; from?: string | undefined; to?: string | undefined };
type Page = { data: Maintenance[]; next_cursor: string | null };

/** Of all pools, by start: what has not ended, or what overlaps a range. @throws AppError "invalid_cursor" */
export function listMaintenance(_admin: Administrator, query: Query, now = new Date()): Promise<Page> {
  return list(null, query, now);
}

/** The same of one pool. @throws AppError "not_found", "invalid_cursor" */
export async function listPoolMaintenance(
  _admin: Administrator,
  poolId: string,
  query: Query,
  now = new Date(),
): Promise<Page> {
  if (!(await db.pool.findUnique({ where: { id: poolId }, select: { id: true } }))) throw noPool();
  return list(poolId, query, now);
}

/** @throws Error when there is none: the caller has just written it */
export async function readMaintenance(client: Client, id: string, now: Date): Promise<Maintenance> {
  const [found] = await present(client, [id], now);
  if (!found) throw new Error(`Maintenance ${id} is gone.`);
  return found;
}

async function list(poolId: string | null, { cursor, limit, from, to }: Query, now: Date): Promise<Page> {
  const after = cursor === undefined ? null : await cursorRow(cursor);
  const rows = await db.maintenance.findMany({
    where: {
      endsAt: { gt: from === undefined ? now : new Date(from) },
      ...(poolId !== null && { poolId }),
      ...(to !== undefined && { startsAt: { lt: new Date(to) } }),
      ...(after && {
        AND: { OR: [{ startsAt: { gt: after.startsAt } }, { startsAt: after.startsAt, id: { gt: after.id } }] },
      }),
    },
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
    take: limit + 1,
    select: { id: true },
  });
  const ids = rows.slice(0, limit).map(({ id }) => id);
  return { data: await present(db, ids, now), next_cursor: rows.length > limit ? (ids.at(-1) ?? null) : null };
}

async function cursorRow(cursor: string): Promise<{ id: string; startsAt: Date }> {
  const row = isId("maintenance", cursor)
    ? await db.maintenance.findUnique({ where: { id: cursor }, select: { id: true, startsAt: true } })
    : null;
  if (row) return row;
  throw new AppError(
    "invalid_cursor",
    "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
  );
}

type NodeRow = { maintenance_id: string; id: string; name: string; units: number };

/** In the order of the ids. */
async function present(client: Client, ids: readonly string[], now: Date): Promise<Maintenance[]> {
  if (ids.length === 0) return [];
  const rows = await client.maintenance.findMany({
    where: { id: { in: [...ids] } },
    include: { pool: { select: { id: true, name: true } } },
  });
  const nodes = await client.$queryRaw<NodeRow[]>`
    SELECT a.maintenance_id, n.id, n.name, count(DISTINCT u.id)::int AS units
      FROM allocation a JOIN unit u ON u.id = a.unit_id JOIN node n ON n.id = u.node_id
     WHERE a.maintenance_id IN (${Prisma.join([...ids])})
     GROUP BY a.maintenance_id, n.id ORDER BY n.name`;
  const names = await namesOf(
    client,
    rows.map(({ createdBy }) => createdBy),
  );
  const order = new Map(ids.map((id, index) => [id, index]));
  return rows
    .toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
    .map((row) => {
      const own = nodes.filter((node) => node.maintenance_id === row.id);
      return {
        id: row.id,
        pool: row.pool,
        reason: row.reason,
        starts_at: row.startsAt.toISOString(),
        ends_at: row.endsAt.toISOString(),
        state: stateOf(row, now),
        unit_count: own.reduce((sum, { units }) => sum + units, 0),
        nodes: own.map(({ id, name, units }) => ({ id, name, unit_count: units })),
        created_by: { id: row.createdBy, name: names.get(row.createdBy) ?? "" },
        created_at: row.createdAt.toISOString(),
        updated_at: row.updatedAt.toISOString(),
      };
    });
}

function stateOf({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }, now: Date): MaintenanceState {
  if (endsAt <= now) return "ended";
  return startsAt <= now ? "under_way" : "planned";
}

/** Of users and API keys; who is gone has none. */
async function namesOf(client: Client, subjects: readonly string[]): Promise<Map<string, string>> {
  const where = { id: { in: [...new Set(subjects)] } };
  const select = { id: true, name: true };
  const users = await client.user.findMany({ where, select });
  const keys = await client.apiKey.findMany({ where, select });
  return new Map([...users, ...keys].map(({ id, name }) => [id, name]));
}
