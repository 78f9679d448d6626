import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { requirePremium } from "@/lib/accounts/plan";
import { hashToken, newToken } from "@/lib/accounts/tokens";
import {
  type createFeedBody,
  FEED_LIMITS,
  type Feed,
  feedSchema,
  type OpenedFeed,
} from "@/lib/contracts/calendar-feeds";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { publicOrigin } from "@/lib/env";
import { AppError, invalidField, notFound } from "@/lib/errors";
import type { CalendarFeed as FeedRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

/**
 * Makes a calendar. The answer is the only place in which its address ever stands: the database keeps a hash.
 * @throws AppError "forbidden" for API keys, "plan_required", "validation_failed" for an unknown pool, "conflict" at the
 *   limit
 */
export async function createFeed(actor: Actor, body: z.output<typeof createFeedBody>): Promise<OpenedFeed> {
  const userId = personOf(actor);
  await requirePremium(actor);
  const pool = body.pool_id === undefined ? null : await db.pool.findUnique({ where: { id: body.pool_id } });
  if (body.pool_id !== undefined && !pool) throw invalidField("pool_id", "There is no such pool.");
  const token = newToken();
  const row = await transaction(async (tx) => {
    // Two at once would both find room for one more.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`calendars of ${userId}`}, 0))`;
    const present = await tx.calendarFeed.count({ where: { projectId: actor.projectId, userId } });
    if (present >= FEED_LIMITS.perUser) {
      throw new AppError("conflict", `You have ${FEED_LIMITS.perUser} calendars in this project; revoke one first.`);
    }
    return tx.calendarFeed.create({
      data: {
        id: newId("calendarFeed"),
        projectId: actor.projectId,
        userId,
        name: body.name,
        scope: body.scope,
        poolId: pool?.id ?? null,
        alarmMinutes: body.alarm_minutes,
        timeZone: body.time_zone,
        tokenHash: hashToken(token),
      },
    });
  });
  return { ...toFeed(row, pool), url: urlOf(token) };
}

/** Only those of whoever asks, by name. @throws AppError "forbidden" for API keys */
export async function listFeeds(actor: Actor): Promise<{ data: Feed[]; next_cursor: null }> {
  const rows = await db.calendarFeed.findMany({
    where: { projectId: actor.projectId, userId: personOf(actor) },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  const pools = await db.pool.findMany({
    where: { id: { in: rows.flatMap(({ poolId }) => poolId ?? []) } },
    select: { id: true, name: true },
  });
  return {
    data: rows.map((row) =>
      toFeed(
        row,
        pools.find(({ id }) => id === row.poolId),
      ),
    ),
    next_cursor: null,
  };
}

/** A new address; the old one leads nowhere from now on. @throws AppError "not_found" */
export async function regenerateFeed(actor: Actor, feedId: string): Promise<OpenedFeed> {
  const token = newToken();
  const [row] = await db.calendarFeed.updateManyAndReturn({
    where: { id: feedId, projectId: actor.projectId, userId: personOf(actor) },
    data: { tokenHash: hashToken(token), lastReadAt: null },
  });
  if (!row) throw notFound("calendar");
  const pool = row.poolId === null ? null : await db.pool.findUnique({ where: { id: row.poolId } });
  return { ...toFeed(row, pool), url: urlOf(token) };
}

/** @throws AppError "not_found" */
export async function deleteFeed(actor: Actor, feedId: string): Promise<undefined> {
  const { count } = await db.calendarFeed.deleteMany({
    where: { id: feedId, projectId: actor.projectId, userId: personOf(actor) },
  });
  if (count === 0) throw notFound("calendar");
}

/** A calendar lasts as long as its owner's membership, which an API key does not have. */
function personOf(actor: Actor): string {
  authorise(actor, "reservations:read");
  if (actor.subject.kind === "user") return actor.subject.id;
  throw new AppError("forbidden", "A calendar belongs to a person; sign in instead of sending an API key.");
}

function toFeed(row: FeedRow, pool: { id: string; name: string } | null | undefined): Feed {
  return {
    id: row.id,
    name: row.name,
    scope: feedSchema.shape.scope.parse(row.scope),
    pool: row.poolId === null ? null : { id: row.poolId, name: pool?.name ?? row.poolId },
    alarm_minutes: row.alarmMinutes,
    time_zone: row.timeZone,
    last_read_at: row.lastReadAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}

function urlOf(token: string): string {
  return `${publicOrigin}/api/v1/calendar/${token}.ics`;
}
