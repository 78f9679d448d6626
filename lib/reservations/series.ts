import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { requirePremium } from "@/lib/accounts/plan";
import type { Blocker } from "@/lib/contracts/availability";
import { creditsText, toJsonMicros } from "@/lib/contracts/money";
import type {
  createSeriesBody,
  OccurrenceTimes,
  SeriesDetail,
  SeriesOccurrence,
  SeriesPreview,
  SkippedOccurrence,
} from "@/lib/contracts/series";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import type { Prisma } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { readBlockers, structuralBlockers } from "@/lib/reservations/blockers";
import { inTurns } from "@/lib/reservations/gate";
import { perform } from "@/lib/reservations/perform";
import { candidatePools } from "@/lib/reservations/pools";
import { spanOf } from "@/lib/reservations/segments";
import { bookOccurrences, type Occurrence } from "@/lib/reservations/series-booking";
import { readSeries } from "@/lib/reservations/series-queries";
import { expandSeries } from "@/lib/reservations/series-rule";
import { storedPrice } from "@/lib/reservations/view";
import { checkRequestWebhook } from "@/lib/webhooks/request-webhooks";

type Body = z.output<typeof createSeriesBody>;
type Booked = { occurrences: Occurrence[]; now: Date; availableAfter: bigint; seriesId: string };

/** 60 bookings take longer than an ordinary transaction may. */
const TIMEOUT_MS = 30_000;

/**
 * Books a series in one transaction: all occurrences or none, or with skip_conflicts all that can be booked. A dry run
 * takes the same steps and is then undone, so it answers what the series would come to.
 * @param now the database's clock unless given
 * @throws AppError "plan_required", "validation_failed", "capacity_unavailable", "insufficient_credits" with what all of
 *   it lacks, "unavailable"
 */
export async function createSeries(actor: Actor, body: Body, now?: Date): Promise<SeriesDetail | SeriesPreview> {
  authorise(actor, "reservations:write");
  await requirePremium(actor);
  if (body.webhook) checkRequestWebhook(body.webhook);
  const { template, rule } = body;
  const times = expandSeries(template, rule);
  const poolIds = await candidatePools(actor.projectId, template);
  try {
    const change = async (tx: Tx) => {
      const booked = await bookInto(tx, actor, body, { times, poolIds, now });
      if (body.dry_run) return { booked, detail: null };
      if (wouldBook(body, booked) === 0) throw new SeriesRefused(booked);
      await keepSkipped(tx, booked);
      return { booked, detail: await readSeries(tx, actor, booked.seriesId) };
    };
    const { booked, detail } = await inTurns(poolIds, () => perform(body.dry_run, change, { timeoutMs: TIMEOUT_MS }));
    return detail ?? (await previewOf(actor, body, booked));
  } catch (error) {
    // What is in the way is looked up without any lock.
    throw error instanceof SeriesRefused ? await refusalOf(actor, body, error.booked) : error;
  }
}

/** Carries what came of the occurrences out of the transaction that it undoes. */
class SeriesRefused extends Error {
  constructor(readonly booked: Booked) {
    super("The series cannot be booked as asked.");
  }
}

async function bookInto(
  tx: Tx,
  actor: Actor,
  { template, rule, webhook }: Body,
  { times, poolIds, now }: { times: readonly OccurrenceTimes[]; poolIds: readonly string[]; now: Date | undefined },
): Promise<Booked> {
  const seriesId = newId("series");
  await tx.reservationSeries.create({
    data: {
      id: seriesId,
      projectId: actor.projectId,
      createdBy: actor.subject.id,
      rule,
      template,
      ...(now && { createdAt: now }),
    },
  });
  const booked = await bookOccurrences(tx, actor, { id: seriesId, template, webhook, times, poolIds, now });
  if (booked.occurrences.every(({ result }) => result.outcome === "not_allowed"))
    throw neverAllowed(booked.occurrences);
  return { ...booked, seriesId };
}

function bookable({ occurrences }: Booked): Occurrence[] {
  return occurrences.filter(({ result }) => result.outcome === "bookable");
}

function wouldBook({ skip_conflicts }: Body, booked: Booked): number {
  const count = bookable(booked).length;
  return skip_conflicts || count === booked.occurrences.length ? count : 0;
}

async function previewOf(actor: Actor, body: Body, booked: Booked): Promise<SeriesPreview> {
  const occurrences: SeriesOccurrence[] = [];
  for (const occurrence of booked.occurrences) occurrences.push(await present(actor, body, occurrence));
  return {
    dry_run: true,
    occurrences,
    bookable: bookable(booked).length,
    would_book: wouldBook(body, booked),
    total_micros: occurrences.reduce((sum, { price }) => sum + (price?.total_micros ?? 0), 0),
    shortfall_micros: toJsonMicros(shortfallOf(booked)),
    available_after_micros: toJsonMicros(booked.availableAfter),
  };
}

