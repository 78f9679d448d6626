import { type Actor, authorise } from "@/lib/accounts/actor";
import { type NameOf, readNames } from "@/lib/accounts/names";
import { toJsonMicros } from "@/lib/contracts/money";
import type { RESERVATION_STATUSES, ReservationStatus } from "@/lib/contracts/reservations";
import {
  type Series,
  type SeriesDetail,
  seriesDetailSchema,
  seriesRuleSchema,
  seriesTemplateSchema,
} from "@/lib/contracts/series";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { ReservationSeries as SeriesRow } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import { presentReservation, shownWith } from "@/lib/reservations/view";

type Page<T> = { data: T[]; next_cursor: string | null };
type Client = Tx | typeof db;
type Sums = { series_id: string; status: string; count: number; first: Date; last: Date; total: bigint };

/** Newest first; the cursor is the last id of the page before. @throws AppError "invalid_cursor" */
export async function listSeries(
  actor: Actor,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Series>> {
  authorise(actor, "reservations:read");
  if (cursor !== undefined && !isId("series", cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.reservationSeries.findMany({
    where: { projectId: actor.projectId, ...(cursor !== undefined && { id: { lt: cursor } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const sums = await sumsOf(db, page);
  const nameOf = await readNames(
    db,
    page.map(({ createdBy }) => createdBy),
  );
  const data = page.map((row) => toSeries(actor, row, { sums, nameOf }));
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found" */
export async function getSeries(actor: Actor, seriesId: string): Promise<SeriesDetail> {
  authorise(actor, "reservations:read");
  return readSeries(db, actor, seriesId);
}

/** Without asking for permission: for services that have. @throws AppError "not_found" */
export async function readSeries(client: Client, actor: Actor, seriesId: string): Promise<SeriesDetail> {
  const { projectId } = actor;
  const row = await client.reservationSeries.findFirst({ where: { id: seriesId, projectId } });
  if (!row) throw notFound("series");
  const reservations = await client.reservation.findMany({
    where: { seriesId, projectId },
    include: shownWith,
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
  });
  const nameOf = await readNames(client, [row.createdBy, ...reservations.map(({ createdBy }) => createdBy)]);
  return {
    ...toSeries(actor, row, { sums: await sumsOf(client, [row]), nameOf }),
    reservations: reservations.map((one) => presentReservation(one, { viewer: actor.subject.id, nameOf })),
    skipped: seriesDetailSchema.shape.skipped.parse(row.skipped),
  };
}

function sumsOf(client: Client, rows: readonly SeriesRow[]): Promise<Sums[]> {
  return client.$queryRaw<Sums[]>`
    SELECT series_id, status, count(*)::int AS count, min(starts_at) AS first, max(ends_at) AS last,
           sum(total_micros)::bigint AS total
      FROM reservation WHERE series_id = ANY(${rows.map(({ id }) => id)}) GROUP BY series_id, status`;
}

function toSeries(actor: Actor, row: SeriesRow, { sums, nameOf }: { sums: readonly Sums[]; nameOf: NameOf }): Series {
  const own = sums.filter(({ series_id }) => series_id === row.id);
  const template = seriesTemplateSchema.parse(row.template);
  const countOf = (status: ReservationStatus) => own.find((sum) => sum.status === status)?.count ?? 0;
  const earliest = own.reduce<Date | null>((min, { first }) => (min === null || first < min ? first : min), null);
  const latest = own.reduce<Date | null>((max, { last }) => (max === null || last > max ? last : max), null);
  return {
    id: row.id,
    title: template.title,
    rule: seriesRuleSchema.parse(row.rule),
    template,
    reservation_count: own.reduce((sum, { count }) => sum + count, 0),
    by_status: {
      held: countOf("held"),
      confirmed: countOf("confirmed"),
      active: countOf("active"),
      completed: countOf("completed"),
      cancelled: countOf("cancelled"),
      expired: countOf("expired"),
    } satisfies Record<(typeof RESERVATION_STATUSES)[number], number>,
    first_starts_at: earliest?.toISOString() ?? null,
    last_ends_at: latest?.toISOString() ?? null,
    total_micros: toJsonMicros(own.reduce((sum, { total }) => sum + total, 0n)),
    skipped_count: seriesDetailSchema.shape.skipped.parse(row.skipped).length,
    mine: row.createdBy === actor.subject.id,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
  };
}
