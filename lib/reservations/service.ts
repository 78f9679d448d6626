import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { requirePremium } from "@/lib/accounts/plan";
import type {
  cancelBody,
  confirmBody,
  createReservationBody,
  Reservation,
  ReservationPreview,
  releaseBody,
  Settlement,
  updateReservationBody,
} from "@/lib/contracts/reservations";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { cancel } from "@/lib/reservations/cancel";
import { applyChange, type Changed } from "@/lib/reservations/change";
import { confirm } from "@/lib/reservations/confirm";
import { type Booked, type BookingRequest, book, partsOf } from "@/lib/reservations/create";
import { explainRefusal } from "@/lib/reservations/explain";
import { inTurn } from "@/lib/reservations/gate";
import { startReservation } from "@/lib/reservations/life";
import { expireDeadHolds, lockRow, lockWithPools, requireVersion } from "@/lib/reservations/lock";
import { presentSettlement } from "@/lib/reservations/money";
import { perform } from "@/lib/reservations/perform";
import { loadPool } from "@/lib/reservations/pool-state";
import { candidatePools, choosePool } from "@/lib/reservations/pools";
import { presentRow, readReservationPool } from "@/lib/reservations/queries";
import { CapacityRefused } from "@/lib/reservations/refusal";
import { explainOnce, refusedBefore, rememberRefusal, stateOf } from "@/lib/reservations/refused-before";
import { openScene, type Scene, whoIs } from "@/lib/reservations/scene";
import { isOpen } from "@/lib/reservations/status";
import { targetOfRelease, targetOfUpdate } from "@/lib/reservations/update";
import { checkRequestWebhook } from "@/lib/webhooks/request-webhooks";

type CreateBody = z.output<typeof createReservationBody>;
type Cancelled = Reservation & { settlement: Settlement };
type Answer = { reservation: Reservation; settlement: () => Promise<Settlement>; moved: number };

/**
 * Books GPUs, or holds them. Of a GPU type the cheapest pool with room is taken.
 * @param now the database's clock unless given
 * @throws AppError "plan_required", "validation_failed", "capacity_unavailable" with alternatives,
 *   "insufficient_credits", "quote_expired", "unavailable"
 */
export async function createReservation(
  actor: Actor,
  { dry_run, ...request }: CreateBody,
  now?: Date,
): Promise<Reservation | ReservationPreview> {
  authorise(actor, "reservations:write");
  await requirePremium(actor);
  partsOf(request);
  if (request.webhook) checkRequestWebhook(request.webhook);
  let refusal: unknown;
  for (const poolId of await candidatePools(actor.projectId, request)) {
    try {
      return await inTurn(poolId, () => createIn(actor, poolId, { dry_run, ...request }, now));
    } catch (error) {
      // Another pool may have room, or other rules; the cheapest one's word counts when none has.
      if (!isRefusal(error)) throw error;
      refusal =
        refusal instanceof CapacityRefused ? refusal : error instanceof CapacityRefused ? error : (refusal ?? error);
    }
  }
  throw await toSeen(actor, refusal, now);
}

async function createIn(actor: Actor, poolId: string, { dry_run, ...request }: CreateBody, now?: Date) {
  const wanted = JSON.stringify([partsOf(request), request.topology, now]);
  const known = await refusedBefore(poolId, wanted, now);
  if (known) throw known;
  try {
    return await perform(dry_run, async (tx) => {
      const booked = await book(tx, whoIs(actor), request, { poolId, now });
      const answer = await answerOf(actor, booked.scene, booked);
      return dry_run ? previewOf(answer, null) : answer.reservation;
    });
  } catch (error) {
    if (error instanceof CapacityRefused) rememberRefusal(poolId, wanted, await stateOf(poolId, now), error);
    throw error;
  }
}

/**
 * Books inside a transaction of the caller's, who has authorised it; for series and the waiting list. The pool's lock is
 * held until that transaction ends, so book in one pool only.
 * @throws CapacityRefused, which leaves the transaction usable; AppError as createReservation
 */
export async function bookInTx(
  tx: Tx,
  actor: Actor,
  request: BookingRequest,
  options: { now?: Date; seriesId?: string; holdMinutes?: number } = {},
): Promise<ReservationRow> {
  await requirePremium(actor, tx);
  const poolId = await choosePool(tx, actor.projectId, request, options.now);
  const booked: Booked = await book(tx, whoIs(actor), request, { poolId, ...options });
  return booked.row;
}

/**
 * Moves, extends, shrinks or edits; all of it or nothing.
 * @throws AppError "not_found", "version_conflict", "conflict" when it is over; else as createReservation
 */
export async function updateReservation(
  actor: Actor,
  reservationId: string,
  body: z.output<typeof updateReservationBody>,
  now?: Date,
): Promise<Reservation | ReservationPreview> {
  authorise(actor, "reservations:write");
  await requirePremium(actor);
  if (body.pool_id !== undefined) await candidatePools(actor.projectId, { pool_id: body.pool_id });
  const apply = async (scene: Scene, row: ReservationRow) => {
    const pool = await loadPool(scene.tx, body.pool_id ?? row.poolId);
    return applyChange(scene, row, targetOfUpdate(scene, row, body, pool));
  };
  return change(actor, reservationId, { body, now, otherPoolId: body.pool_id }, apply, alone);
}

