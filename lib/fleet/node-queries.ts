import type { Administrator } from "@/lib/accounts/admin";
import type { NodeUnits, UnitHolding } from "@/lib/contracts/fleet-admin";
import { inTheWaySchema } from "@/lib/contracts/in-the-way";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { noPool } from "@/lib/fleet/queries";
import { isId } from "@/lib/ids";

type HoldingRow = {
  unit_id: string;
  is_now: boolean;
  kind: string;
  reservation_id: string | null;
  maintenance_id: string | null;
  project_id: string | null;
  project_name: string | null;
  title: string;
  starts_at: Date;
  ends_at: Date;
};

const kindSchema = inTheWaySchema.shape.kind;

/**
 * The nodes in service by name, a page of them, each GPU with what it holds at `now` and what follows.
 * @throws AppError "not_found", "invalid_cursor"
 */
export async function listNodeUnits(
  _admin: Administrator,
  poolId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
  now = new Date(),
): Promise<{ data: NodeUnits[]; next_cursor: string | null }> {
  if (!(await db.pool.findUnique({ where: { id: poolId }, select: { id: true } }))) throw noPool();
  const after = cursor === undefined ? null : await cursorNode(poolId, cursor);
  const rows = await db.node.findMany({
    where: { poolId, retiredAt: null, ...(after && { name: { gt: after.name } }) },
    include: { units: { where: { retiredAt: null }, orderBy: { lane: "asc" }, select: { id: true, lane: true } } },
    orderBy: { name: "asc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const held = await holdings(
    page.flatMap(({ units }) => units.map(({ id }) => id)),
    now,
  );
  return {
    data: page.map(({ id, name, createdAt, units }) => ({
      id,
      name,
      created_at: createdAt.toISOString(),
      units: units.map((unit) => ({ ...unit, now: held.now.get(unit.id) ?? null, next: held.next.get(unit.id) ?? null })),
    })),
    next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

async function cursorNode(poolId: string, cursor: string): Promise<{ name: string }> {
  const found = isId("node", cursor)
    ? await db.node.findFirst({ where: { id: cursor, poolId }, select: { name: true } })
    : null;
  if (found) return found;
  throw new AppError(
    "invalid_cursor",
    "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
  );
}

/** Per unit the allocation that blocks it at `now`, and the first one that begins later. */
async function holdings(unitIds: string[], now: Date) {
  const rows = await db.$queryRaw<HoldingRow[]>`
    SELECT u.id AS unit_id, a.is_now, a.kind, a.reservation_id, a.maintenance_id, r.project_id, p.name AS project_name,
           coalesce(r.title, m.reason, '') AS title, a.starts_at, a.ends_at
      FROM unnest(${unitIds}::text[]) AS u(id)
     CROSS JOIN LATERAL (
       (SELECT true AS is_now, b.* FROM allocation b
         WHERE b.unit_id = u.id AND tstzrange(b.blocks_from, b.blocks_to, '[)') @> ${now}::timestamptz)
       UNION ALL
       (SELECT false, b.* FROM allocation b
         WHERE b.unit_id = u.id AND tstzrange(b.blocks_from, b.blocks_to, '[)') && tstzrange(${now}::timestamptz, NULL, '()')
           AND b.blocks_from > ${now}
         ORDER BY b.blocks_from LIMIT 1)) a
      LEFT JOIN reservation r ON r.id = a.reservation_id
      LEFT JOIN project p ON p.id = r.project_id
      LEFT JOIN maintenance m ON m.id = a.maintenance_id`;
  const now_ = rows.filter((row) => row.is_now);
  const next = rows.filter((row) => !row.is_now);
  const byUnit = (list: HoldingRow[]) => new Map(list.map((row) => [row.unit_id, toHolding(row)]));
  return { now: byUnit(now_), next: byUnit(next) };
}

function toHolding(row: HoldingRow): UnitHolding {
  return {
    kind: kindSchema.parse(row.kind),
    reservation_id: row.reservation_id,
    maintenance_id: row.maintenance_id,
    project: row.project_id === null ? null : { id: row.project_id, name: row.project_name ?? "" },
    title: row.title,
    starts_at: row.starts_at.toISOString(),
    ends_at: row.ends_at.toISOString(),
  };
}
