import { floorTo, gridMs } from "@/lib/contracts/booking-rules";
import { type Price, priceOf } from "@/lib/contracts/pricing";
import type { Prisma, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { announceChange, emitReservation } from "@/lib/reservations/events";
import { compareFacts, factsOf, recordChange } from "@/lib/reservations/history";
import { type Blocked, clip, partsOfLeases } from "@/lib/reservations/leases";
import { capturedBy, captureUntil, difference, moneyFacts, type Settled, settle } from "@/lib/reservations/money";
import { readBlocked, writeBlocked } from "@/lib/reservations/persist";
import type { PoolState } from "@/lib/reservations/pool-state";
import type { Scene } from "@/lib/reservations/scene";
import { minus, type Part, readParts, spanOf, toSegments } from "@/lib/reservations/segments";
import { writeChange } from "@/lib/reservations/status";
import { storedPrice } from "@/lib/reservations/view";

/** Everything comes back: it is not the customer who gives it back. */
const WHOLE_BPS = 10_000;

/**
 * Takes units for which there is no replacement out of an active reservation, locked with its pool, from now on: the rest
 * of their price comes back in full, to the grants that it came from. Without them the others go on; where nothing is
 * left, the reservation ends.
 */
export async function withdraw(
  scene: Scene,
  row: ReservationRow,
  { pool, lost, reason }: { pool: PoolState; lost: ReadonlySet<string>; reason: string },
): Promise<{ row: ReservationRow; settled: Settled }> {
  const before = await readBlocked(scene, row.id);
  const now = scene.now.getTime();
  const leftFrom = (from: number) => {
    const given = before.filter(({ unitId }) => lost.has(unitId));
    return minus(readParts(row.segments), partsOfLeases(clip(given, from, Number.POSITIVE_INFINITY)));
  };
  if (!leftFrom(now).some(({ to }) => to > now)) {
    return end(scene, row, { reason, blocked: cutOff(before, new Set(before.map(({ unitId }) => unitId)), now) });
  }
  // On the pool's grid, so that it can be changed as any other: what was used since then is not charged. Unless more has
  // been captured than the rest costs.
  const onGrid = Math.max(row.startsAt.getTime(), floorTo(now, gridMs(pool.rules)));
  const captured = capturedBy(row, storedPrice(row.price), scene.now);
  const from = BigInt(reprice(scene, row, leftFrom(onGrid)).total_micros) < captured ? now : onGrid;
  return shrink(scene, row, { parts: leftFrom(from), pool, reason, captured, blocked: cutOff(before, lost, from) });
}

function reprice({ policy }: Scene, row: ReservationRow, parts: readonly Part[]): Price {
  const old = storedPrice(row.price);
  return priceOf({
    segments: toSegments(parts),
    rateMicros: old.rate_micros_per_gpu_hour,
    policy,
    bookedAt: row.createdAt,
    exactBps: old.discount_bps,
  });
}

async function shrink(
  scene: Scene,
  row: ReservationRow,
  {
    parts,
    pool,
    reason,
    captured,
    blocked,
  }: { parts: Part[]; pool: PoolState; reason: string; captured: bigint; blocked: Blocked[] },
): Promise<{ row: ReservationRow; settled: Settled }> {
  const price = reprice(scene, row, parts);
  const total = BigInt(price.total_micros);
  const span = spanOf(parts);
  const changed = await writeChange(scene, row, {
    gpuCount: span.most,
    endsAt: new Date(span.to),
    segments: toSegments(parts),
    price: price as unknown as Prisma.InputJsonValue,
    totalMicros: total,
    capturedMicros: captured,
  });
  await writeBlocked(scene, changed, blocked);
  await captureUntil(scene, row, storedPrice(row.price), scene.now);
  const settled = await settle(scene, row, difference(row.totalMicros, total, WHOLE_BPS));
  await record(scene, row, changed, { kind: "shrunk", settled, reason });
  await emitReservation(scene, "reservation.updated", changed, {
    change: "shrunk",
    cause: "failed",
    reason,
    previous: { pool_id: row.poolId, gpu_count: row.gpuCount, ends_at: row.endsAt.toISOString() },
    ...amounts(settled),
  });
  announceChange(scene, { projectId: row.projectId, ids: [row.id], poolIds: [pool.id], credits: true });
  return { row: changed, settled };
}

async function end(
  scene: Scene,
  row: ReservationRow,
  { reason, blocked }: { reason: string; blocked: Blocked[] },
): Promise<{ row: ReservationRow; settled: Settled }> {
  const price = storedPrice(row.price);
  const used = capturedBy(row, price, scene.now);
  const ended = await writeChange(scene, row, {
    status: "cancelled",
    endedAt: scene.now,
    totalMicros: used,
    capturedMicros: used,
  });
  await writeBlocked(scene, row, blocked);
  await captureUntil(scene, row, price, scene.now);
  const settled = await settle(scene, row, difference(row.totalMicros, used, WHOLE_BPS));
  await record(scene, row, ended, { kind: "cancelled", settled, reason });
  await emitReservation(scene, "reservation.cancelled", ended, { cause: "failed", reason, ...amounts(settled) });
  announceChange(scene, { projectId: row.projectId, ids: [row.id], poolIds: [row.poolId], credits: true });
  return { row: ended, settled };
}

/** What is left when these units are given up at a time. */
function cutOff(before: readonly Blocked[], units: ReadonlySet<string>, at: number): Blocked[] {
  return before.flatMap((lease) => {
    if (!units.has(lease.unitId) || lease.to <= at) return [lease];
    return lease.from < at ? [{ ...lease, to: at, blocksTo: at }] : [];
  });
}

function amounts({ refund, fee }: Settled): { refunded_micros: number; fee_micros: number } {
  return { refunded_micros: Number(refund), fee_micros: Number(fee) };
}

async function record(
  scene: Scene,
  before: ReservationRow,
  after: ReservationRow,
  { kind, settled, reason }: { kind: "shrunk" | "cancelled"; settled: Settled; reason: string },
): Promise<void> {
  const facts = compareFacts(factsOf(before), factsOf(after));
  await recordChange(scene, after, {
    kind,
    before: facts.before,
    after: { ...facts.after, ...moneyFacts(settled) },
    reason,
  });
}
