import { setTimeout as sleep } from "node:timers/promises";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { asTheOnlyOne } from "@/lib/db/only-one";
import { transaction } from "@/lib/db/transaction";
import { untilDue } from "@/lib/db/until-due";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { log } from "@/lib/log";
import { compareDue, type Due, findDue, RESERVATION_DUE } from "@/lib/reservations/due";
import { captureSoFar, endReservation, expireHold, startReservation, warnOfEnd } from "@/lib/reservations/life";
import { openScene, type Scene } from "@/lib/reservations/scene";

/** Milliseconds at least between two rounds: what failed, or is somebody else's, stays due. */
const PAUSE_MS = 500;

/** Reservations of one round. */
const BATCH = 200;

/** A worker lets others have a go after so many milliseconds; whoever does not answer for longer is cut off. */
const ROUND_MS = 20_000;

/** One that failed is left alone for so long, in ms, while the others go on. */
const FAILED_MS = 30_000;

const failedUntil = new Map<string, number>();

/**
 * Lets time pass for reservations until the signal: holds run out, warnings are sent, bookings start, are paid for and end.
 * Every worker runs it; one of them at a time does the work, so that it happens in the right order even when much has
 * been missed, and another goes on when that one dies.
 */
export async function runLifeCycle(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await asTheOnlyOne("reservation life cycle", () => passTime({ signal }));
    } catch (err) {
      log.warn({ err }, "what is due of reservations could not be done");
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    await untilDue(RESERVATION_DUE, signal);
  }
}

/**
 * Does everything that is due, in the order of the times at which it was due. Safe beside itself: each step locks its
 * reservation, looks again whether it is due, and leaves those that somebody else is busy with.
 * @param now the database's clock unless given
 * @returns how many steps were taken
 */
export async function passTime({ now, signal }: { now?: Date; signal?: AbortSignal } = {}): Promise<number> {
  const started = performance.now();
  const isTime = () => signal?.aborted !== true && performance.now() - started < ROUND_MS;
  let taken = 0;
  for (;;) {
    const found = await findDue(db, now ?? (await databaseNow(db)), BATCH);
    const queue = found.filter(({ reservationId }) => (failedUntil.get(reservationId) ?? 0) < performance.now());
    const last = queue.at(-1);
    let progress = 0;
    for (let due = queue.shift(); due && isTime(); due = queue.shift()) {
      const next = await take(due, now);
      if (!next) continue;
      progress += 1;
      // What began and ended while nobody looked ends before those begin that come after it.
      for (const follower of next) {
        if (last && compareDue(follower, last) > 0) continue;
        const index = queue.findIndex((other) => compareDue(follower, other) < 0);
        queue.splice(index === -1 ? queue.length : index, 0, follower);
      }
    }
    taken += progress;
    if (progress === 0 || !isTime()) return taken;
  }
}

/** @returns what became due with it; undefined when there was nothing to do, or it failed */
async function take(due: Due, now?: Date): Promise<Due[] | undefined> {
  try {
    const row = await transaction((tx) => step(tx, due, now));
    failedUntil.delete(due.reservationId);
    if (!row) return undefined;
    return row.status === "active" && due.step === "start"
      ? [{ reservationId: row.id, step: "end", at: row.endsAt }]
      : [];
  } catch (err) {
    log.error({ err, reservation: due.reservationId, step: due.step }, "a step of a reservation failed");
    failedUntil.set(due.reservationId, performance.now() + FAILED_MS);
    return undefined;
  }
}

async function step(tx: Scene["tx"], { reservationId, step }: Due, at?: Date): Promise<ReservationRow | undefined> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM reservation WHERE id = ${reservationId} FOR NO KEY UPDATE SKIP LOCKED`;
  if (locked.length === 0) return undefined;
  const row = await tx.reservation.findUniqueOrThrow({ where: { id: reservationId } });
  const scene = await openScene(tx, { projectId: row.projectId, by: "system" }, at);
  const { now } = scene;
  switch (step) {
    case "expire":
      if (row.status !== "held" || !row.holdExpiresAt || row.holdExpiresAt > now) return undefined;
      return expireHold(scene, row);
    case "start":
      return row.status === "confirmed" && row.startsAt <= now ? startReservation(scene, row) : undefined;
    case "end":
      return row.status === "active" && row.endsAt <= now ? endReservation(scene, row) : undefined;
    case "ending":
      return row.status === "active" && row.endsAt > now ? warnOfEnd(scene, row) : undefined;
    case "capture":
      return row.status === "active" && row.endsAt > now ? captureSoFar(scene, row) : undefined;
  }
}
