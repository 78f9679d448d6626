import type { z } from "zod";
import type { Administrator } from "@/lib/accounts/admin";
import { readNames } from "@/lib/accounts/names";
import { addFault } from "@/lib/compute/fault-service";
import { providerNameOf } from "@/lib/compute/providers";
import type { Drill, startDrillBody } from "@/lib/contracts/failovers";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import { reportOf } from "@/lib/failover/drill-report";
import type { Drill as DrillRow, Pool } from "@/lib/generated/prisma/client";
import { isId, newId } from "@/lib/ids";
import { log } from "@/lib/log";
import { lockPool } from "@/lib/reservations/pool-state";

type Page<T> = { data: T[]; next_cursor: string | null };

/**
 * Lets a node fail in the simulated provider. What follows is the ordinary way of a failure.
 * @param at the database's clock unless given
 * @throws AppError "validation_failed" for a pool or a node that does not exist; "conflict" where machines are real, a
 *   drill is under way in the pool, or the fault would strike another pool too
 */
export async function startDrill(
  { subject }: Administrator,
  { pool_id, node_id }: z.output<typeof startDrillBody>,
  at?: Date,
): Promise<Drill> {
  const row = await transaction(async (tx) => {
    const pool = await tx.pool.findUnique({ where: { id: pool_id } });
    if (!pool) throw invalidField("pool_id", "There is no such pool.");
    await lockPool(tx, pool.id);
    await requireDrillable(tx, pool);
    const now = at ?? (await databaseNow(tx));
    const node = await chooseNode(tx, pool, node_id, now);
    const units = await tx.unit.findMany({ where: { nodeId: node.id, retiredAt: null } });
    const id = newId("drill");
    const fault = await addFault(tx, { kind: "node_down", node: node.name, remaining: null, by: subject.id });
    const failedBefore = units.filter(({ health }) => health === "failed").map(({ id }) => id);
    return tx.drill.create({
      data: {
        id,
        poolId: pool.id,
        nodeId: node.id,
        nodeName: node.name,
        startedBy: subject.id,
        startedAt: now,
        report: { fault_id: fault.id, failed_before: failedBefore },
      },
    });
  });
  log.warn({ by: subject.id, drill: row.id, node: row.nodeName }, "an administrator began a drill");
  return presentOne(row);
}

async function requireDrillable(tx: Tx, pool: Pool): Promise<void> {
  const provider = providerNameOf(pool);
  if (provider !== "simulated") {
    throw new AppError(
      "conflict",
      `The machines of ${pool.name} are real (${provider}). A drill fails a node, so it needs a pool whose machines are simulated.`,
    );
  }
  if ((await tx.drill.count({ where: { poolId: pool.id, status: "running" } })) > 0) {
    throw new AppError("conflict", `A drill is under way in ${pool.name}. Wait until it has ended.`);
  }
}

type Chosen = { id: string; name: string };

async function chooseNode(tx: Tx, pool: Pool, wanted: string | undefined, now: Date): Promise<Chosen> {
  const nodes = await tx.$queryRaw<(Chosen & { in_use: number; healthy: number })[]>`
    SELECT n.id, n.name, count(DISTINCT u.id) FILTER (WHERE u.health = 'healthy')::int AS healthy,
           count(a.id)::int AS in_use
      FROM node n JOIN unit u ON u.node_id = n.id AND u.retired_at IS NULL
      LEFT JOIN allocation a ON a.unit_id = u.id AND a.kind = 'booking' AND a.starts_at <= ${now} AND a.ends_at > ${now}
     WHERE n.pool_id = ${pool.id} AND n.retired_at IS NULL
     GROUP BY n.id ORDER BY in_use DESC, n.name`;
  if (wanted !== undefined && !nodes.some(({ id }) => id === wanted)) {
    throw invalidField("node_id", "This is no node in service of the pool.");
  }
  const node = nodes.find(({ id, healthy }) => (wanted === undefined ? healthy > 0 : id === wanted));
  if (!node) throw new AppError("conflict", "The pool has no node that works.");
  if (node.healthy === 0) throw new AppError("conflict", `${node.name} is out of order already.`);
  // The simulated provider knows nodes by their names.
  const [other] = await tx.$queryRaw<{ name: string }[]>`
    SELECT p.name FROM node n JOIN pool p ON p.id = n.pool_id
     WHERE n.name = ${node.name} AND n.retired_at IS NULL AND p.id <> ${pool.id} LIMIT 1`;
  if (other) {
    throw new AppError(
      "conflict",
      `${other.name} has a node called ${node.name} too, and both would fail. Rename one.`,
    );
  }
  return node;
}

/** Newest first; the cursor is the last id of the page before. @throws AppError "invalid_cursor" */
export async function listDrills(
  _admin: Administrator,
  { cursor, limit, pool_id }: { cursor?: string | undefined; limit: number; pool_id?: string | undefined },
): Promise<Page<Drill>> {
  if (cursor !== undefined && !isId("drill", cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.drill.findMany({
    where: { ...(pool_id && { poolId: pool_id }), ...(cursor && { id: { lt: cursor } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const data = [];
  for (const row of page) data.push(await presentOne(row));
  return { data, next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found" */
export async function getDrill(_admin: Administrator, id: string): Promise<Drill> {
  const row = await db.drill.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no such drill.");
  return presentOne(row);
}

async function presentOne(row: DrillRow): Promise<Drill> {
  const [pool, nameOf, report] = await Promise.all([
    db.pool.findUnique({ where: { id: row.poolId }, select: { name: true } }),
    readNames(db, [row.startedBy]),
    reportOf(row),
  ]);
  return {
    id: row.id,
    pool: { id: row.poolId, name: pool?.name ?? "" },
    node: { id: row.nodeId, name: row.nodeName },
    status: row.status === "finished" ? "finished" : "running",
    started_by: { id: row.startedBy, name: nameOf(row.startedBy) },
    started_at: row.startedAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
    report,
  };
}
