import { createHash } from "node:crypto";
import { z } from "zod";
import type { FeedEntry } from "@/lib/calendar-feeds/render";
import { FEED_LIMITS } from "@/lib/contracts/calendar-feeds";
import { segmentSchema } from "@/lib/contracts/pricing";
import { db } from "@/lib/db/client";
import { publicOrigin } from "@/lib/env";
import type { Prisma } from "@/lib/generated/prisma/client";

/** Whose eyes a calendar is for. */
export type Reader = { feedId: string; projectId: string; userId: string };

const DAY_MS = 86_400_000;
const segmentsSchema = z.array(segmentSchema);

const STATUS: Readonly<Record<string, { status: FeedEntry["status"]; words: string }>> = {
  held: { status: "tentative", words: "Held, not confirmed yet" },
  confirmed: { status: "confirmed", words: "Confirmed" },
  active: { status: "confirmed", words: "Under way" },
  completed: { status: "confirmed", words: "Ended" },
  cancelled: { status: "cancelled", words: "Cancelled" },
  expired: { status: "cancelled", words: "Not confirmed in time" },
};

const shown = { pool: { include: { gpuType: true } } } satisfies Prisma.ReservationInclude;
type Row = Prisma.ReservationGetPayload<{ include: typeof shown }>;

/** Reservations of the project, or only those that the reader made. */
export async function ownEntries(reader: Reader, scope: "mine" | "team", now: Date): Promise<FeedEntry[]> {
  const rows = await readRows(
    { projectId: reader.projectId, ...(scope === "mine" && { createdBy: reader.userId }) },
    now,
  );
  return withBookers(rows, reader.userId);
}

/** One reservation of the project as its calendars show it; null when it is none of the project's. */
export async function reservationEntries(
  projectId: string,
  reservationId: string,
  readerId: string,
): Promise<FeedEntry[] | null> {
  const row = await db.reservation.findFirst({ where: { id: reservationId, projectId }, include: shown });
  return row && withBookers([row], readerId);
}

/** With who booked them, unless it was the reader. */
async function withBookers(rows: readonly Row[], readerId: string): Promise<FeedEntry[]> {
  const people = await db.user.findMany({
    where: { id: { in: rows.map(({ createdBy }) => createdBy) } },
    select: { id: true, name: true, email: true },
  });
  return rows.flatMap((row) => {
    const person = people.find(({ id }) => id === row.createdBy);
    const by = row.createdBy === readerId || !person ? [] : [`Booked by ${person.name || person.email}`];
    return openEntries(row, by);
  });
}

/** What is taken of a pool: of other projects no more than when and how many. And its maintenance. */
export async function poolEntries(reader: Reader, poolId: string, now: Date): Promise<FeedEntry[]> {
  const rows = await readRows({ poolId }, now);
  const bookings = rows.flatMap((row) =>
    row.projectId === reader.projectId ? openEntries(row, []) : redactedEntries(row, reader),
  );
  return [...bookings, ...(await maintenanceEntries(poolId, now))];
}

/** The latest ones, by start: of too many those drop out that are longest over. */
async function readRows(where: Prisma.ReservationWhereInput, now: Date): Promise<Row[]> {
  const rows = await db.reservation.findMany({
    where: {
      ...where,
      endsAt: { gt: daysBefore(now, FEED_LIMITS.pastDays) },
      OR: [
        { status: { in: ["held", "confirmed", "active", "completed"] } },
        { updatedAt: { gt: daysBefore(now, FEED_LIMITS.cancelledDays) } },
      ],
    },
    include: shown,
    orderBy: [{ startsAt: "desc" }, { id: "desc" }],
    take: FEED_LIMITS.entries,
  });
  return rows.reverse();
}

function openEntries(row: Row, by: readonly string[]): FeedEntry[] {
  const { words } = statusOf(row);
  return segmentsOf(row).map((segment, index) => {
    const gpus = `${segment.gpu_count} ${row.pool.gpuType.name}`;
    return {
      ...common(row, segment),
      uid: `${row.id}-${index + 1}@dumont`,
      title: row.title === "" ? `${gpus} in ${row.pool.name}` : `${row.title} (${gpus})`,
      details: [`${gpus} in ${row.pool.name}`, words, ...by],
      url: `${publicOrigin}/app/reservations/${row.id}`,
    };
  });
}

function redactedEntries(row: Row, { feedId }: Reader): FeedEntry[] {
  // A name of the booking's own in this calendar, from which its id cannot be told.
  const name = createHash("sha256").update(`${feedId}:${row.id}`).digest("hex").slice(0, 32);
  return segmentsOf(row).map((segment, index) => ({
    ...common(row, segment),
    uid: `${name}-${index + 1}@dumont`,
    title: `${segment.gpu_count} ${row.pool.gpuType.name} taken`,
    details: ["Booked by others"],
    url: null,
  }));
}

async function maintenanceEntries(poolId: string, now: Date): Promise<FeedEntry[]> {
  const rows = await db.maintenance.findMany({
    where: { poolId, endsAt: { gt: daysBefore(now, FEED_LIMITS.pastDays) } },
    include: { pool: true, allocations: { select: { unitId: true } } },
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => {
    const units = new Set(row.allocations.map(({ unitId }) => unitId)).size;
    return {
      uid: `${row.id}@dumont`,
      // It has no version of its own; seconds since it was made rise as well.
      sequence: Math.floor((row.updatedAt.getTime() - row.createdAt.getTime()) / 1000),
      status: "confirmed" as const,
      from: row.startsAt,
      to: row.endsAt,
      title: `Maintenance: ${row.reason}`,
      details: [`${units} ${units === 1 ? "GPU" : "GPUs"} of ${row.pool.name} out of service`],
      location: placeOf(row.pool),
      url: null,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    };
  });
}

function common(row: Row, { starts_at, ends_at }: { starts_at: string; ends_at: string }) {
  return {
    sequence: row.version,
    status: statusOf(row).status,
    from: new Date(starts_at),
    to: new Date(ends_at),
    location: placeOf(row.pool),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function statusOf({ status }: Row) {
  const found = STATUS[status];
  if (!found) throw new Error(`A reservation is "${status}", which no calendar knows.`);
  return found;
}

function segmentsOf({ segments }: Row) {
  return segmentsSchema.parse(segments);
}

function placeOf({ name, region }: { name: string; region: string }): string {
  return `${name}, ${region}`;
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
