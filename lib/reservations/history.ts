import type { Actor } from "@/lib/accounts/actor";
import { authorise } from "@/lib/accounts/actor";
import { readNames } from "@/lib/accounts/names";
import { toJsonMicros } from "@/lib/contracts/money";
import type { ProblemExtras } from "@/lib/contracts/problem";
import { type ChangeKind, type ReservationChange, reservationChangeSchema } from "@/lib/contracts/reservations";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Prisma, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import type { Scene } from "@/lib/reservations/scene";
import { storedPrice } from "@/lib/reservations/view";

type Json = Prisma.InputJsonValue | null;
export type Facts = Record<string, Json>;

/** What the history keeps of a reservation's state, under the names of the API. */
export function factsOf(row: ReservationRow): Facts {
  return {
    status: row.status,
    title: row.title,
    pool_id: row.poolId,
    gpu_count: row.gpuCount,
    starts_at: row.startsAt.toISOString(),
    ends_at: row.endsAt.toISOString(),
    segments: row.segments as Prisma.InputJsonValue,
    topology: row.topology,
    pinned: row.pinned,
    config: row.config,
    environment: row.environment,
    snapshot_at_end: row.snapshotAtEnd,
    total_micros: toJsonMicros(row.totalMicros),
    discount_bps: storedPrice(row.price).discount_bps,
  };
}

/** What of the facts differs. */
export function compareFacts(before: Facts, after: Facts): { before: Facts; after: Facts } {
  const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const pick = (facts: Facts) => Object.fromEntries(changed.map((key) => [key, facts[key] ?? null]));
  return { before: pick(before), after: pick(after) };
}

/** Adds a line to the history. @param money what the change did to credits, added to `after` */
export async function recordChange(
  { tx, by, now }: Pick<Scene, "tx" | "by" | "now">,
  row: ReservationRow,
  {
    kind,
    before,
    after,
    reason = null,
  }: { kind: ChangeKind; before: Facts | null; after: Facts | null; reason?: string | null },
): Promise<void> {
  await tx.reservationChange.create({
    data: {
      reservationId: row.id,
      projectId: row.projectId,
      version: row.version,
      kind,
      by,
      reason,
      ...(before && { before }),
      ...(after && { after }),
      createdAt: now,
    },
  });
}

/** The error for a version that is no longer the current one, with what changed since. */
export async function versionConflict(tx: Tx, row: ReservationRow, sent: number): Promise<AppError> {
  const changes = await tx.reservationChange.findMany({
    where: { reservationId: row.id, version: { gt: sent }, kind: { not: "repacked" } },
    orderBy: { id: "asc" },
  });
  const was = new Map<string, Json>();
  const is = new Map<string, Json>();
  for (const { before, after } of changes) {
    for (const [field, value] of Object.entries((before ?? {}) as Facts)) {
      if (!was.has(field)) was.set(field, value);
      is.set(field, ((after ?? {}) as Facts)[field] ?? null);
    }
  }
  const changed = [...was]
    .map(([field, value]) => ({ field, was: value, is: is.get(field) ?? null }))
    .filter((change) => JSON.stringify(change.was) !== JSON.stringify(change.is));
  return new AppError(
    "version_conflict",
    `You sent version ${sent}, and it has version ${row.version} now. Read it again, then repeat the change.`,
    { extras: { current_version: row.version, changed: changed as NonNullable<ProblemExtras["changed"]> } },
  );
}

type Page<T> = { data: T[]; next_cursor: string | null };

/** Newest first; the cursor is the last change's id. @throws AppError "not_found", "invalid_cursor" */
export async function listReservationChanges(
  actor: Actor,
  reservationId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<ReservationChange>> {
  authorise(actor, "reservations:read");
  // Eighteen digits always fit the column.
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const { projectId } = actor;
  const found = await db.reservation.count({ where: { id: reservationId, projectId } });
  if (found === 0) throw notFound("reservation");
  const rows = await db.reservationChange.findMany({
    where: { reservationId, projectId, ...(cursor !== undefined && { id: { lt: BigInt(cursor) } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const nameOf = await readNames(
    db,
    shown.map(({ by }) => by),
  );
  const data = shown.map((row) =>
    reservationChangeSchema.parse({
      id: String(row.id),
      kind: row.kind,
      version: row.version,
      by: { id: row.by, name: nameOf(row.by) },
      reason: row.reason,
      before: row.before,
      after: row.after,
      created_at: row.createdAt.toISOString(),
    }),
  );
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}
