import { toJsonMicros } from "@/lib/contracts/money";
import { type Price, priceSchema, usedMicros } from "@/lib/contracts/pricing";
import type { Period } from "@/lib/costs/periods";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";

type Client = Tx | typeof db;

/** Micro-credits. */
export type Spent = { captured: bigint; fees: bigint; running: bigint };

export const NOTHING: Spent = { captured: 0n, fees: 0n, running: 0n };

export function add(a: Spent, b: Spent): Spent {
  return { captured: a.captured + b.captured, fees: a.fees + b.fees, running: a.running + b.running };
}

export function total({ captured, fees, running }: Spent): bigint {
  return captured + fees + running;
}

export function presentSpent(spent: Spent) {
  return {
    captured_micros: toJsonMicros(spent.captured),
    fees_micros: toJsonMicros(spent.fees),
    running_micros: toJsonMicros(spent.running),
    cost_micros: toJsonMicros(total(spent)),
  };
}

export type Running = { projectId: string; reservationId: string; running: bigint; ratePerHour: bigint };

/**
 * What the reservations that run at this moment have used up and the ledger has not booked yet, and what they cost an hour.
 * @param projectIds of these projects
 */
export async function readRunning(client: Client, projectIds: readonly string[], now: Date): Promise<Running[]> {
  const rows = await client.reservation.findMany({
    where: { projectId: { in: [...projectIds] }, status: "active" },
    select: { id: true, projectId: true, price: true, capturedMicros: true },
  });
  return rows.map(({ id, projectId, price: stored, capturedMicros }) => {
    const price = priceSchema.parse(stored);
    const used = usedMicros(price, now);
    return {
      projectId,
      reservationId: id,
      running: used > capturedMicros ? used - capturedMicros : 0n,
      ratePerHour: rateAt(price, now),
    };
  });
}

/** What the part of the reservation that runs at this moment costs an hour, after the discount, rounded down. */
function rateAt(price: Price, at: Date): bigint {
  const line = price.lines.find(({ starts_at, ends_at }) => Date.parse(starts_at) <= +at && +at < Date.parse(ends_at));
  if (!line) return 0n;
  const ms = Date.parse(line.ends_at) - Date.parse(line.starts_at);
  return (BigInt(line.total_micros) * 3_600_000n) / BigInt(ms);
}

type BookedRow = { key: string; captured: bigint; fees: bigint };

/** What the ledger booked as spent within the period, per reservation of the project. */
export async function readBooked(
  client: Client,
  projectId: string,
  { start, end }: Period,
): Promise<Map<string, Spent>> {
  const rows = await client.$queryRaw<BookedRow[]>`
    SELECT reservation_id AS key,
           coalesce(-sum(available_delta + held_delta) FILTER (WHERE kind = 'capture'), 0)::bigint AS captured,
           coalesce(-sum(available_delta + held_delta) FILTER (WHERE kind = 'fee'), 0)::bigint AS fees
      FROM ledger_transaction
     WHERE project_id = ${projectId} AND kind IN ('capture', 'fee') AND created_at >= ${start} AND created_at < ${end}
       AND reservation_id IS NOT NULL
     GROUP BY reservation_id`;
  return new Map(rows.map(({ key, captured, fees }) => [key, { captured, fees, running: 0n }]));
}

/** What the ledger booked as spent within the period, per project. */
export async function readBookedOf(
  client: Client,
  projectIds: readonly string[],
  { start, end }: Period,
): Promise<Map<string, bigint>> {
  const rows = await client.$queryRaw<{ project_id: string; spent: bigint }[]>`
    SELECT project_id, -sum(available_delta + held_delta)::bigint AS spent FROM ledger_transaction
     WHERE project_id = ANY(${[...projectIds]}) AND kind IN ('capture', 'fee') AND created_at >= ${start}
       AND created_at < ${end}
     GROUP BY project_id`;
  return new Map(rows.map(({ project_id, spent }) => [project_id, spent]));
}
