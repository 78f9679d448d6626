import type { Blocker } from "@/lib/contracts/availability";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import type { PoolState } from "@/lib/reservations/pool-state";

type Client = Tx | typeof db;

/** More would be no help to anybody. */
const MOST = 10;

type BlockerRow = {
  kind: "mine" | "team" | "others" | "maintenance" | "outage";
  reservation_id: string | null;
  gpu_count: number;
  starts_at: Date;
  ends_at: Date;
};

const NOTES: Record<BlockerRow["kind"], string> = {
  mine: "A booking of yours.",
  team: "A booking of your project.",
  others: "A booking of another project.",
  maintenance: "Maintenance.",
  outage: "Out of order.",
};

/**
 * What is booked or out of service between two times (buffers included), the largest first. Of other projects no more is
 * read than the times and the number.
 * @param by whose bookings are "mine"; null: those of the project are the team's
 */
export async function readBlockers(
  client: Client,
  asked: { poolId: string; from: Date; to: Date; projectId: string; by: string | null; without: string | null },
): Promise<Blocker[]> {
  const rows = await client.$queryRaw<BlockerRow[]>`
    SELECT kind, CASE WHEN kind IN ('mine', 'team') THEN group_id END AS reservation_id,
           count(DISTINCT unit_id)::int AS gpu_count, min(starts_at) AS starts_at, max(ends_at) AS ends_at
      FROM (SELECT a.unit_id, a.starts_at, a.ends_at, coalesce(a.reservation_id, a.maintenance_id, 'outage') AS group_id,
                   CASE WHEN a.kind <> 'booking' THEN a.kind
                        WHEN r.project_id <> ${asked.projectId} THEN 'others'
                        WHEN r.created_by = ${asked.by} THEN 'mine' ELSE 'team' END AS kind
              FROM allocation a LEFT JOIN reservation r ON r.id = a.reservation_id
             WHERE a.pool_id = ${asked.poolId} AND a.blocks_to > ${asked.from} AND a.blocks_from < ${asked.to}
               AND a.reservation_id IS DISTINCT FROM ${asked.without ?? ""}) blocking
     GROUP BY kind, group_id
     ORDER BY gpu_count DESC, starts_at, group_id LIMIT ${MOST}`;
  return rows.map(({ kind, reservation_id, gpu_count, starts_at, ends_at }) => ({
    kind,
    reservation_id,
    gpu_count,
    starts_at: starts_at.toISOString(),
    ends_at: ends_at.toISOString(),
    note: NOTES[kind],
  }));
}

/** What no time changes: the pool's size, its reserve, and how it is cut into nodes. */
export function structuralBlockers(
  pool: PoolState,
  asked: { count: number; free: number; reason: "capacity" | "fragmentation" | "topology" },
): Blocker[] {
  const { count, free, reason } = asked;
  const always = (kind: Blocker["kind"], gpu_count: number, note: string): Blocker => ({
    kind,
    reservation_id: null,
    gpu_count,
    starts_at: null,
    ends_at: null,
    note,
  });
  const reserve = pool.units - pool.sellable;
  if (reason === "topology") {
    return [
      always(
        "fragmentation",
        free,
        `${gpus(free)} ${free === 1 ? "is" : "are"} free, but not ${count} of them on one node.`,
      ),
    ];
  }
  if (reason === "fragmentation") {
    return [
      always(
        "fragmentation",
        free,
        `${gpus(free)} ${free === 1 ? "is" : "are"} free at every moment, but what cannot be moved leaves no ${count} free throughout.`,
      ),
    ];
  }
  const blockers: Blocker[] = [];
  if (count > pool.units) blockers.push(always("capacity", pool.units, `The whole pool has ${gpus(pool.units)}.`));
  if (reserve > 0 && free + reserve >= count) {
    blockers.push(
      always(
        "reserve",
        reserve,
        `${gpus(reserve)} of the pool ${reserve === 1 ? "is" : "are"} kept for failures and never sold.`,
      ),
    );
  }
  return blockers;
}

function gpus(count: number): string {
  return `${count} GPU${count === 1 ? "" : "s"}`;
}
