import { topologySchema } from "@/lib/contracts/availability";
import { ceilTo, checkBooking, gridMs } from "@/lib/contracts/booking-rules";
import { type Price, priceOf, refundRate, usedMicros } from "@/lib/contracts/pricing";
import type { ChangeKind } from "@/lib/contracts/reservations";
import type { Prisma, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { findUnits } from "@/lib/reservations/claim";
import { invalid } from "@/lib/reservations/create";
import { announceChange, emitReservation } from "@/lib/reservations/events";
import { compareFacts, factsOf, recordChange } from "@/lib/reservations/history";
import {
  type Blocked,
  clip,
  cutAtLeases,
  keepSome,
  type Lease,
  leasesOf,
  withBuffers,
} from "@/lib/reservations/leases";
import {
  capturedBy,
  captureUntil,
  difference,
  moneyFacts,
  rateOfGivingBack,
  type Settled,
  settle,
} from "@/lib/reservations/money";
import { readBlocked, writeBlocked } from "@/lib/reservations/persist";
import type { Move } from "@/lib/reservations/planner/place";
import type { PoolState } from "@/lib/reservations/pool-state";
import { CapacityRefused } from "@/lib/reservations/refusal";
import { announceMoved, recordMoves } from "@/lib/reservations/repack";
import type { Scene } from "@/lib/reservations/scene";
import { minus, type Part, readParts, sameParts, spanOf, toSegments } from "@/lib/reservations/segments";
import { writeChange } from "@/lib/reservations/status";
import { storedPrice } from "@/lib/reservations/view";

/** What a reservation is to become; what is not named stays. */
export type Target = {
  parts: Part[];
  /** Where it is to be; the pool that it is in unless it changes. */
  pool: PoolState;
  texts: Partial<Pick<ReservationRow, "title" | "pinned" | "config" | "environment" | "snapshotAtEnd">>;
  /** How the history calls it; found out unless given. */
  kind?: ChangeKind;
};

export type Changed = { row: ReservationRow; settled: Settled; moved: number };

const MINUTE_MS = 60_000;

/** Nothing is charged and nothing comes back. */
export const NO_MONEY: Settled = { charge: 0n, refund: 0n, fee: 0n, refundBps: null, slices: [] };

/** From when on what has begun can be changed: the next time of the pool's grid. */
export function changeableFrom({ now }: Pick<Scene, "now">, pool: PoolState): number {
  return ceilTo(now.getTime(), gridMs(pool.rules));
}

/**
 * Brings an open reservation, locked with its pools, to what it is to become: units, price, credits, history, event. A
 * change that changes nothing leaves no trace.
 * @throws CapacityRefused; AppError "validation_failed", "insufficient_credits"
 */
export async function applyChange(scene: Scene, row: ReservationRow, target: Target): Promise<Changed> {
  const { pool, parts, texts } = target;
  const old = readParts(row.segments);
  const elsewhere = pool.id !== row.poolId;
  const gone = elsewhere ? old : minus(old, parts);
  const added = elsewhere ? parts : minus(parts, old);
  const active = row.status === "active";

  if (gone.length === 0 && added.length === 0) return editTexts(scene, row, texts);
  const errors = checkBooking(
    { ...pool.rules, open: pool.rules.open || added.length === 0 },
    toSegments(parts),
    scene.now,
    {
      startFixed: active,
      topology: topologySchema.parse(row.topology),
    },
  );
  if (errors.length > 0) throw invalid(errors);

  const before = await readBlocked(scene, row.id);
  const kept = added.length === 0 ? await keepUnits(scene, before, { parts, pool, active }) : null;
  const { leases, moves } = kept
    ? { leases: kept, moves: [] }
    : await findLeases(scene, row, before, { pool, parts, active, added });

  const oldPrice = storedPrice(row.price);
  const captured = active ? capturedBy(row, oldPrice, scene.now) : row.capturedMicros;
  const price = repriced(scene, row, { pool, parts, captured, cheaperOnly: added.length === 0 });
  const total = BigInt(price.total_micros);
  const money = difference(row.totalMicros, total, rateOfGivingBack(scene, row, gone));
  const span = spanOf(parts);
  const changed = await writeChange(scene, row, {
    ...texts,
    poolId: pool.id,
    gpuCount: span.most,
    startsAt: new Date(span.from),
    endsAt: new Date(span.to),
    segments: toSegments(parts),
    price: price as unknown as Prisma.InputJsonValue,
    totalMicros: total,
    capturedMicros: captured,
    refundCapBps: gone.length > 0 && added.length > 0 ? capAfterMove(scene, row, gone) : row.refundCapBps,
    feesMicros: row.feesMicros + money.fee,
    // Warnings before the end belong to an end: another one is warned of anew.
    ...(span.to !== row.endsAt.getTime() && { endingNotice: null }),
    ...(row.holdExpiresAt &&
      row.status === "held" && { holdExpiresAt: holdEndFor(scene, row.holdExpiresAt, span.from) }),
  });
  await writeBlocked(scene, changed, withBuffers(leases, pool, elsewhere ? [] : before), moves);
  if (active) await captureUntil(scene, row, oldPrice, scene.now);
  const settled = await settle(scene, row, money);
  return finish(scene, row, changed, { settled, moves, kind: target.kind ?? kindOf(row, changed, { gone, added }) });
}

/** Only what it is called and what it boots. */
async function editTexts(scene: Scene, row: ReservationRow, texts: Target["texts"]): Promise<Changed> {
  const differs = Object.entries(texts).some(([key, value]) => row[key as keyof Target["texts"]] !== value);
  if (!differs) return { row, settled: NO_MONEY, moved: 0 };
  const changed = await writeChange(scene, row, texts);
  return finish(scene, row, changed, { settled: NO_MONEY, moves: [], kind: "edited" });
}

async function finish(
  scene: Scene,
  before: ReservationRow,
  after: ReservationRow,
  { settled, moves, kind }: { settled: Settled; moves: readonly Move[]; kind: ChangeKind },
): Promise<Changed> {
  const facts = compareFacts(factsOf(before), factsOf(after));
  await recordChange(scene, after, {
    kind,
    before: facts.before,
    after: { ...facts.after, ...moneyFacts(settled) },
  });
  const moved = await recordMoves(scene, moves, after.id);
  await emitReservation(scene, "reservation.updated", after, {
    change: kind,
    previous: {
      pool_id: before.poolId,
      gpu_count: before.gpuCount,
      starts_at: before.startsAt.toISOString(),
      ends_at: before.endsAt.toISOString(),
    },
    charged_micros: Number(settled.charge),
    refunded_micros: Number(settled.refund),
    fee_micros: Number(settled.fee),
  });
  const blocksOther =
    before.poolId !== after.poolId || !sameParts(readParts(before.segments), readParts(after.segments));
  announceChange(scene, {
    projectId: after.projectId,
    ids: [after.id],
    poolIds: blocksOther ? [...new Set([before.poolId, after.poolId])] : [],
    credits: settled.charge > 0n || settled.refund > 0n || settled.fee > 0n,
  });
  announceMoved(scene, moved);
  return { row: after, settled, moved: moved.length };
}

/** Of the units that it has, those that stay. */
async function keepUnits(
  { tx }: Scene,
  before: readonly Blocked[],
  { parts, pool, active }: { parts: readonly Part[]; pool: PoolState; active: boolean },
): Promise<Lease[] | null> {
  const units = await tx.unit.findMany({ where: { poolId: pool.id }, select: { id: true, nodeId: true } });
  const nodes = new Map(units.map(({ id, nodeId }) => [id, nodeId]));
  // What runs keeps its units, which are not the same throughout after a failover.
  return keepSome(before, active ? cutAtLeases(parts, before) : parts, (unitId) => nodes.get(unitId) ?? "");
}

/**
 * Units for more, or for another time: those that it has, wherever they are free. What has begun runs on its units: what
 * has passed stays, and what goes on goes on there. What is refused then is what was to be added.
 */
async function findLeases(
  scene: Scene,
  row: ReservationRow,
  before: readonly Blocked[],
  { pool, parts, active, added }: { pool: PoolState; parts: Part[]; active: boolean; added: Part[] },
): Promise<{ leases: Lease[]; moves: Move[] }> {
  const { now } = scene;
  const from = active ? now.getTime() : Number.NEGATIVE_INFINITY;
  const ahead = active
    ? parts.filter(({ to }) => to > from).map((part) => ({ ...part, from: Math.max(part.from, from) }))
    : parts;
  const running = active
    ? before.filter((lease) => lease.from <= from && from < lease.to).map(({ unitId }) => unitId)
    : [];
  const { units, moves } = await findUnits(scene, {
    pool,
    parts: ahead,
    topology: topologySchema.parse(row.topology),
    keep: before.map(({ unitId }) => unitId),
    must: running,
    reservationId: row.id,
  }).catch((error) => {
    if (!active || added.length === 0 || !(error instanceof CapacityRefused)) throw error;
    const { topology } = error.want;
    throw new CapacityRefused(pool, { parts: added, topology }, error.reason, row.id);
  });
  return { leases: [...clip(before, Number.NEGATIVE_INFINITY, from), ...leasesOf(ahead, units)], moves };
}

/**
 * The price of what it becomes. In its pool it keeps its rate; its discount never worsens, and stays as it is for what
 * remains when something is given back. A better discount that would bring the whole below what has been used already
 * is not applied.
 */
function repriced(
  { policy, now }: Scene,
  row: ReservationRow,
  { pool, parts, captured, cheaperOnly }: { pool: PoolState; parts: Part[]; captured: bigint; cheaperOnly: boolean },
): Price {
  const old = storedPrice(row.price);
  const request = {
    segments: toSegments(parts),
    rateMicros: pool.id === row.poolId ? old.rate_micros_per_gpu_hour : pool.rateMicros,
    policy,
    bookedAt: row.createdAt,
  };
  const asBefore = () => priceOf({ ...request, exactBps: old.discount_bps });
  if (cheaperOnly) return asBefore();
  const price = priceOf({ ...request, keptBps: old.discount_bps });
  if (row.status !== "active") return price;
  return BigInt(price.total_micros) < captured || usedMicros(price, now) < captured ? asBefore() : price;
}

/** Moving away first and cancelling then must not pay: the worst notice at any move counts for whatever is given back later. */
function capAfterMove({ policy, now }: Scene, row: ReservationRow, gone: readonly Part[]): number {
  const first = gone[0];
  if (row.status === "held" || !first) return row.refundCapBps;
  return Math.min(row.refundCapBps, refundRate(policy, first.from - now.getTime()));
}

/** A hold ends at the latest when what it holds begins; a move never makes it longer. */
function holdEndFor({ now }: Scene, holdExpiresAt: Date, startsAt: number): Date {
  return new Date(Math.min(holdExpiresAt.getTime(), Math.max(startsAt, now.getTime() + MINUTE_MS)));
}

function kindOf(
  before: ReservationRow,
  after: ReservationRow,
  { gone, added }: { gone: readonly Part[]; added: readonly Part[] },
): ChangeKind {
  if (gone.length === 0) return "extended";
  if (added.length === 0) return "shrunk";
  const stays = before.poolId === after.poolId && before.startsAt.getTime() === after.startsAt.getTime();
  return stays && after.endsAt > before.endsAt ? "extended" : "moved";
}
