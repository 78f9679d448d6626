import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { requirePremium } from "@/lib/accounts/plan";
import type { Reservation } from "@/lib/contracts/reservations";
import {
  type joinWaitlistBody,
  WAITLIST_LIMITS,
  type WaitlistCriteria,
  type WaitlistEntry,
} from "@/lib/contracts/waitlist";
import { db } from "@/lib/db/client";
import { afterCommit, transaction } from "@/lib/db/transaction";
import { AppError, invalidField, notFound } from "@/lib/errors";
import type { WaitlistEntry as EntryRow, Prisma } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announceWaitlist } from "@/lib/live/channel";
import { loadPools } from "@/lib/reservations/pool-state";
import { findOffers } from "@/lib/reservations/search";
import { cancelReservation, confirmReservation } from "@/lib/reservations/service";
import { getWaitlistEntry } from "@/lib/reservations/waitlist-queries";
import { latestStart, whyNever } from "@/lib/reservations/waitlist-rules";
import { statusBy } from "@/lib/reservations/waitlist-view";

const DAY_MS = 86_400_000;

/**
 * Puts a request on the waiting list. What could never be met is refused.
 * @throws AppError "plan_required", "validation_failed", "conflict" at the limit
 */
export async function joinWaitlist(
  actor: Actor,
  { until: asked, ...criteria }: z.output<typeof joinWaitlistBody>,
  now = new Date(),
): Promise<WaitlistEntry> {
  authorise(actor, "reservations:write");
  await requirePremium(actor);
  // The search knows which pools and types there are, and which times make no sense.
  await findOffers(criteria, now);
  const never = whyNever(await loadPools(db, { poolIds: criteria.pool_ids, gpuType: criteria.gpu_type }), criteria);
  if (never) throw invalidField(never.field, never.message);
  const until = untilOf(criteria, asked, now);
  const id = newId("waitlistEntry");
  await transaction(async (tx) => {
    // Two at once would both find room for one more.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`waiting list of ${actor.projectId}`}, 0))`;
    const open = await tx.waitlistEntry.count({
      where: { projectId: actor.projectId, status: { in: ["waiting", "offered"] } },
    });
    if (open >= WAITLIST_LIMITS.openPerProject) {
      throw new AppError(
        "conflict",
        `A project has at most ${WAITLIST_LIMITS.openPerProject} requests on the waiting list; take one off first.`,
      );
    }
    await tx.waitlistEntry.create({
      data: {
        id,
        projectId: actor.projectId,
        createdBy: actor.subject.id,
        criteria: criteria as Prisma.InputJsonValue,
        until,
        createdAt: now,
        updatedAt: now,
      },
    });
    afterCommit(tx, () => announceWaitlist(actor.projectId));
  });
  return getWaitlistEntry(actor, id, now);
}

/**
 * Takes an entry off the list and gives back what is held for it.
 * @throws AppError "not_found"; "conflict" when it is over already
 */
export async function leaveWaitlist(actor: Actor, entryId: string, now?: Date): Promise<undefined> {
  authorise(actor, "reservations:write");
  const entry = await findEntry(actor, entryId);
  if (entry.status === "offered") {
    const offered = await requireOffer(actor, entry, now ?? new Date(), ["offered", "waiting"]);
    await giveBack(actor, entryId, offered, "The waiting list was left", now);
  }
  const [left] = await db.waitlistEntry.updateManyAndReturn({
    where: { id: entryId, projectId: actor.projectId, status: { in: ["waiting", "offered"] } },
    data: { status: "cancelled", note: null },
  });
  if (!left) throw new AppError("conflict", `This request is ${entry.status} and no longer waits.`);
  announceWaitlist(actor.projectId);
  // What was offered since it was read.
  if (left.reservationId !== null) await giveBack(actor, entryId, left.reservationId, "The waiting list was left", now);
}

/**
 * Takes the offer: confirms the reservation that is held for the entry.
 * @throws AppError "not_found", "plan_required"; "conflict" when there is no offer, or no more
 */
export async function acceptOffer(actor: Actor, entryId: string, now?: Date): Promise<Reservation> {
  authorise(actor, "reservations:write");
  const entry = await findEntry(actor, entryId);
  const reservationId = await requireOffer(actor, entry, now ?? new Date());
  const reservation = await confirmReservation(actor, reservationId, {}, now);
  await markAccepted(actor, entryId, reservationId);
  return reservation;
}

async function markAccepted(actor: Actor, entryId: string, reservationId: string): Promise<void> {
  await db.waitlistEntry.updateMany({
    where: { id: entryId, status: "offered", reservationId },
    data: { status: "accepted", note: null },
  });
  announceWaitlist(actor.projectId);
}

