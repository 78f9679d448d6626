import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Replay, ReplayDetail } from "@/lib/contracts/replays";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Replay as ReplayRow } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import { type Outcome, skippedSchema, toReplay, toSkippedBy } from "@/lib/replay/view";

type Page<T> = { data: T[]; next_cursor: string | null };
type OutcomeRow = { replay_id: string; status: string; count: number };

/** Newest first; the cursor is the last id of the page before. @throws AppError "invalid_cursor". */
export async function listReplays(
  actor: Actor,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Replay>> {
  authorise(actor, "deliveries:read");
  if (cursor !== undefined && !isId("replay", cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.replay.findMany({
    where: { projectId: actor.projectId, ...(cursor === undefined ? {} : { id: { lt: cursor } }) },
    include: { targets: { select: { skipped: true } } },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const data = await withOutcomes(db, page);
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found". */
export async function getReplay(actor: Actor, replayId: string): Promise<ReplayDetail> {
  authorise(actor, "deliveries:read");
  return readReplay(db, actor.projectId, replayId);
}

/** @throws AppError "not_found". */
export async function readReplay(client: Tx | typeof db, projectId: string, replayId: string): Promise<ReplayDetail> {
  const row = await client.replay.findFirst({
    where: { id: replayId, projectId },
    include: { targets: { include: { webhook: { select: { url: true } } }, orderBy: { webhookId: "asc" } } },
  });
  const [replay] = row ? await withOutcomes(client, [row]) : [];
  if (!row || !replay) throw notFound("replay");
  return {
    ...replay,
    webhooks: row.targets.map(({ webhookId, webhook, total, queued, skipped, finished }) => ({
      webhook_id: webhookId,
      url: webhook.url,
      total,
      queued,
      skipped_by: toSkippedBy(skippedSchema.parse(skipped)),
      finished,
    })),
  };
}

/** For the live stream, which has checked who listens. */
export async function replaysByIds(projectId: string, ids: string[]): Promise<ReplayDetail[]> {
  const found = await db.replay.findMany({ where: { projectId, id: { in: ids } }, select: { id: true } });
  return Promise.all(found.map(({ id }) => readReplay(db, projectId, id)));
}

/** What became of the deliveries that each replay sent last, counted from the deliveries themselves. */
async function withOutcomes(
  client: Tx | typeof db,
  rows: readonly (ReplayRow & { targets: { skipped: unknown }[] })[],
): Promise<Replay[]> {
  if (rows.length === 0) return [];
  const counts = await client.$queryRaw<OutcomeRow[]>`
    SELECT replay_id, status, count(*)::int AS count FROM delivery
     WHERE replay_id = ANY(${rows.map(({ id }) => id)}) GROUP BY 1, 2`;
  return rows.map((row) => {
    const skipped = row.targets.map((target) => skippedSchema.parse(target.skipped));
    return toReplay(row, skipped, outcomeOf(counts, row.id));
  });
}

/** Those cancelled with their webhook got nowhere: they count as failed. */
function outcomeOf(counts: readonly OutcomeRow[], replayId: string): Outcome {
  const count = (...statuses: string[]) =>
    counts
      .filter((row) => row.replay_id === replayId && statuses.includes(row.status))
      .reduce((sum, row) => sum + row.count, 0);
  return { delivered: count("delivered"), failed: count("failed", "cancelled"), pending: count("pending") };
}
