import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import type { Changed } from "@/lib/reservations/change";
import { announceChange, emitReservation } from "@/lib/reservations/events";
import { compareFacts, factsOf, recordChange } from "@/lib/reservations/history";
import { clip, withBuffers } from "@/lib/reservations/leases";
import { capturedBy, captureUntil, difference, moneyFacts, rateOfGivingBack, settle } from "@/lib/reservations/money";
import { readBlocked, writeBlocked } from "@/lib/reservations/persist";
import { loadPool } from "@/lib/reservations/pool-state";
import type { Scene } from "@/lib/reservations/scene";
import { readParts, within } from "@/lib/reservations/segments";
import { writeChange } from "@/lib/reservations/status";
import { storedPrice } from "@/lib/reservations/view";

const MINUTE_MS = 60_000;

/**
 * Cancels an open reservation, locked with its pool. What has begun ends with the minute: what was used until then is
 * paid for, the rest is given back. Times and price stay as they were last, for the record; the total is what it cost.
 */
export async function cancel(scene: Scene, row: ReservationRow, reason: string | null): Promise<Changed> {
  const active = row.status === "active";
  const price = storedPrice(row.price);
  const end = active ? Math.min(ceilMinute(scene.now), row.endsAt.getTime()) : Number.NEGATIVE_INFINITY;
  const used = active ? capturedBy(row, price, new Date(end)) : 0n;
  const gone = within(readParts(row.segments), end, Number.POSITIVE_INFINITY);
  const money = difference(row.totalMicros, used, rateOfGivingBack(scene, row, gone));
  const cancelled = await writeChange(scene, row, {
    status: "cancelled",
    endedAt: active ? new Date(end) : scene.now,
    totalMicros: used,
    capturedMicros: used,
    feesMicros: row.feesMicros + money.fee,
  });
  const before = await readBlocked(scene, row.id);
  const rest = active ? clip(before, Number.NEGATIVE_INFINITY, end) : [];
  await writeBlocked(scene, row, withBuffers(rest, await loadPool(scene.tx, row.poolId), before));
  if (active) await captureUntil(scene, row, price, new Date(end));
  const settled = await settle(scene, row, money);
  const facts = compareFacts(factsOf(row), factsOf(cancelled));
  await recordChange(scene, cancelled, {
    kind: "cancelled",
    before: facts.before,
    after: { ...facts.after, ...moneyFacts(settled) },
    reason,
  });
  await emitReservation(scene, "reservation.cancelled", cancelled, {
    cause: "cancelled",
    reason,
    refunded_micros: Number(settled.refund),
    fee_micros: Number(settled.fee),
  });
  announceChange(scene, { projectId: row.projectId, ids: [row.id], poolIds: [row.poolId], credits: true });
  return { row: cancelled, settled, moved: 0 };
}

function ceilMinute(at: Date): number {
  return Math.ceil(at.getTime() / MINUTE_MS) * MINUTE_MS;
}