/**
 * Gives the offer back. The entry waits on unless this was its last, and is not offered the same start in the same pool
 * again.
 * @throws AppError "not_found"; "conflict" when there is no offer, or no more
 */
export async function declineOffer(actor: Actor, entryId: string, now?: Date): Promise<WaitlistEntry> {
  authorise(actor, "reservations:write");
  const entry = await findEntry(actor, entryId);
  const reservationId = await requireOffer(actor, entry, now ?? new Date());
  const { poolId, startsAt } = await db.reservation.findUniqueOrThrow({
    where: { id: reservationId },
    select: { poolId: true, startsAt: true },
  });
  // First what is not wanted: once it is given back, it could be offered to the same entry at once.
  const declined = JSON.stringify([{ pool_id: poolId, starts_at: startsAt.toISOString() }]);
  await db.$executeRaw`
    UPDATE waitlist_entry SET declined = declined || ${declined}::jsonb
     WHERE id = ${entryId} AND status = 'offered' AND reservation_id = ${reservationId}`;
  await giveBack(actor, entryId, reservationId, "The offer of the waiting list was declined", now);
  const isLast = entry.offers >= WAITLIST_LIMITS.offers;
  await db.waitlistEntry.updateMany({
    where: { id: entryId, status: "offered", reservationId },
    data: { status: isLast ? "expired" : "waiting", reservationId: null },
  });
  announceWaitlist(actor.projectId);
  return getWaitlistEntry(actor, entryId, now);
}

async function findEntry(actor: Actor, entryId: string): Promise<EntryRow> {
  const entry = await db.waitlistEntry.findFirst({ where: { id: entryId, projectId: actor.projectId } });
  if (!entry) throw notFound("entry of the waiting list");
  return entry;
}

/** @returns the id of the reservation that is held for it. @throws AppError "conflict" unless it is in one of the states */
async function requireOffer(
  actor: Actor,
  entry: EntryRow,
  now: Date,
  states: readonly string[] = ["offered"],
): Promise<string> {
  const { reservationId } = entry;
  const reservation =
    reservationId === null
      ? null
      : await db.reservation.findFirst({ where: { id: reservationId, projectId: actor.projectId } });
  const status = statusBy(entry, reservation ?? undefined, now);
  if (reservationId !== null && states.includes(status)) return reservationId;
  const why: Partial<Record<typeof status, string>> = {
    waiting: entry.status === "offered" ? "The offer has run out; the request waits on." : "There is no offer yet.",
    accepted: "The offer was accepted already.",
    cancelled: "The request was taken off the list.",
    expired: "The request is over.",
  };
  throw new AppError("conflict", why[status] ?? "There is no offer.");
}

/**
 * Lets go of what is held for an entry. What ran out stays as it is.
 * @throws AppError "conflict" when it was confirmed at this very moment: then the entry has it, and nothing else
 */
async function giveBack(
  actor: Actor,
  entryId: string,
  reservationId: string,
  reason: string,
  now?: Date,
): Promise<void> {
  const read = () =>
    db.reservation.findUniqueOrThrow({ where: { id: reservationId }, select: { status: true, version: true } });
  const { status, version } = await read();
  if (status === "held") {
    try {
      await cancelReservation(actor, reservationId, { version, reason, dry_run: false }, now);
    } catch (error) {
      if (!(error instanceof AppError) || !["conflict", "version_conflict"].includes(error.code)) throw error;
    }
  }
  if (!["confirmed", "active", "completed"].includes((await read()).status)) return;
  await markAccepted(actor, entryId, reservationId);
  throw new AppError("conflict", "The offer was accepted already.");
}

/** @throws AppError "validation_failed" */
function untilOf(criteria: WaitlistCriteria, asked: string | undefined, now: Date): Date {
  const latest = latestStart(criteria);
  if (asked === undefined) {
    return new Date(Math.min(latest ?? Number.POSITIVE_INFINITY, now.getTime() + WAITLIST_LIMITS.defaultDays * DAY_MS));
  }
  const until = Date.parse(asked);
  if (until <= now.getTime()) throw invalidField("until", "It has passed already: give a later time.");
  if (until > now.getTime() + WAITLIST_LIMITS.days * DAY_MS) {
    throw invalidField("until", `A request waits for at most ${WAITLIST_LIMITS.days} days: give an earlier time.`);
  }
  return new Date(Math.min(until, latest ?? Number.POSITIVE_INFINITY));
}
