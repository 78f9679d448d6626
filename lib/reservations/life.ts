import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { NOTICES } from "@/lib/reservations/due";
import { publishEnded } from "@/lib/reservations/ended-artifact";
import { announceChange, emitReservation } from "@/lib/reservations/events";
import { compareFacts, factsOf, recordChange } from "@/lib/reservations/history";
import { captureUntil, difference, moneyFacts, settle } from "@/lib/reservations/money";
import { writeBlocked } from "@/lib/reservations/persist";
import type { Scene } from "@/lib/reservations/scene";
import { writeChange } from "@/lib/reservations/status";
import { storedPrice } from "@/lib/reservations/view";

const MINUTE_MS = 60_000;

/** The steps that time takes with a reservation. Each takes the locked row, checked to be due, and returns what it became. */

/** A hold that nobody confirmed: its GPUs are free again and every credit comes back. */
export async function expireHold(scene: Scene, row: ReservationRow): Promise<ReservationRow> {
  await writeBlocked(scene, row, []);
  const expired = await writeChange(scene, row, { status: "expired", totalMicros: 0n, endedAt: scene.now });
  const settled = await settle(scene, row, difference(row.totalMicros, 0n, 10_000));
  await recordChange(scene, expired, {
    kind: "expired",
    ...withMoney(row, expired, moneyFacts(settled)),
    reason: "It was held and not confirmed in time",
  });
  await emitReservation(scene, "reservation.cancelled", expired, {
    cause: "hold_expired",
    reason: null,
    refunded_micros: Number(settled.refund),
    fee_micros: 0,
  });
  announceChange(scene, { projectId: row.projectId, ids: [row.id], poolIds: [row.poolId], credits: true });
  return expired;
}

/** Its time has come: from now on it is used and paid for as time passes. */
export async function startReservation(scene: Scene, row: ReservationRow): Promise<ReservationRow> {
  const started = await writeChange(scene, row, { status: "active", startedAt: scene.now });
  await recordChange(scene, started, { kind: "started", ...withMoney(row, started) });
  await emitReservation(scene, "reservation.started", started);
  announceChange(scene, { projectId: row.projectId, ids: [row.id] });
  return started;
}

/** Its time is over: the rest of its price is spent. Its units are free by themselves, for nothing is blocked any longer. */
export async function endReservation(scene: Scene, row: ReservationRow): Promise<ReservationRow> {
  const ended = await writeChange(scene, row, {
    status: "completed",
    endedAt: row.endsAt,
    capturedMicros: row.totalMicros,
  });
  await captureUntil(scene, row, storedPrice(row.price), row.endsAt);
  await recordChange(scene, ended, { kind: "ended", ...withMoney(row, ended) });
  await emitReservation(scene, "reservation.ended", ended);
  await publishEnded(scene, ended);
  announceChange(scene, { projectId: row.projectId, ids: [row.id], credits: true });
  return ended;
}

/** Says that it ends soon, with the minutes that are left. Nothing that others rely on changes, so its version stays. */
export async function warnOfEnd(scene: Scene, row: ReservationRow): Promise<ReservationRow | undefined> {
  const left = (row.endsAt.getTime() - scene.now.getTime()) / MINUTE_MS;
  const notice = NOTICES.findLast((minutes) => left <= minutes);
  if (notice === undefined || (row.endingNotice !== null && row.endingNotice <= notice)) return undefined;
  const warned = await scene.tx.reservation.update({
    where: { id: row.id },
    data: { endingNotice: notice, updatedAt: row.updatedAt },
  });
  await emitReservation(scene, "reservation.ending", warned, { minutes_left: Math.ceil(left) });
  return warned;
}

/** Spends what an active one has used up so far. */
export async function captureSoFar(scene: Scene, row: ReservationRow): Promise<ReservationRow> {
  const captured = await captureUntil(scene, row, storedPrice(row.price), scene.now);
  const after = await scene.tx.reservation.update({
    where: { id: row.id },
    data: { capturedMicros: captured, updatedAt: scene.now },
  });
  if (captured > row.capturedMicros) announceChange(scene, { projectId: row.projectId, ids: [row.id], credits: true });
  return after;
}

function withMoney(before: ReservationRow, after: ReservationRow, money: Record<string, number> = {}) {
  const facts = compareFacts(factsOf(before), factsOf(after));
  return { before: facts.before, after: { ...facts.after, ...money } };
}
