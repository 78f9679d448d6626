import type { Administrator } from "@/lib/accounts/admin";
import type { NodeUnits } from "@/lib/contracts/fleet-admin";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { holdingsOf } from "@/lib/fleet/holdings";
import { noPool } from "@/lib/fleet/queries";
import { isId } from "@/lib/ids";

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
  const held = await holdingsOf(
    db,
    page.flatMap(({ units }) => units.map(({ id }) => id)),
    now,
  );
  return {
    data: page.map(({ id, name, createdAt, units }) => ({
      id,
      name,
      created_at: createdAt.toISOString(),
      units: units.map((unit) => ({
        ...unit,
        now: held.now.get(unit.id) ?? null,
        next: held.next.get(unit.id) ?? null,
      })),
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
