import type { BookingPool } from "@/lib/contracts/booking-rules";
import { db } from "@/lib/db/client";
import { sqlState } from "@/lib/db/errors";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { Prisma } from "@/lib/generated/prisma/client";
import { Kept } from "@/lib/reservations/kept";
import type { Busy, Lane } from "@/lib/reservations/planner/place";

/** A pool as the planner sees it. */
export type PoolState = {
  id: string;
  name: string;
  region: string;
  provider: string;
  gpuType: { id: string; name: string; memoryGb: number };
  /** For checkBooking and everything else that is shared with the browser. */
  rules: BookingPool & { largest_node: number };
  /** Micro-credits per GPU and hour. */
  rateMicros: bigint;
  /** Units in service, and those of them that are sold: without the failover reserve. */
  units: number;
  sellable: number;
  bufferBeforeMs: number;
  bufferAfterMs: number;
  /** Bookings that start within it are not moved any more. */
  freezeMs: number;
  /** Raised by every change of the pool's allocations, and of its units. */
  usageVersion: bigint;
  /** Raised by every change of its units alone, and of their nodes' names. */
  unitsVersion: bigint;
};

type Client = Tx | typeof db;

/** How long a booking waits for those before it in the same pool. */
const LOCK_TIMEOUT = "3s";
const RETRY_AFTER_S = 2;

const MINUTE_MS = 60_000;

/**
 * Whoever changes what is allocated in a pool takes this first and holds it until the transaction ends: what is read
 * after it stays true. Other pools are not held up.
 * @throws AppError "unavailable" with a time to try again, when too many are waiting
 */
export async function lockPool(tx: Tx, poolId: string): Promise<void> {
  try {
    await tx.$executeRaw`SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true),
                                pg_advisory_xact_lock(hashtextextended(${`pool:${poolId}`}, 0))`;
  } catch (error) {
    if (sqlState(error) !== "55P03") throw error;
    throw new AppError("unavailable", "Many bookings are being made in this pool at this moment. Try again shortly.", {
      retryAfterS: RETRY_AFTER_S,
    });
  }
}

type PoolRow = {
  id: string;
  name: string;
  region: string;
  provider: string;
  gpu_type_id: string;
  gpu_type: string;
  memory_gb: number;
  granularity_minutes: number;
  min_duration_minutes: number;
  max_duration_minutes: number;
  horizon_days: number;
  buffer_before_minutes: number;
  buffer_after_minutes: number;
  reserve_units: number;
  freeze_minutes: number;
  price_micros_per_gpu_hour: bigint;
  open: boolean;
  usage_version: bigint;
  units_version: bigint;
  units: number;
  largest_node: number;
};

type Size = { version: bigint; units: number; largestNode: number };

const MOST_SIZES_KEPT = 500;

/** What this process has counted, per pool. Every change of units raises units_version, so this is never out of date. */
const sizes = new Kept<Size>(MOST_SIZES_KEPT);

/** Of all pools together. */
const MOST_LANES_KEPT = 100_000;

/** Their lanes, likewise: a new name of a node, which decides their order, raises it too. */
const units = new Kept<{ version: bigint; lanes: readonly Lane[] }>(MOST_LANES_KEPT, ({ lanes }) => lanes.length);

/** @throws AppError "not_found" */
export async function loadPool(client: Client, poolId: string): Promise<PoolState> {
  const [pool] = await loadPools(client, { poolIds: [poolId] });
  if (!pool) throw new AppError("not_found", "There is no such pool.");
  return pool;
}

/** Pools by ids, of a GPU type (its id or name), or all; the cheapest first. Closed ones too. */
export async function loadPools(
  client: Client,
  { poolIds, gpuType }: { poolIds?: readonly string[] | undefined; gpuType?: string | undefined } = {},
): Promise<PoolState[]> {
  const known = sizes.entries().filter(([id]) => poolIds?.includes(id) ?? true);
  const rows = await client.$queryRaw<PoolRow[]>`
    SELECT p.id, p.name, p.region, p.provider, t.id AS gpu_type_id, t.name AS gpu_type, t.memory_gb,
           p.granularity_minutes, p.min_duration_minutes, p.max_duration_minutes, p.horizon_days,
           p.buffer_before_minutes, p.buffer_after_minutes, p.reserve_units, p.freeze_minutes,
           p.price_micros_per_gpu_hour, p.open, p.usage_version, p.units_version,
           coalesce(known.units, n.units) AS units, coalesce(known.largest_node, n.largest_node) AS largest_node
      FROM pool p JOIN gpu_type t ON t.id = p.gpu_type_id
      LEFT JOIN unnest(${known.map(([id]) => id)}::text[], ${known.map(([, { version }]) => version)}::bigint[],
                       ${known.map(([, { units }]) => units)}::int[],
                       ${known.map(([, { largestNode }]) => largestNode)}::int[])
        AS known (id, version, units, largest_node) ON known.id = p.id AND known.version = p.units_version
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(units), 0)::int AS units, coalesce(max(units), 0)::int AS largest_node
          FROM (SELECT count(*) AS units FROM unit u
                 WHERE known.id IS NULL AND u.pool_id = p.id AND u.retired_at IS NULL GROUP BY node_id) x) n
     WHERE (${poolIds ?? null}::text[] IS NULL OR p.id = ANY(${poolIds ?? null}::text[]))
       AND (${gpuType ?? null}::text IS NULL OR t.id = ${gpuType ?? null} OR lower(t.name) = lower(${gpuType ?? null}))
     ORDER BY p.price_micros_per_gpu_hour, p.name`;
  // Inside a transaction others do not see what it sees.
  if (client === db) {
    for (const { id, units_version: version, units, largest_node: largestNode } of rows) {
      sizes.set(id, { version, units, largestNode });
    }
  }
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    region: row.region,
    provider: row.provider,
    gpuType: { id: row.gpu_type_id, name: row.gpu_type, memoryGb: row.memory_gb },
    rules: {
      granularity_minutes: row.granularity_minutes,
      min_duration_minutes: row.min_duration_minutes,
      max_duration_minutes: row.max_duration_minutes,
      horizon_days: row.horizon_days,
      buffer_before_minutes: row.buffer_before_minutes,
      buffer_after_minutes: row.buffer_after_minutes,
      price_micros_per_gpu_hour: Number(row.price_micros_per_gpu_hour),
      open: row.open,
      largest_node: row.largest_node,
    },
    rateMicros: row.price_micros_per_gpu_hour,
    units: row.units,
    sellable: Math.max(0, row.units - row.reserve_units),
    bufferBeforeMs: row.buffer_before_minutes * MINUTE_MS,
    bufferAfterMs: row.buffer_after_minutes * MINUTE_MS,
    freezeMs: row.freeze_minutes * MINUTE_MS,
    usageVersion: row.usage_version,
    unitsVersion: row.units_version,
  }));
}

