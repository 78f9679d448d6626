import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import {
  cancelBody,
  createReservationBody,
  type Reservation,
  type ReservationPreview,
  releaseBody,
  type Settlement,
  updateReservationBody,
} from "@/lib/contracts/reservations";
import { grantCredits } from "@/lib/credits/movements";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import * as reservations from "@/lib/reservations/service";
import { createTestProject } from "@/lib/webhooks/testing";

/** What tests of reservations have in common: a project with credits, and the service behind the contract. */

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** 1 credit in micro-credits. */
export const CREDIT = 1_000_000n;

/** When tests begin that set the clock themselves: midnight UTC of a Monday. */
export const T0 = new Date("2027-03-01T00:00:00.000Z");

export function hour(hours: number, start: Date = T0): Date {
  return new Date(start.getTime() + hours * HOUR_MS);
}

/** A project of the premium plan, with so many credits that do not expire. */
export async function createCustomer(credits = 1_000_000n, now = T0): Promise<Actor> {
  const actor = await createTestProject("member");
  if (credits > 0n) await giveCredits(actor, credits, { now });
  return actor;
}

export function giveCredits(
  actor: Actor,
  credits: bigint,
  { now = T0, expiresAt = null }: { now?: Date; expiresAt?: Date | null } = {},
) {
  return transaction((tx) =>
    grantCredits(tx, {
      projectId: actor.projectId,
      source: "purchase",
      amount: credits * CREDIT,
      expiresAt,
      note: "",
      by: "system",
      now,
    }),
  );
}

type Input<S extends z.ZodType> = z.input<S>;

/** Books through the contract, from an hour of T0 to another. */
export async function bookHours(
  actor: Actor,
  poolId: string,
  [from, to]: readonly [number, number],
  body: Partial<Input<typeof createReservationBody>> = {},
  now: Date | undefined = T0,
): Promise<Reservation> {
  const parsed = createReservationBody.parse({
    ...(body.quote_id === undefined && body.gpu_type === undefined && { pool_id: poolId }),
    ...(body.segments === undefined && {
      gpu_count: 1,
      starts_at: hour(from).toISOString(),
      ends_at: hour(to).toISOString(),
    }),
    ...body,
  });
  return real(await reservations.createReservation(actor, parsed, now));
}

export async function update(
  actor: Actor,
  id: string,
  body: Input<typeof updateReservationBody>,
  now: Date | undefined = T0,
): Promise<Reservation> {
  return real(await reservations.updateReservation(actor, id, updateReservationBody.parse(body), now));
}

export async function release(
  actor: Actor,
  id: string,
  body: Input<typeof releaseBody>,
  now: Date | undefined = T0,
): Promise<Reservation> {
  return real(await reservations.releasePart(actor, id, releaseBody.parse(body), now));
}

export async function cancel(
  actor: Actor,
  id: string,
  body: Input<typeof cancelBody> = {},
  now: Date | undefined = T0,
): Promise<Reservation & { settlement: Settlement }> {
  return real(await reservations.cancelReservation(actor, id, cancelBody.parse(body), now)) as Reservation & {
    settlement: Settlement;
  };
}

export function confirm(actor: Actor, id: string, now: Date | undefined = T0): Promise<Reservation> {
  return reservations.confirmReservation(actor, id, {}, now);
}

function real(answer: Reservation | ReservationPreview): Reservation {
  if ("dry_run" in answer) throw new Error("This was a dry run.");
  return answer;
}

/** Available and held micro-credits of a project. */
export async function balance(actor: Actor): Promise<{ available: bigint; held: bigint }> {
  const account = await db.creditAccount.findUnique({ where: { projectId: actor.projectId } });
  return { available: account?.available ?? 0n, held: account?.held ?? 0n };
}

/** The types of the events of a project, in the order of their emission. */
export async function eventsOf(actor: Actor): Promise<{ type: string; data: Record<string, unknown> }[]> {
  const rows = await db.$queryRaw<{ type: string; body: string }[]>`
    SELECT type, body FROM event WHERE project_id = ${actor.projectId} AND type LIKE 'reservation.%' ORDER BY id`;
  return rows.map(({ type, body }) => ({ type, data: JSON.parse(body).data }));
}
