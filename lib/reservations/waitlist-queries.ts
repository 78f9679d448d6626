import { type Actor, authorise } from "@/lib/accounts/actor";
import { readNames } from "@/lib/accounts/names";
import type { WaitlistEntry } from "@/lib/contracts/waitlist";
import { db } from "@/lib/db/client";
import { AppError, notFound } from "@/lib/errors";
import type { WaitlistEntry as EntryRow } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import { offeredWith, presentEntry } from "@/lib/reservations/waitlist-view";

type Page<T> = { data: T[]; next_cursor: string | null };
type Query = { cursor?: string | undefined; limit: number; open?: "true" | "false" | undefined };

/** Newest first; the cursor is the last id of the page before. @throws AppError "invalid_cursor" */
export async function listWaitlist(
  actor: Actor,
  { cursor, limit, open }: Query,
  now = new Date(),
): Promise<Page<WaitlistEntry>> {
  authorise(actor, "reservations:read");
  if (cursor !== undefined && !isId("waitlistEntry", cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.waitlistEntry.findMany({
    where: {
      projectId: actor.projectId,
      ...(cursor !== undefined && { id: { lt: cursor } }),
      ...(open === "true" && { status: { in: ["waiting", "offered"] } }),
      ...(open === "false" && { status: { notIn: ["waiting", "offered"] } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return { data: await present(actor, page, now), next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found" */
export async function getWaitlistEntry(actor: Actor, entryId: string, now = new Date()): Promise<WaitlistEntry> {
  authorise(actor, "reservations:read");
  const row = await db.waitlistEntry.findFirst({ where: { id: entryId, projectId: actor.projectId } });
  const [entry] = row ? await present(actor, [row], now) : [];
  if (!entry) throw notFound("entry of the waiting list");
  return entry;
}

async function present(actor: Actor, rows: readonly EntryRow[], now: Date): Promise<WaitlistEntry[]> {
  const reservations = await db.reservation.findMany({
    where: { projectId: actor.projectId, id: { in: rows.flatMap(({ reservationId }) => reservationId ?? []) } },
    include: offeredWith,
  });
  const nameOf = await readNames(
    db,
    rows.map(({ createdBy }) => createdBy),
  );
  return rows.map((row) =>
    presentEntry(row, {
      reservation: reservations.find(({ id }) => id === row.reservationId),
      viewer: actor.subject.id,
      nameOf,
      now,
    }),
  );
}
