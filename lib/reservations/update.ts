import type { z } from "zod";
import { gridMs } from "@/lib/contracts/booking-rules";
import type { FieldError } from "@/lib/contracts/problem";
import type { releaseBody, updateReservationBody } from "@/lib/contracts/reservations";
import { AppError, invalidField } from "@/lib/errors";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { changeableFrom, type Target } from "@/lib/reservations/change";
import { invalid } from "@/lib/reservations/create";
import type { PoolState } from "@/lib/reservations/pool-state";
import type { Scene } from "@/lib/reservations/scene";
import { minus, readParts, spanOf, withCount, withoutRectangle, withRange } from "@/lib/reservations/segments";

/**
 * What a reservation is to become by a PATCH. Of one that has begun only the end and, from the next time of the grid on,
 * the number can change.
 * @param pool where it is to be
 * @throws AppError "validation_failed"
 */
export function targetOfUpdate(
  scene: Scene,
  row: ReservationRow,
  body: z.output<typeof updateReservationBody>,
  pool: PoolState,
): Target {
  const span = { from: row.startsAt.getTime(), to: row.endsAt.getTime() };
  const from = body.starts_at === undefined ? span.from : Date.parse(body.starts_at);
  const to = body.ends_at === undefined ? span.to : Date.parse(body.ends_at);
  if (to <= from) {
    const field = body.ends_at === undefined ? "starts_at" : "ends_at";
    throw invalidField(field, "It would end before it starts. Give an end that is later than the start.");
  }
  const active = row.status === "active";
  if (active) refuseFixed(scene, row, body, { from, to, pool });
  const ranged = withRange(readParts(row.segments), from, to);
  if (ranged.length === 0) {
    throw invalidField("starts_at", "Nothing of the booking lies in this range. Cancel it, or give another range.");
  }
  const parts =
    body.gpu_count === undefined
      ? ranged
      : withCount(ranged, body.gpu_count, active ? changeableFrom(scene, pool) : undefined);
  return {
    parts,
    pool,
    texts: {
      ...(body.title !== undefined && { title: body.title }),
      ...(body.pinned !== undefined && { pinned: body.pinned }),
      ...(body.config !== undefined && { config: body.config }),
      ...(body.environment !== undefined && { environment: body.environment }),
      ...(body.snapshot_at_end !== undefined && { snapshotAtEnd: body.snapshot_at_end }),
    },
  };
}

/** @throws AppError "validation_failed", naming everything that a reservation that has begun keeps */
function refuseFixed(
  scene: Scene,
  row: ReservationRow,
  body: z.output<typeof updateReservationBody>,
  { from, to, pool }: { from: number; to: number; pool: PoolState },
): void {
  const errors: FieldError[] = [];
  if (from !== row.startsAt.getTime()) {
    errors.push({ field: "starts_at", message: "It has begun: its start stays. Change its end, or cancel it." });
  }
  if (pool.id !== row.poolId) {
    errors.push({ field: "pool_id", message: "It has begun: it stays in its pool. Book the other pool separately." });
  }
  const soonest = changeableFrom(scene, pool);
  if (to !== row.endsAt.getTime() && to < soonest) {
    errors.push({
      field: "ends_at",
      message: `It has begun: the earliest end is ${new Date(soonest).toISOString()}. To end it now, cancel it.`,
    });
  }
  if (body.gpu_count !== undefined && body.gpu_count !== row.gpuCount && soonest >= to) {
    errors.push({ field: "gpu_count", message: "It ends before the number could change. Extend it, or leave it." });
  }
  if (errors.length > 0) throw invalid(errors);
}

/**
 * What stays of a reservation when a rectangle of GPUs and time is given back.
 * @throws AppError "validation_failed"; "conflict" when nothing would stay
 */
export function targetOfRelease(
  scene: Scene,
  row: ReservationRow,
  body: z.output<typeof releaseBody>,
  pool: PoolState,
): Target {
  const from = Date.parse(body.starts_at);
  const to = Date.parse(body.ends_at);
  const old = readParts(row.segments);
  const span = spanOf(old);
  const errors: FieldError[] = [];
  const grid = gridMs(pool.rules);
  for (const [field, at] of [
    ["starts_at", from],
    ["ends_at", to],
  ] as const) {
    if (at % grid === 0) continue;
    const before = new Date(Math.floor(at / grid) * grid).toISOString();
    const after = new Date(Math.ceil(at / grid) * grid).toISOString();
    errors.push({ field, message: `Give a time of the pool's grid: ${before} or ${after}.` });
  }
  if (to <= from) errors.push({ field: "ends_at", message: "Give an end that is later than the start." });
  else if (from >= span.to || to <= span.from) {
    errors.push({
      field: "starts_at",
      message: `The booking lasts from ${new Date(span.from).toISOString()} to ${new Date(span.to).toISOString()}.`,
    });
  }
  const soonest = changeableFrom(scene, pool);
  if (row.status === "active" && from < soonest) {
    errors.push({ field: "starts_at", message: `It has begun: give back from ${new Date(soonest).toISOString()} on.` });
  }
  if (errors.length > 0) throw invalid(errors);
  const parts = withoutRectangle(old, from, to, body.gpu_count);
  if (minus(old, parts).length === 0) {
    throw invalidField("starts_at", "The booking has no GPUs in this range already.");
  }
  if (parts.length === 0) {
    throw new AppError("conflict", "That is all of the booking. Cancel it instead of giving back a part.");
  }
  return { parts, pool, texts: {}, kind: "released" };
}
