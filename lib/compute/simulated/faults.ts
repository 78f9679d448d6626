import type { FaultKind } from "@/lib/contracts/compute-faults";
import { db } from "@/lib/db/client";

/**
 * Whether a fault of this kind happens now: counted down where it happens a number of times only.
 * @param nodeName where; null: a call that is about no node, which faults of single nodes do not touch
 */
export async function consumeFault(kind: Exclude<FaultKind, "node_down">, nodeName: string | null): Promise<boolean> {
  const happened = await db.$queryRaw<{ id: string }[]>`
    WITH chosen AS (
      SELECT id, remaining FROM simulated_fault
       WHERE kind = ${kind} AND (node_name IS NULL OR node_name = ${nodeName}::text)
       ORDER BY remaining NULLS LAST, id LIMIT 1 FOR UPDATE
    ), spent AS (
      DELETE FROM simulated_fault f USING chosen WHERE f.id = chosen.id AND chosen.remaining = 1 RETURNING f.id
    ), counted AS (
      UPDATE simulated_fault f SET remaining = f.remaining - 1 FROM chosen
       WHERE f.id = chosen.id AND chosen.remaining > 1 RETURNING f.id
    )
    SELECT id FROM chosen`;
  return happened.length > 0;
}

/** Which of these nodes are down. */
export async function nodesDown(nodeNames: readonly string[]): Promise<string[]> {
  const rows = await db.simulatedFault.findMany({
    where: { kind: "node_down", nodeName: { in: [...nodeNames] } },
    select: { nodeName: true },
    distinct: ["nodeName"],
  });
  return rows.flatMap(({ nodeName }) => (nodeName === null ? [] : [nodeName]));
}