async function present(actor: Actor, { template }: Body, { times, result }: Occurrence): Promise<SeriesOccurrence> {
  const row = result.outcome === "bookable" ? result.row : null;
  return {
    ...times,
    outcome: result.outcome,
    reason: reasonOf(result),
    blockers: result.outcome === "no_room" ? await blockersOf(actor, result) : [],
    pool_id: row?.poolId ?? template.pool_id ?? null,
    price: row && storedPrice(row.price),
  };
}

/** What the series itself was to book is in nobody's way: it is undone by now. */
async function blockersOf(actor: Actor, { refused: { pool, want, reason } }: { refused: Refused }): Promise<Blocker[]> {
  const { from, to, most } = spanOf(want.parts);
  const read = await readBlockers(db, {
    poolId: pool.id,
    from: new Date(from - pool.bufferBeforeMs),
    to: new Date(to + pool.bufferAfterMs),
    projectId: actor.projectId,
    by: actor.subject.id,
    without: null,
  });
  return most > pool.sellable
    ? [...structuralBlockers(pool, { count: most, free: pool.sellable, reason }), ...read]
    : read;
}

type Refused = Extract<Occurrence["result"], { outcome: "no_room" }>["refused"];

function reasonOf(result: Occurrence["result"]): string | null {
  switch (result.outcome) {
    case "bookable":
      return null;
    case "no_credits":
      return `It costs ${creditsText(result.priceMicros)} credits, more than are left by then.`;
    case "not_allowed":
      return result.error.errors.map(({ message }) => message).join(" ") || result.error.message;
    case "no_room":
      return result.refused.reason === "capacity"
        ? `Too few GPUs are free in ${result.refused.pool.name} over the whole time.`
        : `Enough GPUs are free in ${result.refused.pool.name}, but not ${result.refused.reason === "topology" ? "on one machine" : "the same ones"} over the whole time.`;
  }
}

/** What is missing to pay for everything that only lacks credits. */
function shortfallOf({ occurrences, availableAfter }: Booked): bigint {
  const unpaid = occurrences.reduce(
    (sum, { result }) => sum + (result.outcome === "no_credits" ? result.priceMicros : 0n),
    0n,
  );
  return unpaid > availableAfter ? unpaid - availableAfter : 0n;
}

/** The template itself breaks a rule, whenever it is: its fields are to be mended. */
function neverAllowed(occurrences: readonly Occurrence[]): AppError {
  const [first] = occurrences;
  const errors = first?.result.outcome === "not_allowed" ? first.result.error.errors : [];
  return new AppError("validation_failed", "None of the occurrences is allowed by the rules of the pool.", {
    errors: errors.map(({ field, message }) => ({ field: `template.${field}`, message })),
  });
}

async function refusalOf(actor: Actor, body: Body, booked: Booked): Promise<AppError> {
  const { occurrences } = booked;
  const missing = occurrences.filter(({ result }) => result.outcome !== "bookable");
  const lead = `${missing.length} of ${occurrences.length} occurrences cannot be booked, and so none is.`;
  const told = missing.slice(0, 3).map(({ times, result }) => `${times.starts_at}: ${reasonOf(result)}`);
  const mend = body.skip_conflicts ? "" : " Leave them out with skip_conflicts, or choose other times.";
  const detail = `${lead} ${told.join(" ")}${mend}`;
  const first = missing.find(({ result }) => result.outcome === "no_room")?.result;
  if (first?.outcome === "no_room") {
    return new AppError("capacity_unavailable", detail, { extras: { blockers: await blockersOf(actor, first) } });
  }
  if (missing.some(({ result }) => result.outcome === "no_credits")) {
    const shortfall = shortfallOf(booked);
    return new AppError(
      "insufficient_credits",
      `${creditsText(shortfall)} credits are missing for the whole series. ${lead}${mend}`,
      { extras: { shortfall_micros: toJsonMicros(shortfall) } },
    );
  }
  const field = body.rule.until === undefined ? "rule.count" : "rule.until";
  return new AppError("validation_failed", detail, { errors: [{ field, message: detail }] });
}

/** What was left out belongs to the series' story. */
async function keepSkipped(tx: Tx, booked: Booked): Promise<void> {
  const skipped = booked.occurrences
    .filter(({ result }) => result.outcome !== "bookable")
    .map(({ times, result }): SkippedOccurrence => ({ ...times, outcome: result.outcome, reason: reasonOf(result) }));
  if (skipped.length === 0) return;
  await tx.reservationSeries.update({
    where: { id: booked.seriesId },
    data: { skipped: skipped as Prisma.InputJsonValue },
  });
}
