import type { Pool, PoolDetail } from "@/lib/contracts/fleet";

/** A row of the gantt: a pool, one of its nodes, or one GPU. */
export type GanttRow = PoolRow | NodeRow | UnitRow;
export type PoolRow = {
  kind: "pool";
  key: string;
  poolId: string;
  label: string;
  detail: string;
  isOpen: boolean;
  total: number;
  /** null while they are not known. */
  units: readonly string[] | null;
  /** The nodes have not arrived yet. */
  isLoading: boolean;
};
export type NodeRow = {
  kind: "node";
  key: string;
  poolId: string;
  label: string;
  isOpen: boolean;
  total: number;
  units: readonly string[];
};
export type UnitRow = { kind: "unit"; key: string; poolId: string; nodeId: string; label: string; name: string };

/** Pools with more GPUs than this altogether begin folded up. */
export const OPEN_AT_FIRST = 512;

/**
 * The rows in sight, in order. What is folded up hides what it contains; a pool whose nodes have not arrived is alone.
 * @param isFolded by the key of a pool or node
 */
export function rowsOf(
  pools: readonly Pool[],
  details: ReadonlyMap<string, PoolDetail>,
  isFolded: (key: string) => boolean,
): GanttRow[] {
  return pools.flatMap((pool) => {
    const detail = details.get(pool.id);
    const isOpen = !isFolded(pool.id);
    const row: PoolRow = {
      kind: "pool",
      key: pool.id,
      poolId: pool.id,
      label: pool.name,
      detail: `${pool.gpu_type.name}, ${pool.region}`,
      isOpen,
      total: pool.unit_count,
      units: detail?.nodes.flatMap(({ units }) => units.map(({ id }) => id)) ?? null,
      isLoading: isOpen && detail === undefined,
    };
    return isOpen && detail ? [row, ...nodeRows(detail, isFolded)] : [row];
  });
}

function nodeRows(pool: PoolDetail, isFolded: (key: string) => boolean): GanttRow[] {
  return pool.nodes.flatMap((node) => {
    const isOpen = !isFolded(node.id);
    const row: NodeRow = {
      kind: "node",
      key: node.id,
      poolId: pool.id,
      label: node.name,
      isOpen,
      total: node.units.length,
      units: node.units.map(({ id }) => id),
    };
    const units: UnitRow[] = node.units.map(({ id, lane }) => ({
      kind: "unit",
      key: id,
      poolId: pool.id,
      nodeId: node.id,
      label: `GPU ${lane}`,
      name: `${node.name}, GPU ${lane}`,
    }));
    return isOpen ? [row, ...units] : [row];
  });
}

/** The key of the row that contains it: a unit's node, a node's pool; null for pools. */
export function parentOf(row: GanttRow): string | null {
  if (row.kind === "unit") return row.nodeId;
  return row.kind === "node" ? row.poolId : null;
}

/** 1 pool, 2 node, 3 GPU; for `aria-level`. */
export function levelOf({ kind }: GanttRow): 1 | 2 | 3 {
  return kind === "pool" ? 1 : kind === "node" ? 2 : 3;
}
