import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { requirePremium } from "@/lib/accounts/plan";
import { type Blocker, type Quote, type quoteBody, topologySchema } from "@/lib/contracts/availability";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { checkBooking } from "@/lib/contracts/booking-rules";
import { toJsonMicros } from "@/lib/contracts/money";
import { priceOf, priceSchema } from "@/lib/contracts/pricing";
import { spendable } from "@/lib/credits/movements";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { notFound } from "@/lib/errors";
import { readBookingPolicy } from "@/lib/fleet/policy";
import type { Prisma, Quote as QuoteRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { findAlternatives } from "@/lib/reservations/alternatives";
import { invalid } from "@/lib/reservations/create";
import { openSites, type Shape, type Site, tryPlacing } from "@/lib/reservations/feasibility";
import { loadPools, type PoolState } from "@/lib/reservations/pool-state";
import { candidatePools } from "@/lib/reservations/pools";
import { toSegments } from "@/lib/reservations/segments";

const MINUTE_MS = 60_000;

type Judgement = Pick<Quote, "feasible" | "blockers" | "alternatives">;

/**
 * Prices a booking and keeps that price for the policy's quote_minutes. Of a GPU type it is the cheapest pool that has
 * room, or the cheapest whose rules allow it. A quote holds no GPUs: it says whether they are free at this moment and, if
 * not, what is in the way and what could be booked instead.
 * @throws AppError "plan_required", "validation_failed", "forbidden"
 */
export async function createQuote(actor: Actor, body: z.output<typeof quoteBody>, now = new Date()): Promise<Quote> {
  authorise(actor, "reservations:write");
  await requirePremium(actor);
  const { topology, gpu_count, starts_at, ends_at } = body;
  const shape: Shape = {
    parts: [{ from: Date.parse(starts_at), to: Date.parse(ends_at), count: gpu_count }],
    topology,
  };
  const [poolIds, policy] = await Promise.all([candidatePools(actor.projectId, body), readBookingPolicy()]);
  const site = await firstWithRoom(await loadPools(db, { poolIds }), shape, now);
  const price = priceOf({
    segments: toSegments(shape.parts),
    rateMicros: site.pool.rateMicros,
    policy,
    bookedAt: now,
  });
  const data = {
    id: newId("quote"),
    projectId: actor.projectId,
    createdBy: actor.subject.id,
    poolId: site.pool.id,
    gpuCount: gpu_count,
    topology,
    startsAt: new Date(starts_at),
    endsAt: new Date(ends_at),
    price: price as unknown as Prisma.InputJsonValue,
    totalMicros: BigInt(price.total_micros),
    expiresAt: new Date(now.getTime() + policy.quote_minutes * MINUTE_MS),
    createdAt: now,
  };
  // In a transaction, so that it is made once per Idempotency-Key whatever happens.
  const row = await transaction((tx) => tx.quote.create({ data }));
  return present(actor, row, await judge(actor, site, shape, policy), now);
}

/** The price as it was quoted; whether the GPUs are free, as it is now. @throws AppError "not_found", "forbidden" */
export async function getQuote(actor: Actor, quoteId: string, now = new Date()): Promise<Quote> {
  authorise(actor, "reservations:read");
  const row = await db.quote.findFirst({ where: { id: quoteId, projectId: actor.projectId } });
  if (!row) throw notFound("quote");
  const shape: Shape = {
    parts: [{ from: row.startsAt.getTime(), to: row.endsAt.getTime(), count: row.gpuCount }],
    topology: topologySchema.parse(row.topology),
  };
  const [pools, policy] = await Promise.all([loadPools(db, { poolIds: [row.poolId] }), readBookingPolicy()]);
  const [site] = await openSites(db, pools, now);
  if (!site) throw notFound("quote");
  return present(actor, row, await judge(actor, site, shape, policy), now);
}

/**
 * The first pool with room whose rules allow it, else the first whose rules do.
 * @throws AppError "validation_failed" with what the first one says when none does
 */
async function firstWithRoom(pools: readonly PoolState[], shape: Shape, now: Date): Promise<Site> {
  const checked = pools.map((pool) => ({
    pool,
    errors: checkBooking(pool.rules, toSegments(shape.parts), now, { topology: shape.topology }),
  }));
  const allowed = checked.filter(({ errors }) => errors.length === 0).map(({ pool }) => pool);
  const sites = await openSites(db, allowed, now);
  const [first] = sites;
  if (!first) throw invalid(checked[0]?.errors ?? []);
  if (sites.length === 1) return first;
  for (const site of sites) if ((await tryPlacing(db, site, shape)).ok) return site;
  return first;
}

async function judge(actor: Actor, site: Site, shape: Shape, policy: BookingPolicy): Promise<Judgement> {
  const { pool, now } = site;
  const errors = checkBooking(pool.rules, toSegments(shape.parts), now, { topology: shape.topology });
  if (errors.length > 0) {
    // A quote that has grown old: its start has passed, or the pool has other rules now.
    return { feasible: false, blockers: errors.map(({ message }) => ruleBlocker(shape, message)), alternatives: [] };
  }
  if ((await tryPlacing(db, site, shape)).ok) return { feasible: true, blockers: [], alternatives: [] };
  const { blockers, alternatives } = await findAlternatives(db, {
    projectId: actor.projectId,
    by: actor.subject.id,
    pool,
    want: shape,
    policy,
    now,
  });
  return { feasible: false, blockers, alternatives };
}

function ruleBlocker({ parts }: Shape, note: string): Blocker {
  const gpu_count = Math.max(...parts.map(({ count }) => count));
  return { kind: "capacity", reservation_id: null, gpu_count, starts_at: null, ends_at: null, note };
}

async function present(actor: Actor, row: QuoteRow, judgement: Judgement, now: Date): Promise<Quote> {
  const available = await spendable(db, actor.projectId, now);
  return {
    id: row.id,
    pool_id: row.poolId,
    gpu_count: row.gpuCount,
    topology: topologySchema.parse(row.topology),
    starts_at: row.startsAt.toISOString(),
    ends_at: row.endsAt.toISOString(),
    price: priceSchema.parse(row.price),
    ...judgement,
    affordable: available >= row.totalMicros,
    available_micros: toJsonMicros(available),
    expires_at: row.expiresAt.toISOString(),
    created_at: row.createdAt.toISOString(),
  };
}
