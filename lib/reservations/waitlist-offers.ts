import { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import type { Offer } from "@/lib/contracts/availability";
import { creditsText } from "@/lib/contracts/money";
import { createReservationBody } from "@/lib/contracts/reservations";
import { type WaitlistCriteria, waitlistCriteriaSchema } from "@/lib/contracts/waitlist";
import { db } from "@/lib/db/client";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { readBookingPolicy } from "@/lib/fleet/policy";
import type { WaitlistEntry as EntryRow } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import { announceWaitlist } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { emitReservation } from "@/lib/reservations/events";
import { CapacityRefused } from "@/lib/reservations/refusal";
import { findOffers } from "@/lib/reservations/search";
import { bookInTx } from "@/lib/reservations/service";
import { chooseOffer, type Declined, lookAfter } from "@/lib/reservations/waitlist-rules";

const declinedSchema = z.array(z.object({ pool_id: z.string(), starts_at: z.string() }));

/** How an attempt ended: room found and held; none; it waits on for another reason; it can never be met any more. */
export type Attempt = "offered" | "no_room" | "held_back" | "over";

/** Looks for room for an entry that waits, and holds what it finds. Other entries are none of its business. */
export async function tryOffer(entry: EntryRow, now: Date): Promise<Attempt> {
  const actor = actorOf(entry);
  const criteria = waitlistCriteriaSchema.parse(entry.criteria);
  const declined = declinedSchema.parse(entry.declined);
  try {
    const offer = await findOffer(criteria, declined, now);
    if (!offer) return "no_room";
    return (await hold(actor, entry, offer, now)) ? "offered" : "held_back";
  } catch (error) {
    // Somebody was faster; the next round looks again.
    if (error instanceof CapacityRefused) return "no_room";
    if (!(error instanceof AppError)) throw error;
    switch (error.code) {
      case "insufficient_credits":
        await note(
          entry,
          `There was room, but ${creditsText(error.extras.shortfall_micros ?? 0)} credits were missing.`,
        );
        return "held_back";
      case "plan_required":
        await note(entry, "The project is no longer on the premium plan.");
        return "held_back";
      case "validation_failed":
        // Its time has passed, or what it waits for is gone.
        await finish(entry, error.message);
        return "over";
      case "unavailable":
        return "no_room";
      default:
        log.warn({ err: error, entry: entry.id }, "an offer of the waiting list was refused");
        return "no_room";
    }
  }
}

async function findOffer(
  criteria: WaitlistCriteria,
  declined: readonly Declined[],
  now: Date,
): Promise<Offer | undefined> {
  const { offers } = await findOffers(criteria, now);
  const found = chooseOffer(offers, declined);
  if (found || offers.length === 0 || declined.length === 0) return found;
  const later = await findOffers(
    { ...criteria, not_before: new Date(Math.max(lookAfter(declined), now.getTime())).toISOString() },
    now,
  );
  return chooseOffer(later.offers, declined);
}

/**
 * Holds the offer's GPUs and credits and writes it into the entry, in one transaction. The entry is locked before the
 * pool, so that one that is taken off the list meanwhile is not offered anything.
 * @returns false when it no longer waits
 */
function hold(actor: Actor, entry: EntryRow, offer: Offer, now: Date): Promise<boolean> {
  return transaction(async (tx) => {
    const waiting = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM waitlist_entry WHERE id = ${entry.id} AND status = 'waiting' FOR UPDATE SKIP LOCKED`;
    if (waiting.length === 0) return false;
    const { offer_minutes } = await readBookingPolicy(tx);
    const request = createReservationBody.parse({
      pool_id: offer.pool_id,
      gpu_count: offer.gpu_count,
      starts_at: offer.starts_at,
      ends_at: offer.ends_at,
      topology: offer.topology,
      hold: true,
    });
    const row = await bookInTx(tx, actor, request, { now, holdMinutes: offer_minutes });
    await tx.waitlistEntry.update({
      where: { id: entry.id },
      data: { status: "offered", reservationId: row.id, offers: { increment: 1 }, note: null, updatedAt: now },
    });
    await emitReservation({ tx, now }, "reservation.waitlist_offered", row, {
      waitlist_entry_id: entry.id,
      hold_expires_at: row.holdExpiresAt?.toISOString(),
    });
    afterCommit(tx, () => announceWaitlist(entry.projectId));
    return true;
  });
}

/** For people, when it says something new. */
async function note({ id, projectId }: EntryRow, text: string): Promise<void> {
  const { count } = await db.waitlistEntry.updateMany({
    where: { id, status: "waiting", OR: [{ note: null }, { note: { not: text } }] },
    data: { note: text },
  });
  if (count > 0) announceWaitlist(projectId);
}

async function finish({ id, projectId }: EntryRow, why: string): Promise<void> {
  const { count } = await db.waitlistEntry.updateMany({
    where: { id, status: "waiting" },
    data: { status: "expired", note: why },
  });
  if (count > 0) announceWaitlist(projectId);
}

/** Whoever asked, with what it takes to hold an offer: accepting it needs a permission of one's own. */
function actorOf({ projectId, createdBy }: EntryRow): Actor {
  return {
    projectId,
    subject: { kind: isId("apiKey", createdBy) ? "api_key" : "user", id: createdBy },
    role: null,
    permissions: new Set(["reservations:write"]),
  };
}

/** Ends what has come to its end: offers that were accepted, ran out or were given back, and entries whose time is over. */
export async function settleEntries(tx: Tx, now: Date, maxOffers: number): Promise<string[]> {
  const changed = await tx.$queryRaw<{ project_id: string }[]>`
    UPDATE waitlist_entry w
       SET status = x.next, updated_at = ${now},
           reservation_id = CASE WHEN x.next = 'accepted' THEN w.reservation_id END
      FROM (SELECT e.id, CASE
                     WHEN r.status IN ('confirmed', 'active', 'completed') THEN 'accepted'
                     WHEN e.status = 'offered' AND e.offers >= ${maxOffers} THEN 'expired'
                     WHEN e.until <= ${now} THEN 'expired'
                     ELSE 'waiting' END AS next
              FROM waitlist_entry e LEFT JOIN reservation r ON r.id = e.reservation_id
             WHERE (e.status = 'offered' AND (r.id IS NULL OR r.status <> 'held'))
                OR (e.status = 'waiting' AND e.until <= ${now})
               FOR UPDATE OF e SKIP LOCKED) x
     WHERE w.id = x.id
    RETURNING w.project_id`;
  return [...new Set(changed.map(({ project_id }) => project_id))];
}
