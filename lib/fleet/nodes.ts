import type { z } from "zod";
import type { Administrator } from "@/lib/accounts/admin";
import { FLEET_LIMITS, type PoolNode } from "@/lib/contracts/fleet";
import { type addNodesBody, NODE_NUMBER, type renameNodeBody } from "@/lib/contracts/fleet-admin";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import { withFreeName } from "@/lib/fleet/guards";
import { countUnits, noPool } from "@/lib/fleet/queries";
import { newId } from "@/lib/ids";
import { announcePools } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { lockPool } from "@/lib/reservations/pool-state";

/**
 * Adds nodes with their GPUs, which can be booked at once.
 * @throws AppError "not_found"; "validation_failed" for a name that is taken or too long; "conflict" at the limit
 */
export async function addNodes(
  { subject }: Administrator,
  poolId: string,
  body: z.output<typeof addNodesBody>,
): Promise<{ data: PoolNode[]; next_cursor: null }> {
  const data = await transaction(
    async (tx) => {
      await lockPool(tx, poolId);
      if (!(await tx.pool.findUnique({ where: { id: poolId }, select: { id: true } }))) throw noPool();
      const nodes = await insertNodes(tx, { poolId, ...body });
      afterCommit(tx, () => announcePools([poolId]));
      return nodes;
    },
    { timeoutMs: 30_000 },
  );
  log.info({ by: subject.id, pool: poolId, nodes: data.length }, "an administrator added nodes");
  return { data, next_cursor: null };
}

/**
 * The rows. Needs the pool's lock, or a pool that nobody else can see yet.
 * @param field what the request calls the part that errors are about
 */
export async function insertNodes(
  tx: Tx,
  { poolId, name, count, lanes, field }: z.output<typeof addNodesBody> & { poolId: string; field?: string },
): Promise<PoolNode[]> {
  const at = (own: string) => (field === undefined ? own : `${field}.${own}`);
  const units = (await countUnits(tx, [poolId])).get(poolId)?.units ?? 0;
  if (units + count * lanes > FLEET_LIMITS.unitsPerPool) {
    throw new AppError(
      "conflict",
      `The pool would have ${units + count * lanes} GPUs; ${FLEET_LIMITS.unitsPerPool} are the most.`,
      {
        errors: [{ field: at("count"), message: `At most ${FLEET_LIMITS.unitsPerPool - units} more GPUs` }],
      },
    );
  }
  const taken = await tx.node.findMany({ where: { poolId }, select: { name: true } });
  const names = nodeNames(
    name,
    count,
    taken.map((node) => node.name),
  );
  const long = names.find((made) => made.length > FLEET_LIMITS.nameLength);
  if (long !== undefined) {
    throw invalidField(at("name"), `"${long}" is longer than ${FLEET_LIMITS.nameLength} characters.`);
  }
  const used = new Set(taken.map((node) => node.name));
  const double = names.find((made) => used.has(made));
  if (double !== undefined) {
    throw invalidField(at("name"), `The pool has, or had, a node "${double}"; choose another name.`);
  }
  const nodes = names.map((made) => ({
    id: newId("node"),
    name: made,
    units: Array.from({ length: lanes }, (_, lane) => ({ id: newId("unit"), lane })),
  }));
  await tx.node.createMany({ data: nodes.map((node) => ({ id: node.id, name: node.name, poolId })) });
  const rows = nodes.flatMap((node) => node.units.map((unit) => ({ ...unit, nodeId: node.id })));
  // As arrays: there may be 20,000, and nobody can book in the pool meanwhile.
  await tx.$executeRaw`
    INSERT INTO unit (id, pool_id, node_id, lane)
    SELECT u.id, ${poolId}, u.node_id, u.lane
      FROM unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ nodeId }) => nodeId)}::text[],
                  ${rows.map(({ lane }) => lane)}::int[]) AS u (id, node_id, lane)`;
  return nodes;
}

/** Names by a pattern: numbers go on after the highest among `taken`. Without `{n}` the name itself. */
export function nodeNames(pattern: string, count: number, taken: readonly string[]): string[] {
  const match = NODE_NUMBER.exec(pattern);
  if (!match) return [pattern];
  const before = pattern.slice(0, match.index);
  const after = pattern.slice(match.index + match[0].length);
  const width = match[1]?.length ?? 1;
  const numbers = taken.flatMap((name) => {
    if (!name.startsWith(before) || !name.endsWith(after)) return [];
    const digits = name.slice(before.length, name.length - after.length);
    return /^\d{1,9}$/.test(digits) ? [Number(digits)] : [];
  });
  const first = numbers.reduce((most, number) => Math.max(most, number), 0) + 1;
  return Array.from({ length: count }, (_, i) => `${before}${String(first + i).padStart(width, "0")}${after}`);
}

/** @throws AppError "not_found"; "conflict" for one that is retired; "validation_failed" for a name that is taken */
export async function renameNode(
  { subject }: Administrator,
  { pool_id: poolId, node_id: nodeId }: { pool_id: string; node_id: string },
  { name }: z.output<typeof renameNodeBody>,
): Promise<PoolNode> {
  const node = await withFreeName("node", name, () =>
    transaction(async (tx) => {
      // The pool comes before its nodes, as everywhere: a name decides the order in which units are tried.
      await lockPool(tx, poolId);
      const found = await findNode(tx, poolId, nodeId);
      await tx.node.update({ where: { id: found.id }, data: { name } });
      afterCommit(tx, () => announcePools([poolId]));
      return { ...found, name };
    }),
  );
  log.info({ by: subject.id, node: nodeId, name }, "an administrator renamed a node");
  return node;
}

/** A node in service, with its units in service. @throws AppError "not_found"; "conflict" for one that is retired */
export async function findNode(tx: Tx, poolId: string, nodeId: string): Promise<PoolNode> {
  const row = await tx.node.findFirst({
    where: { id: nodeId, poolId },
    include: { units: { where: { retiredAt: null }, orderBy: { lane: "asc" }, select: { id: true, lane: true } } },
  });
  if (!row) throw new AppError("not_found", "There is no such node in this pool.");
  if (row.retiredAt) throw new AppError("conflict", `Node "${row.name}" is no longer in the fleet.`);
  return { id: row.id, name: row.name, units: row.units };
}
