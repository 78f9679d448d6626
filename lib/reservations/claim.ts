import type { Topology } from "@/lib/contracts/availability";
import { type Move, place, type Want } from "@/lib/reservations/planner/place";
import { ALL_TIME, loadBusy, loadLanes, type PoolState } from "@/lib/reservations/pool-state";
import { CapacityRefused } from "@/lib/reservations/refusal";
import type { Scene } from "@/lib/reservations/scene";
import { type Part, spanOf } from "@/lib/reservations/segments";

export type Claim = {
  pool: PoolState;
  parts: Part[];
  topology: Topology;
  /** Units that it would like to keep, and those that it cannot leave. */
  keep?: readonly string[];
  must?: readonly string[];
  /** The reservation that it is for, if it exists: what that has now is not in its way. */
  reservationId?: string;
};

/**
 * Units for the parts of a booking, under the pool's lock, and what must move to make room. Writes nothing.
 * @throws CapacityRefused
 */
export async function findUnits(
  { tx, now }: Pick<Scene, "tx" | "now">,
  { pool, parts, topology, keep = [], must = [], reservationId }: Claim,
): Promise<{ units: string[][]; moves: Move[] }> {
  const want: Want = {
    segments: parts.map(({ from, to, count }) => ({
      from: from - pool.bufferBeforeMs,
      to: to + pool.bufferAfterMs,
      count,
    })),
    topology,
    keep,
    must,
  };
  const lanes = await loadLanes(tx, pool.id);
  const { from, to } = spanOf(want.segments);
  const attempt = async (start: Date, end: Date) => {
    const busy = await loadBusy(tx, pool, start, end, now);
    return place(
      lanes,
      pool.sellable,
      reservationId ? busy.filter((b) => b.reservationId !== reservationId) : busy,
      want,
    );
  };
  let placement = await attempt(new Date(from), new Date(to));
  // Only what is known whole can be moved, so moving needs the rest of the pool's future.
  if (!placement.ok && placement.reason !== "capacity") {
    placement = await attempt(new Date(Math.min(from, now.getTime())), ALL_TIME);
  }
  if (!placement.ok) throw new CapacityRefused(pool, { parts, topology }, placement.reason, reservationId ?? null);
  return { units: placement.units, moves: placement.moves };
}
