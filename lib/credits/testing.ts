import { ledgerChecks } from "@/lib/credits/audit";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";

let poolId: string | undefined;

/** For tests of credits: the row of a confirmed reservation with a price, straight into the database and without GPUs. */
export async function createTestReservation(
  projectId: string,
  {
    totalMicros = 0n,
    startsAt = new Date(),
    hours = 24,
    title = "",
  }: { totalMicros?: bigint; startsAt?: Date; hours?: number; title?: string } = {},
): Promise<string> {
  poolId ??= (await createTestPool({ nodes: 1, lanes: 1 })).id;
  const id = newId("reservation");
  const endsAt = new Date(startsAt.getTime() + hours * 3_600_000);
  const segment = { starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString(), gpu_count: 1 };
  await db.reservation.create({
    data: {
      id,
      projectId,
      poolId,
      createdBy: "usr_test",
      title,
      status: "confirmed",
      gpuCount: 1,
      startsAt,
      endsAt,
      segments: [segment],
      correlationId: id,
      price: {
        rate_micros_per_gpu_hour: hours === 0 ? 0 : Math.round(Number(totalMicros) / hours),
        gpu_minutes: hours * 60,
        list_micros: Number(totalMicros),
        discount_bps: 0,
        discount_micros: 0,
        total_micros: Number(totalMicros),
        lines: [
          {
            ...segment,
            gpu_minutes: hours * 60,
            list_micros: Number(totalMicros),
            discount_micros: 0,
            total_micros: Number(totalMicros),
          },
        ],
        discount: { duration_hours: hours, duration_bps: 0, lead_hours: 0, lead_bps: 0, kept_bps: null },
      },
      totalMicros,
    },
  });
  return id;
}

/** What the audit finds wrong with the ledger: the names of the checks that returned rows. */
export async function auditLedger({ except = [] }: { except?: readonly string[] } = {}): Promise<string[]> {
  const found: string[] = [];
  for (const { name, sql } of ledgerChecks) {
    if (except.includes(name)) continue;
    const rows = await db.$queryRawUnsafe<unknown[]>(sql);
    if (rows.length > 0)
      found.push(`${name}: ${JSON.stringify(rows.slice(0, 3), (_k, v) => (typeof v === "bigint" ? String(v) : v))}`);
  }
  return found;
}

/** Tests of movements alone have reservations whose own figures nobody keeps. */
export const OF_RESERVATIONS = ledgerChecks.at(-1)?.name ?? "";
