import type { z } from "zod";
import { checkBooking } from "@/lib/contracts/booking-rules";
import { type Price, priceOf } from "@/lib/contracts/pricing";
import type { FieldError } from "@/lib/contracts/problem";
import type { createReservationBody } from "@/lib/contracts/reservations";
import type { Tx } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import type { Prisma, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { findUnits } from "@/lib/reservations/claim";
import { announceChange, emitReservation } from "@/lib/reservations/events";
import { factsOf, recordChange } from "@/lib/reservations/history";
import { leasesOf, withBuffers } from "@/lib/reservations/leases";
import { expireDeadHolds } from "@/lib/reservations/lock";
import { difference, moneyFacts, type Settled, settle } from "@/lib/reservations/money";
import { addBlocked, moveAllocations } from "@/lib/reservations/persist";
import { loadPool, lockPool, type PoolState } from "@/lib/reservations/pool-state";
import { announceMoved, recordMoves } from "@/lib/reservations/repack";
import { openScene, type Scene, type Who } from "@/lib/reservations/scene";
import { type Part, spanOf, toSegments } from "@/lib/reservations/segments";
import { storedPrice } from "@/lib/reservations/view";
import { beginWorkflow } from "@/lib/workflows/service";

export type BookingRequest = Omit<z.output<typeof createReservationBody>, "dry_run">;

export type BookingOptions = {
  poolId: string;
  now?: Date | undefined;
  /** The series that it belongs to. */
  seriesId?: string | undefined;
  /** How long a hold waits; the policy's hold_minutes unless told. */
  holdMinutes?: number | undefined;
};

export type Booked = { row: ReservationRow; settled: Settled; moved: number; scene: Scene };

const MINUTE_MS = 60_000;

/**
 * Books in one pool, inside the caller's transaction: lock, let dead holds go, find units, write, hold credits, tell.
 * @throws CapacityRefused; AppError "validation_failed", "quote_expired", "insufficient_credits", "unavailable"
 */
export async function book(
  tx: Tx,
  who: Who,
  request: BookingRequest,
  { poolId, now, seriesId, holdMinutes }: BookingOptions,
): Promise<Booked> {
  const parts = partsOf(request);
  await lockPool(tx, poolId);
  const scene = await openScene(tx, who, now);
  await expireDeadHolds(scene, [poolId]);
  const pool = await loadPool(tx, poolId);
  const segments = toSegments(parts);
  const { topology } = request;
  const quoted =
    request.quote_id === undefined ? null : await readQuote(scene, request.quote_id, { poolId, parts, topology });
  const errors = checkBooking(pool.rules, segments, scene.now, {
    topology,
    asSegments: request.segments !== undefined,
  });
  if (errors.length > 0) throw invalid(errors);
  const price = quoted ?? priceOf({ segments, rateMicros: pool.rateMicros, policy: scene.policy, bookedAt: scene.now });
  const { units, moves } = await findUnits(scene, { pool, parts, topology });

  const row = await insert(scene, request, { pool, parts, price, seriesId, holdMinutes });
  await beginWorkflow(tx, {
    projectId: who.projectId,
    by: who.by,
    kind: "reservation",
    title: row.title,
    correlationId: row.correlationId,
    webhook: request.webhook,
  });
  await moveAllocations(tx, moves);
  await addBlocked(tx, row, withBuffers(leasesOf(parts, units), pool));
  const settled = await settle(scene, row, difference(0n, row.totalMicros, 0));
  await recordChange(scene, row, {
    kind: "created",
    before: null,
    after: { ...factsOf(row), ...moneyFacts(settled) },
  });
  const moved = await recordMoves(scene, moves, row.id);
  await emitReservation(scene, "reservation.created", row, {
    hold_expires_at: row.holdExpiresAt?.toISOString() ?? null,
  });
  if (row.status === "confirmed") await emitReservation(scene, "reservation.confirmed", row);
  announceChange(scene, { projectId: who.projectId, ids: [row.id], poolIds: [poolId], credits: true });
  announceMoved(scene, moved);
  return { row, settled, moved: moved.length, scene };
}

/**
 * The parts that are asked for, as starts_at, ends_at and gpu_count or as segments.
 * @throws AppError "validation_failed" when it is neither or both
 */
export function partsOf(request: BookingRequest): Part[] {
  const { segments, starts_at, ends_at, gpu_count } = request;
  if (segments) {
    const both = (["starts_at", "ends_at", "gpu_count"] as const).filter((field) => request[field] !== undefined);
    if (both.length > 0) {
      throw invalid(both.map((field) => ({ field, message: "Leave it out: segments say it." })));
    }
    return segments.map((segment) => ({
      from: Date.parse(segment.starts_at),
      to: Date.parse(segment.ends_at),
      count: segment.gpu_count,
    }));
  }
  if (starts_at === undefined || ends_at === undefined || gpu_count === undefined) {
    const missing = (["starts_at", "ends_at", "gpu_count"] as const).filter((field) => request[field] === undefined);
    throw invalid(missing.map((field) => ({ field, message: "Give it, or segments instead." })));
  }
  return [{ from: Date.parse(starts_at), to: Date.parse(ends_at), count: gpu_count }];
}

async function insert(
  { tx, now, projectId, by, policy }: Scene,
  request: BookingRequest,
  booking: {
    pool: PoolState;
    parts: readonly Part[];
    price: Price;
    seriesId: string | undefined;
    holdMinutes: number | undefined;
  },
): Promise<ReservationRow> {
  const { pool, parts, price, seriesId, holdMinutes = policy.hold_minutes } = booking;
  const { from, to, most } = spanOf(parts);
  const id = newId("reservation");
  return tx.reservation.create({
    data: {
      id,
      projectId,
      poolId: pool.id,
      createdBy: by,
      title: request.title,
      status: request.hold ? "held" : "confirmed",
      gpuCount: most,
      startsAt: new Date(from),
      endsAt: new Date(to),
      segments: toSegments(parts),
      topology: request.topology,
      pinned: request.pinned,
      config: request.config ?? null,
      environment: request.environment ?? null,
      snapshotAtEnd: request.snapshot_at_end,
      // Its events are one workflow.
      correlationId: id,
      seriesId: seriesId ?? null,
      quoteId: request.quote_id ?? null,
      price: price as unknown as Prisma.InputJsonValue,
      totalMicros: BigInt(price.total_micros),
      holdExpiresAt: request.hold ? holdEnd(now, holdMinutes, from) : null,
      createdAt: now,
      updatedAt: now,
    },
  });
}

/** A hold ends at the latest when the booking begins, but lasts long enough to be confirmed at all. */
function holdEnd(now: Date, minutes: number, startsAt: number): Date {
  const soonest = now.getTime() + MINUTE_MS;
  return new Date(Math.max(soonest, Math.min(now.getTime() + minutes * MINUTE_MS, startsAt)));
}

/**
 * The price of a quote, if it stands and is for this very booking. Under the pool's lock: two that send one quote wait
 * for each other.
 * @throws AppError "quote_expired", "validation_failed"
 */
async function readQuote(
  { tx, projectId, now }: Scene,
  quoteId: string,
  asked: { poolId: string; parts: readonly Part[]; topology: string },
): Promise<Price> {
  const quote = await tx.quote.findFirst({
    where: { id: quoteId, projectId },
    include: { reservation: { select: { id: true } } },
  });
  if (!quote) throw invalidField("quote_id", "There is no such quote in this project.");
  if (quote.reservation) throw new AppError("quote_expired", "This quote was used already. Ask for another one.");
  if (quote.expiresAt <= now) {
    throw new AppError(
      "quote_expired",
      `The price of this quote stood until ${quote.expiresAt.toISOString()}. Ask for another one.`,
    );
  }
  const [only, more] = asked.parts;
  const errors: FieldError[] = [];
  const differ = (field: string, value: string) => errors.push({ field, message: `The quote is for ${value}.` });
  if (quote.poolId !== asked.poolId) differ("pool_id", quote.poolId);
  if (quote.topology !== asked.topology) differ("topology", quote.topology);
  if (!only || more) errors.push({ field: "segments", message: "A quote is for one segment." });
  else {
    if (quote.startsAt.getTime() !== only.from) differ("starts_at", quote.startsAt.toISOString());
    if (quote.endsAt.getTime() !== only.to) differ("ends_at", quote.endsAt.toISOString());
    if (quote.gpuCount !== only.count) differ("gpu_count", `${quote.gpuCount} GPUs`);
  }
  if (errors.length > 0) throw invalid(errors);
  return storedPrice(quote.price);
}

export function invalid(errors: FieldError[]): AppError {
  const [first, ...rest] = errors;
  return new AppError("validation_failed", rest.length === 0 ? (first?.message ?? "") : "Some fields are wrong.", {
    errors,
  });
}
