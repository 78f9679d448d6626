import type { Actor } from "@/lib/accounts/actor";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { databaseNow } from "@/lib/db/clock";
import type { Tx } from "@/lib/db/transaction";
import { readBookingPolicy } from "@/lib/fleet/policy";

/** Who acts in which project: an Actor whose permission was checked, or the system. */
export type Who = { projectId: string; by: string };

/** What a change of a reservation happens in. */
export type Scene = Who & { tx: Tx; now: Date; policy: BookingPolicy };

export function whoIs(actor: Actor): Who {
  return { projectId: actor.projectId, by: actor.subject.id };
}

/** @param now the database's clock unless given; asked for after the locks, so that waiting for them counts */
export async function openScene(tx: Tx, who: Who, now?: Date): Promise<Scene> {
  return { ...who, tx, now: now ?? (await databaseNow(tx)), policy: await readBookingPolicy(tx) };
}
