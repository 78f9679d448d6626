import type { Actor } from "@/lib/accounts/actor";
import type { RequestWebhook } from "@/lib/contracts/request-webhook";
import type { OccurrenceTimes, SeriesTemplate } from "@/lib/contracts/series";
import { spendable } from "@/lib/credits/movements";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { type BookingRequest, book } from "@/lib/reservations/create";
import { expireDeadHolds } from "@/lib/reservations/lock";
import { lockPool } from "@/lib/reservations/pool-state";
import { CapacityRefused } from "@/lib/reservations/refusal";
import { openScene, type Who, whoIs } from "@/lib/reservations/scene";

/** What came of an occurrence inside the transaction. */
export type Result =
  | { outcome: "bookable"; row: ReservationRow }
  | { outcome: "no_room"; refused: CapacityRefused }
  | { outcome: "no_credits"; error: AppError; priceMicros: bigint }
  | { outcome: "not_allowed"; error: AppError };

export type Occurrence = { times: OccurrenceTimes; result: Result };

/**
 * Books every occurrence that can be booked, in order, each in the first of the pools that has room. One that cannot
 * leaves nothing behind. The pools are locked before the first, in the order of their ids, and dead holds in all of them
 * let go, so that nothing is locked any more once the account is: see docs/decisions/0016-series-and-waiting-list.md.
 * @param poolIds the first choice first
 */
export async function bookOccurrences(
  tx: Tx,
  actor: Actor,
  series: {
    id: string;
    template: SeriesTemplate;
    webhook?: RequestWebhook | undefined;
    times: readonly OccurrenceTimes[];
    poolIds: readonly string[];
    now?: Date | undefined;
  },
): Promise<{ occurrences: Occurrence[]; now: Date; availableAfter: bigint }> {
  const { id, template, webhook, times, poolIds } = series;
  for (const poolId of [...poolIds].sort()) await lockPool(tx, poolId);
  const who = whoIs(actor);
  const scene = await openScene(tx, who, series.now);
  // One moment for all of them: none sees a hold run out that another did not.
  const { now } = scene;
  await expireDeadHolds(scene, poolIds);
  const occurrences: Occurrence[] = [];
  for (const time of times) {
    const { starts_at, ends_at } = time;
    const request: BookingRequest = { ...template, starts_at, ends_at, hold: false, webhook };
    occurrences.push({ times: time, result: await bookOne(tx, who, request, { poolIds, now, seriesId: id }) });
  }
  return { occurrences, now, availableAfter: await spendable(tx, actor.projectId, now) };
}

type Options = { poolIds: readonly string[]; now: Date; seriesId: string };

/** The first pool's word counts when none has room. */
async function bookOne(
  tx: Tx,
  who: Who,
  request: BookingRequest,
  { poolIds, now, seriesId }: Options,
): Promise<Result> {
  let refusal: Result | undefined;
  for (const poolId of poolIds) {
    await tx.$executeRaw`SAVEPOINT occurrence`;
    try {
      const { row } = await book(tx, who, request, { poolId, now, seriesId });
      await tx.$executeRaw`RELEASE SAVEPOINT occurrence`;
      return { outcome: "bookable", row };
    } catch (error) {
      const result = await resultOf(error, async () => {
        // Credits are looked at last: by then GPUs were written.
        await tx.$executeRaw`ROLLBACK TO SAVEPOINT occurrence`;
        return spendable(tx, who.projectId, now);
      });
      if (result.outcome === "no_credits") return result;
      refusal = refusal?.outcome === "no_room" ? refusal : result.outcome === "no_room" ? result : (refusal ?? result);
    }
  }
  if (!refusal) throw new Error("A series needs a pool to be booked in.");
  return refusal;
}

/** @throws what is no answer about this occurrence, such as a database that went away */
async function resultOf(error: unknown, undo: () => Promise<bigint>): Promise<Result> {
  if (error instanceof CapacityRefused) {
    await undo();
    return { outcome: "no_room", refused: error };
  }
  if (!(error instanceof AppError)) throw error;
  if (error.code === "validation_failed") {
    await undo();
    return { outcome: "not_allowed", error };
  }
  const missing = error.extras.shortfall_micros;
  if (error.code !== "insufficient_credits" || missing === undefined) throw error;
  return { outcome: "no_credits", error, priceMicros: (await undo()) + BigInt(missing) };
}
