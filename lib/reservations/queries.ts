import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { nameOfNobody, readNames } from "@/lib/accounts/names";
import {
  RESERVATION_STATUSES,
  type Reservation,
  type ReservationStatus,
  type reservationQuery,
} from "@/lib/contracts/reservations";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError, invalidField, notFound } from "@/lib/errors";
import type { Prisma, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import { presentReservation, type ShownRow, shownWith } from "@/lib/reservations/view";

type Page<T> = { data: T[]; next_cursor: string | null };
type Query = z.output<typeof reservationQuery>;

/** Newest first; the cursor is the last id of the page before. @throws AppError "invalid_cursor", "validation_failed" */
export async function listReservations(actor: Actor, query: Query): Promise<Page<Reservation>> {
  authorise(actor, "reservations:read");
  if (query.cursor !== undefined && !isId("reservation", query.cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.reservation.findMany({
    where: { AND: [{ projectId: actor.projectId }, ...conditions(actor, query)] },
    include: shownWith,
    orderBy: { id: "desc" },
    take: query.limit + 1,
  });
  const data = await present(db, actor.subject.id, rows.slice(0, query.limit));
  return { data, next_cursor: rows.length > query.limit ? (data.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found". */
export async function getReservation(actor: Actor, reservationId: string): Promise<Reservation> {
  authorise(actor, "reservations:read");
  return readReservation(db, actor, reservationId);
}

/** Without asking for permission: for services that have. @throws AppError "not_found" */
export async function readReservation(
  client: Tx | typeof db,
  actor: Actor,
  reservationId: string,
): Promise<Reservation> {
  const row = await client.reservation.findFirst({
    where: { id: reservationId, projectId: actor.projectId },
    include: shownWith,
  });
  const [reservation] = row ? await present(client, actor.subject.id, [row]) : [];
  if (!reservation) throw notFound("reservation");
  return reservation;
}

type Around = {
  name: string;
  region: string;
  gpu_type: string;
  maker: string | null;
  units: [unitId: string, lane: number, node: string, from: number, to: number][] | null;
};

/** A reservation whose row is known, with one statement for what is shown around it: for the answer to a change. */
export async function presentRow(client: Tx, viewer: string, row: ReservationRow): Promise<Reservation> {
  const [around] = await client.$queryRaw<[Around]>`
    SELECT p.name, p.region, t.name AS gpu_type,
           coalesce((SELECT coalesce(nullif(name, ''), email) FROM "user" WHERE id = ${row.createdBy}),
                    (SELECT name FROM api_key WHERE id = ${row.createdBy})) AS maker,
           (SELECT json_agg(json_build_array(u.id, u.lane, n.name, (extract(epoch FROM a.starts_at) * 1000)::bigint,
                                             (extract(epoch FROM a.ends_at) * 1000)::bigint))
              FROM allocation a JOIN unit u ON u.id = a.unit_id JOIN node n ON n.id = u.node_id
             WHERE a.reservation_id = ${row.id}) AS units
      FROM pool p JOIN gpu_type t ON t.id = p.gpu_type_id WHERE p.id = ${row.poolId}`;
  const shown: ShownRow = {
    ...row,
    pool: { id: row.poolId, name: around.name, region: around.region, gpuType: { name: around.gpu_type } },
    allocations: (around.units ?? []).map(([id, lane, node, from, to]) => ({
      startsAt: new Date(from),
      endsAt: new Date(to),
      unit: { id, lane, node: { name: node } },
    })),
  };
  return presentReservation(shown, { viewer, nameOf: (id) => around.maker ?? nameOfNobody(id) });
}

/** In which pool a reservation is at present. @throws AppError "not_found" */
export async function readReservationPool({ projectId }: Actor, reservationId: string): Promise<{ poolId: string }> {
  const row = await db.reservation.findFirst({ where: { id: reservationId, projectId }, select: { poolId: true } });
  if (!row) throw notFound("reservation");
  return row;
}

/** For the live stream, which has checked who listens and fills in `mine` for each. */
export async function reservationsByIds(projectId: string, ids: string[]): Promise<Reservation[]> {
  const rows = await db.reservation.findMany({ where: { projectId, id: { in: ids } }, include: shownWith });
  return present(db, "", rows);
}

async function present(client: Tx | typeof db, viewer: string, rows: readonly ShownRow[]): Promise<Reservation[]> {
  const nameOf = await readNames(
    client,
    rows.map(({ createdBy }) => createdBy),
  );
  return rows.map((row) => presentReservation(row, { viewer, nameOf }));
}

function conditions(actor: Actor, query: Query): Prisma.ReservationWhereInput[] {
  const { status, pool_id: poolId, mine, from, to, q, cursor } = query;
  const found: Prisma.ReservationWhereInput[] = [];
  if (cursor !== undefined) found.push({ id: { lt: cursor } });
  if (status !== undefined) found.push({ status: { in: statusesOf(status) } });
  if (poolId !== undefined) found.push({ poolId });
  if (mine === "true") found.push({ createdBy: actor.subject.id });
  if (mine === "false") found.push({ createdBy: { not: actor.subject.id } });
  if (from !== undefined) found.push({ endsAt: { gt: new Date(from) } });
  if (to !== undefined) found.push({ startsAt: { lt: new Date(to) } });
  const text = q?.trim();
  if (text) found.push({ OR: [{ id: text }, { title: { contains: text, mode: "insensitive" } }] });
  return found;
}

function statusesOf(text: string): ReservationStatus[] {
  return text.split(",").map((name) => {
    const status = RESERVATION_STATUSES.find((known) => known === name.trim());
    if (!status) {
      throw invalidField("status", `"${name.trim()}" is no status; there are ${RESERVATION_STATUSES.join(", ")}.`);
    }
    return status;
  });
}
