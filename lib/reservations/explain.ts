import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { AppError } from "@/lib/errors";
import { readBookingPolicy } from "@/lib/fleet/policy";
import { findAlternatives } from "@/lib/reservations/alternatives";
import type { CapacityRefused } from "@/lib/reservations/refusal";
import { spanOf } from "@/lib/reservations/segments";

/**
 * The error that the caller sees of a refusal: what is in the way, when it would be possible first, and what could be
 * booked instead. Made after the transaction is over, so that nobody waits for it.
 */
export async function explainRefusal(actor: Actor, refused: CapacityRefused, now?: Date): Promise<AppError> {
  const { alternatives, blockers, earliestStartsAt } = await findAlternatives(db, {
    projectId: actor.projectId,
    by: actor.subject.id,
    pool: refused.pool,
    want: refused.want,
    policy: await readBookingPolicy(db),
    now: now ?? (await databaseNow(db)),
    reservationId: refused.reservationId,
  });
  return new AppError("capacity_unavailable", reasonInWords(refused), {
    extras: { alternatives, blockers, earliest_starts_at: earliestStartsAt?.toISOString() ?? null },
  });
}

function reasonInWords({ pool, want, reason }: CapacityRefused): string {
  const { most } = spanOf(want.parts);
  const gpus = most === 1 ? "1 GPU is" : `${most} GPUs are`;
  if (reason === "capacity") return `${gpus} not free in ${pool.name} over the whole time.`;
  if (reason === "topology") return `${gpus} free in ${pool.name}, but not on one node over the whole time.`;
  return `${gpus} free in ${pool.name} at every moment, but not the same ones over the whole time, and what stands in between cannot be moved.`;
}
