import { createHash } from "node:crypto";
import { hashToken } from "@/lib/accounts/tokens";
import { ownEntries, poolEntries } from "@/lib/calendar-feeds/entries";
import { renderFeed } from "@/lib/calendar-feeds/render";
import { feedSchema } from "@/lib/contracts/calendar-feeds";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";

export type FeedText = {
  text: string;
  /** Changes when and only when the text does. */
  etag: string;
  /** null where something can vanish without a trace of when: a maintenance that is called off. */
  lastModified: Date | null;
};

const FILE = /^([A-Za-z0-9_-]{43})\.ics$/;
const MINUTE_MS = 60_000;

/**
 * The calendar behind an address. Whoever knows the address may read it, as long as its owner is a member of the project.
 * @param file the token, followed by ".ics"
 * @throws AppError "not_found"; it does not tell why
 */
export async function readFeed(file: string, now = new Date()): Promise<FeedText> {
  const token = FILE.exec(file)?.[1];
  const feed = token && (await db.calendarFeed.findUnique({ where: { tokenHash: hashToken(token) } }));
  if (!feed) throw noSuchCalendar();
  const { id: feedId, projectId, userId, poolId } = feed;
  if (!(await db.member.findFirst({ where: { projectId, userId }, select: { id: true } }))) throw noSuchCalendar();

  const scope = feedSchema.shape.scope.parse(feed.scope);
  const reader = { feedId, projectId, userId };
  const entries =
    scope === "pool" ? await poolEntries(reader, poolId ?? "", now) : await ownEntries(reader, scope, now);
  const text = renderFeed({ name: feed.name, timeZone: feed.timeZone, alarmMinutes: feed.alarmMinutes, entries });
  await db.calendarFeed.updateMany({
    where: { id: feedId, OR: [{ lastReadAt: null }, { lastReadAt: { lt: new Date(now.getTime() - MINUTE_MS) } }] },
    data: { lastReadAt: now },
  });
  const changed = entries.reduce(
    (latest, { updatedAt }) => Math.max(latest, updatedAt.getTime()),
    feed.createdAt.getTime(),
  );
  return {
    text,
    etag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 32)}"`,
    lastModified: scope === "pool" ? null : new Date(changed),
  };
}

function noSuchCalendar(): AppError {
  return new AppError("not_found", "There is no such calendar: its address was replaced or revoked, or never was one.");
}
