import { type Actor, authorise } from "@/lib/accounts/actor";
import { type Bar, CALENDAR_LIMITS, type Calendar } from "@/lib/contracts/calendar";
import type { ReservationStatus } from "@/lib/contracts/reservations";
import { opaqueId } from "@/lib/crypto/opaque-id";
import { db } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/errors";
import { Prisma } from "@/lib/generated/prisma/client";
import { type Piece, piecesOf } from "@/lib/reservations/bar-pieces";

type Asked = { from: string; to: string; pool_id?: string | undefined; mine?: "true" | "false" | undefined };
type Range = { from: Date; to: Date; poolId: string | undefined };

/** `own` decides what the rest of the row tells: of other projects' bookings the database hands out no more than times. */
type BookingRow = {
  id: string;
  own: boolean;
  cancelled: boolean;
  created_by: string | null;
  by: string | null;
  status: ReservationStatus | null;
  title: string | null;
  version: number | null;
  pool_id: string;
  segments: unknown;
  unit_ids: string[];
  unit_from: number[];
  unit_to: number[];
};
type BlockRow = {
  kind: "maintenance" | "outage";
  id: string;
  reason: string | null;
  pool_id: string;
  starts_at: Date;
  ends_at: Date;
  unit_ids: string[];
};

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What is booked or blocked in a range, as far as the actor may see it: of other projects only when and how many GPUs.
 * Two statements, whatever there is.
 * @throws AppError "validation_failed", "not_found" for an unknown pool, "forbidden".
 */
export async function getCalendar(actor: Actor, asked: Asked): Promise<Calendar> {
  authorise(actor, "reservations:read");
  const range = rangeOf(asked);
  const onlyMine = asked.mine === "true";
  const [bookings, blocks] = await Promise.all([readBookings(actor, range, onlyMine), readBlocks(range, onlyMine)]);
  if (range.poolId !== undefined && bookings.length === 0 && blocks.length === 0) await requirePool(range.poolId);

  const bars = [
    ...bookings.flatMap((row) => barsOf(actor, row, range)),
    ...blocks.map((row) => blockBar(actor, row)),
  ].sort((a, b) => compare(a.starts_at, b.starts_at) || compare(a.id, b.id));
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    bars: bars.slice(0, CALENDAR_LIMITS.bars),
    truncated:
      bars.length > CALENDAR_LIMITS.bars || [bookings, blocks].some((rows) => rows.length > CALENDAR_LIMITS.bars),
  };
}

/** @throws AppError "validation_failed" */
function rangeOf({ from, to, pool_id }: Asked): Range {
  const range = { from: new Date(from), to: new Date(to), poolId: pool_id };
  for (const field of ["from", "to"] as const) {
    // PostgreSQL knows no year 0, and nobody booked a GPU then.
    if (range[field].getTime() < 0) throw invalidField(field, "Choose a time after 1970.");
  }
  if (range.to <= range.from) throw invalidField("to", "Choose a time after `from`.");
  if (range.to.getTime() - range.from.getTime() > CALENDAR_LIMITS.days * DAY_MS) {
    throw invalidField("to", `Choose a time at most ${CALENDAR_LIMITS.days} days after \`from\`.`);
  }
  return range;
}

/**
 * The bookings first, by their own index; then all their units at once, in the order of the pool. A cancelled booking is
 * there for as long as it keeps units: those of the time before it was cancelled. (A LIMIT, lest the planner reads all
 * allocations to answer EXISTS.)
 */
function readBookings(actor: Actor, range: Range, onlyMine: boolean): Promise<BookingRow[]> {
  const mine = onlyMine
    ? Prisma.sql`AND r.project_id = ${actor.projectId} AND r.created_by = ${actor.subject.id}`
    : Prisma.empty;
  return db.$queryRaw<BookingRow[]>`
    WITH found AS MATERIALIZED (
      SELECT r.id, r.project_id = ${actor.projectId} AS own, r.created_by, r.status, r.title, r.version, r.pool_id,
             r.segments, r.starts_at
        FROM reservation r
       WHERE ${inPools("r", range)} AND r.ends_at > ${range.from} AND r.starts_at < ${range.to}
         AND r.status <> 'expired' ${mine}
         AND (r.status <> 'cancelled' OR (SELECT true FROM allocation a WHERE a.reservation_id = r.id LIMIT 1))
       ORDER BY r.starts_at, r.id LIMIT ${CALENDAR_LIMITS.bars + 1}
    ), held AS (
      SELECT a.reservation_id, array_agg(a.unit_id ORDER BY n.name, u.lane) AS unit_ids,
             array_agg((extract(epoch FROM a.starts_at) * 1000)::float8 ORDER BY n.name, u.lane) AS unit_from,
             array_agg((extract(epoch FROM a.ends_at) * 1000)::float8 ORDER BY n.name, u.lane) AS unit_to
        FROM found f
        JOIN allocation a ON a.reservation_id = f.id
        JOIN unit u ON u.id = a.unit_id
        JOIN node n ON n.id = u.node_id
       GROUP BY a.reservation_id
    )
    SELECT f.id, f.own, f.status = 'cancelled' AS cancelled, f.pool_id, f.segments,
           CASE WHEN f.own THEN f.created_by END AS created_by,
           CASE WHEN f.own THEN coalesce(p.name, k.name) END AS by,
           CASE WHEN f.own THEN f.status END AS status,
           CASE WHEN f.own THEN f.title END AS title,
           CASE WHEN f.own THEN f.version END AS version,
           coalesce(h.unit_ids, '{}') AS unit_ids, coalesce(h.unit_from, '{}') AS unit_from,
           coalesce(h.unit_to, '{}') AS unit_to
      FROM found f
      LEFT JOIN held h ON h.reservation_id = f.id
      LEFT JOIN "user" p ON f.own AND p.id = f.created_by
      LEFT JOIN api_key k ON f.own AND k.id = f.created_by`;
}