/** The units in service, by node and lane. */
export async function loadLanes(client: Client, poolId: string): Promise<Lane[]> {
  const [row] = await client.$queryRaw<[{ lanes: string | null }]>`
    SELECT string_agg(concat_ws(' ', u.id, u.node_id), ',' ORDER BY n.name, n.id, u.lane) AS lanes
      FROM unit u JOIN node n ON n.id = u.node_id
     WHERE u.pool_id = ${poolId} AND u.retired_at IS NULL`;
  return (row.lanes?.split(",") ?? []).map((lane) => {
    const [id = "", nodeId = ""] = lane.split(" ");
    return { id, nodeId };
  });
}

/** The same, from what this process read while they were the same. */
export async function keptLanes(client: Client, { id, unitsVersion }: PoolState): Promise<readonly Lane[]> {
  const known = units.get(id);
  if (known?.version === unitsVersion) return known.lanes;
  const lanes = await loadLanes(client, id);
  // Inside a transaction others do not see what it sees.
  if (client === db) units.set(id, { version: unitsVersion, lanes });
  return lanes;
}

/**
 * What is allocated in the pool between two times: everything that overlaps [from, to), buffers included.
 *
 * Movable is what has not begun and will not within the pool's freeze time, is not pinned, and lies within the range with
 * every allocation of its reservation: of anything else it is not known here what it would meet elsewhere. Ask for the
 * range of the booking to place it directly; ask from now to the end of time (`ALL_TIME`) to be able to move everything
 * that can be moved.
 * @param unitIds only what is on these, told as it would be among everything
 */
export async function loadBusy(
  client: Client,
  pool: Pick<PoolState, "id" | "freezeMs">,
  from: Date,
  to: Date,
  now: Date,
  unitIds?: readonly string[],
): Promise<Busy[]> {
  const thaw = new Date(now.getTime() + pool.freezeMs);
  const within = Prisma.sql`a.pool_id = ${pool.id} AND a.blocks_to > ${from} AND a.blocks_from < ${to}`;
  // Unit by unit, whatever the planner makes of the times: OFFSET keeps it from reading all that is in the pool then.
  const source = unitIds
    ? Prisma.sql`unnest(${unitIds}::text[]) AS u (id) CROSS JOIN LATERAL
                 (SELECT * FROM allocation a WHERE a.unit_id = u.id AND ${within} OFFSET 0) a`
    : Prisma.sql`allocation a`;
  // What a reservation has on other units is not among the rows.
  const wholeElsewhere = unitIds
    ? Prisma.sql`AND NOT EXISTS (SELECT FROM allocation o WHERE o.reservation_id = a.reservation_id
                                   AND o.blocks_to > ${from} AND o.blocks_from < ${to}
                                   AND (o.blocks_from < ${from} OR o.blocks_to > ${to}))`
    : Prisma.empty;
  // One text (no id has a blank in it): tens of thousands of rows, or as many in JSON, take twice as long to come.
  const [row] = await client.$queryRaw<[{ busy: string | null }]>`
    SELECT string_agg(concat_ws(' ', a.id, a.unit_id, (date_part('epoch', a.blocks_from) * 1000)::bigint,
             (date_part('epoch', a.blocks_to) * 1000)::bigint, coalesce(r.topology = 'single_node', false),
             coalesce(NOT r.pinned AND r.status IN ('held', 'confirmed')
               AND r.starts_at >= ${thaw} AND r.starts_at >= ${from} ${wholeElsewhere}, false), a.reservation_id), ',') AS busy
      FROM ${source}
      LEFT JOIN reservation r ON r.id = a.reservation_id AND r.pool_id = ${pool.id} AND r.ends_at <= ${to} AND r.ends_at > ${from}
     WHERE ${within}`;
  const rows = (row.busy?.split(",") ?? []).map(toBusy);
  // Buffers may reach beyond the range although the booking itself does not.
  const cut = new Set(
    rows
      .filter((busy) => busy.from < from.getTime() || busy.to > to.getTime())
      .map(({ reservationId }) => reservationId),
  );
  for (const busy of rows) busy.movable &&= !cut.has(busy.reservationId);
  return rows;
}

function toBusy(row: string): Busy {
  const [allocationId = "", unitId = "", from, to, singleNode, movable, reservationId = null] = row.split(" ");
  return {
    allocationId,
    unitId,
    from: Number(from),
    to: Number(to),
    reservationId,
    singleNode: singleNode === "t",
    movable: movable === "t",
  };
}

/** Later than any booking can end. */
export const ALL_TIME = new Date("9999-01-01T00:00:00Z");
