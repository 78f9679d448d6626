import type { UnitHolding } from "@/lib/contracts/fleet-admin";
import { type InTheWay, inTheWaySchema } from "@/lib/contracts/in-the-way";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";

/** What units hold, as admins of the installation see it. */

type Client = Tx | typeof db;

/** Named so that a refusal stays readable; the rest is of the same kind. */
const NAMED = 50;
const MINUTE_MS = 60_000;

const kindSchema = inTheWaySchema.shape.kind;

type Row = {
  kind: string;
  reservation_id: string | null;
  maintenance_id: string | null;
  project_id: string | null;
  project_name: string | null;
  title: string;
  starts_at: Date;
  ends_at: Date;
};

/** Per unit what blocks it at `now`, and the first that begins later. */
export async function holdingsOf(
  client: Client,
  unitIds: readonly string[],
  now: Date,
): Promise<{ now: Map<string, UnitHolding>; next: Map<string, UnitHolding> }> {
  const rows = await client.$queryRaw<(Row & { unit_id: string; is_now: boolean })[]>`
    SELECT u.id AS unit_id, a.is_now, a.kind, a.reservation_id, a.maintenance_id, r.project_id, p.name AS project_name,
           coalesce(r.title, m.reason, '') AS title, a.starts_at, a.ends_at
      FROM unnest(${[...unitIds]}::text[]) AS u(id)
     CROSS JOIN LATERAL (
       (SELECT true AS is_now, b.* FROM allocation b
         WHERE b.unit_id = u.id AND tstzrange(b.blocks_from, b.blocks_to, '[)') @> ${now}::timestamptz)
       UNION ALL
       (SELECT false, b.* FROM allocation b
         WHERE b.unit_id = u.id AND tstzrange(b.blocks_from, b.blocks_to, '[)') && tstzrange(${now}::timestamptz, NULL)
           AND b.blocks_from > ${now}
         ORDER BY b.blocks_from LIMIT 1)) a
      LEFT JOIN reservation r ON r.id = a.reservation_id
      LEFT JOIN project p ON p.id = r.project_id
      LEFT JOIN maintenance m ON m.id = a.maintenance_id`;
  const byUnit = (isNow: boolean) =>
    new Map(rows.filter((row) => row.is_now === isNow).map((row) => [row.unit_id, toHolding(row)]));
  return { now: byUnit(true), next: byUnit(false) };
}

/** What the allocations belong to, once each, by start, and why it stays where it is. */
export async function holdingsDuring(
  client: Client,
  allocationIds: readonly string[],
  { now, freezeMs }: { now: Date; freezeMs: number },
): Promise<InTheWay[]> {
  const rows = await client.$queryRaw<(Row & { gpus: number; pinned: boolean })[]>`
    SELECT a.kind, a.reservation_id, a.maintenance_id, r.project_id, p.name AS project_name,
           coalesce(r.title, m.reason, '') AS title, coalesce(r.starts_at, m.starts_at, min(a.starts_at)) AS starts_at,
           coalesce(r.ends_at, m.ends_at, max(a.ends_at)) AS ends_at, count(DISTINCT a.unit_id)::int AS gpus,
           coalesce(r.pinned, false) AS pinned
      FROM allocation a
      LEFT JOIN reservation r ON r.id = a.reservation_id
      LEFT JOIN project p ON p.id = r.project_id
      LEFT JOIN maintenance m ON m.id = a.maintenance_id
     WHERE a.id = ANY(${[...allocationIds]}::text[])
     GROUP BY a.kind, a.reservation_id, a.maintenance_id, r.id, p.id, m.id
     ORDER BY starts_at, a.reservation_id, a.maintenance_id
     LIMIT ${NAMED}`;
  return rows.map((row) => ({ ...toHolding(row), gpu_count: row.gpus, why: why(row, now, freezeMs) }));
}

function why(row: Row & { pinned: boolean }, now: Date, freezeMs: number): string {
  if (row.kind === "maintenance") return "Other maintenance is planned there. Call it off or choose another time.";
  if (row.kind === "outage") return "The GPUs are out of order.";
  if (row.starts_at <= now) return row.ends_at <= now ? "Its GPUs are being cleaned up." : "It has begun.";
  if (row.pinned) return "It is pinned to its GPUs.";
  if (row.starts_at.getTime() < now.getTime() + freezeMs) {
    return `It begins within ${freezeMs / MINUTE_MS} minutes and is not moved any more.`;
  }
  return "No other GPUs of the pool are free for all of its time.";
}

function toHolding(row: Row): UnitHolding {
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