/** Maintenance, and outages: those of the same time in a pool are one. Nobody's own, hence none of them in "only mine". */
async function readBlocks(range: Range, onlyMine: boolean): Promise<BlockRow[]> {
  if (onlyMine) return [];
  return db.$queryRaw<BlockRow[]>`
    (SELECT 'maintenance' AS kind, m.id, m.reason, m.pool_id, m.starts_at, m.ends_at,
            coalesce(array_agg(a.unit_id ORDER BY n.name, u.lane) FILTER (WHERE a.unit_id IS NOT NULL), '{}') AS unit_ids
       FROM maintenance m
       LEFT JOIN allocation a ON a.maintenance_id = m.id
       LEFT JOIN unit u ON u.id = a.unit_id
       LEFT JOIN node n ON n.id = u.node_id
      WHERE ${inPools("m", range)} AND m.ends_at > ${range.from} AND m.starts_at < ${range.to}
      GROUP BY m.id ORDER BY m.starts_at LIMIT ${CALENDAR_LIMITS.bars + 1})
    UNION ALL
    (SELECT 'outage', min(a.id), NULL, a.pool_id, a.starts_at, a.ends_at, array_agg(a.unit_id ORDER BY n.name, u.lane)
       FROM allocation a
       JOIN unit u ON u.id = a.unit_id
       JOIN node n ON n.id = u.node_id
      WHERE a.kind = 'outage' AND ${inPools("a", range)} AND a.ends_at > ${range.from} AND a.starts_at < ${range.to}
      GROUP BY a.pool_id, a.starts_at, a.ends_at ORDER BY a.starts_at LIMIT ${CALENDAR_LIMITS.bars + 1})`;
}

/** Named one by one even when all are meant: the indexes begin with the pool. */
function inPools(table: "r" | "m" | "a", { poolId }: Range): Prisma.Sql {
  const column = Prisma.raw(`${table}.pool_id`);
  return poolId === undefined ? Prisma.sql`${column} IN (SELECT id FROM pool)` : Prisma.sql`${column} = ${poolId}`;
}

async function requirePool(poolId: string): Promise<void> {
  const pool = await db.pool.findUnique({ where: { id: poolId }, select: { id: true } });
  if (!pool) throw new AppError("not_found", `There is no pool "${poolId}".`);
}

function barsOf(actor: Actor, row: BookingRow, range: Range): Bar[] {
  const units = row.unit_ids.map((unitId, i) => ({
    unitId,
    from: row.unit_from[i] ?? 0,
    to: row.unit_to[i] ?? 0,
  }));
  const isShown = (piece: Piece) =>
    piece.from < range.to.getTime() && piece.to > range.from.getTime() && (!row.cancelled || piece.units.length > 0);
  return piecesOf(row.segments, units)
    .filter(isShown)
    .map((piece) => ({
      id: barId(actor, `${row.id}:${piece.key}`),
      kind: row.own ? (row.created_by === actor.subject.id ? "mine" : "team") : "others",
      reservation_id: row.own ? row.id : null,
      status: row.status,
      held: row.status === "held",
      title: row.title,
      by: row.by,
      pool_id: row.pool_id,
      gpu_count: piece.gpuCount,
      starts_at: new Date(piece.from).toISOString(),
      ends_at: new Date(piece.to).toISOString(),
      units: piece.units,
      version: row.version,
    }));
}

function blockBar(actor: Actor, row: BlockRow): Bar {
  return {
    id: barId(actor, row.id),
    kind: row.kind,
    reservation_id: null,
    status: null,
    held: false,
    title: row.reason,
    by: null,
    pool_id: row.pool_id,
    gpu_count: row.unit_ids.length,
    starts_at: row.starts_at.toISOString(),
    ends_at: row.ends_at.toISOString(),
    units: row.unit_ids,
    version: null,
  };
}

/** Another one in each project, so that projects cannot compare what they see of a third. */
function barId({ projectId }: Actor, of: string): string {
  return `bar_${opaqueId(`calendar bar for ${projectId}`, of)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