/** Gives back some GPUs for some time. @throws AppError "not_found", "version_conflict", "conflict", "validation_failed" */
export async function releasePart(
  actor: Actor,
  reservationId: string,
  body: z.output<typeof releaseBody>,
  now?: Date,
): Promise<Reservation | ReservationPreview> {
  authorise(actor, "reservations:write");
  const apply = async (scene: Scene, row: ReservationRow) => {
    const pool = await loadPool(scene.tx, row.poolId);
    return applyChange(scene, row, targetOfRelease(scene, row, body, pool));
  };
  return change(actor, reservationId, { body, now }, apply, alone);
}

/**
 * Makes a held reservation a firm one. Its GPUs and credits are held already, so nothing is looked at but the time.
 * @throws AppError "not_found", "version_conflict"; "conflict" when it is not held any more
 */
export async function confirmReservation(
  actor: Actor,
  reservationId: string,
  body: z.output<typeof confirmBody>,
  now?: Date,
): Promise<Reservation> {
  authorise(actor, "reservations:write");
  await requirePremium(actor);
  return perform(false, async (tx) => {
    const row = await lockRow(tx, actor.projectId, reservationId);
    const scene = await openScene(tx, whoIs(actor), now);
    await requireVersion(tx, row, body.version);
    return presentRow(tx, actor.subject.id, await confirm(scene, row));
  });
}

/** Cancels; says what came back to which grant. @throws AppError "not_found", "version_conflict", "conflict" when it is over */
export async function cancelReservation(
  actor: Actor,
  reservationId: string,
  body: z.output<typeof cancelBody>,
  now?: Date,
): Promise<Cancelled | ReservationPreview> {
  authorise(actor, "reservations:write");
  return change(
    actor,
    reservationId,
    { body, now },
    (scene, row) => cancel(scene, row, body.reason ?? null),
    async ({ reservation, settlement }) => ({ ...reservation, settlement: await settlement() }),
  );
}

async function alone({ reservation }: Answer): Promise<Reservation> {
  return reservation;
}

/** What all changes have in common: locks, version, state, answer, dry run. */
async function change<T>(
  actor: Actor,
  reservationId: string,
  request: {
    body: { version?: number | undefined; dry_run: boolean };
    now?: Date | undefined;
    otherPoolId?: string | undefined;
  },
  apply: (scene: Scene, row: ReservationRow) => Promise<Changed>,
  show: (answer: Answer) => Promise<T>,
): Promise<T | ReservationPreview> {
  const { body, now, otherPoolId } = request;
  const { poolId } = await readReservationPool(actor, reservationId);
  try {
    return await inTurn(poolId, () =>
      perform(body.dry_run, async (tx) => {
        const locked = await lockWithPools(tx, actor.projectId, reservationId, otherPoolId);
        const scene = await openScene(tx, whoIs(actor), now);
        await requireVersion(tx, locked, body.version);
        const row = await bringUpToDate(scene, locked);
        await expireDeadHolds(scene, [...new Set([row.poolId, otherPoolId ?? row.poolId])]);
        const answer = await answerOf(actor, scene, await apply(scene, row));
        return body.dry_run ? previewOf(answer) : show(answer);
      }),
    );
  } catch (error) {
    throw await toSeen(actor, error, now);
  }
}

/**
 * The life cycle may be a moment late: what has begun by the clock has begun, what is over is over.
 * @throws AppError "conflict" when it is over
 */
async function bringUpToDate(scene: Scene, row: ReservationRow): Promise<ReservationRow> {
  const { now } = scene;
  if (!isOpen(row)) throw new AppError("conflict", `This reservation is ${row.status}; book anew.`);
  if (row.status === "held" && row.holdExpiresAt && row.holdExpiresAt <= now) {
    throw new AppError("conflict", "It was held and not confirmed in time; book anew.");
  }
  if (row.status !== "held" && row.endsAt <= now) {
    throw new AppError("conflict", "This reservation has ended; book anew.");
  }
  if (row.status === "confirmed" && row.startsAt <= now) {
    return startReservation({ ...scene, by: "system" }, row);
  }
  return row;
}

async function answerOf(actor: Actor, scene: Scene, { row, settled, moved }: Changed): Promise<Answer> {
  const reservation = await presentRow(scene.tx, actor.subject.id, row);
  // Read only where it is shown.
  return { reservation, settlement: () => presentSettlement(scene, settled), moved };
}

/** @param id null: there is none yet */
async function previewOf(
  { reservation, settlement, moved }: Answer,
  id: string | null = reservation.id,
): Promise<ReservationPreview> {
  return { dry_run: true, reservation: { ...reservation, id }, settlement: await settlement(), moved };
}

function isRefusal(error: unknown): boolean {
  return error instanceof CapacityRefused || (error instanceof AppError && error.code === "validation_failed");
}

/** What the caller sees of an error: a refusal for want of room is explained, now that no lock is held any more. */
async function toSeen(actor: Actor, error: unknown, now?: Date): Promise<unknown> {
  if (!(error instanceof CapacityRefused)) return error;
  const { pool, want, reservationId } = error;
  const key = JSON.stringify([
    actor.projectId,
    actor.subject.id,
    pool.id,
    String(pool.usageVersion),
    want,
    reservationId,
    now,
  ]);
  return explainOnce(key, () => explainRefusal(actor, error, now));
}
