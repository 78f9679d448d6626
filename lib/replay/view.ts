import { z } from "zod";
import {
  REPLAY_KINDS,
  REPLAY_STATUSES,
  type Replay,
  type ReplayPreview,
  replayScopeBody,
  SKIP_REASONS,
} from "@/lib/contracts/replays";
import type { Replay as ReplayRow } from "@/lib/generated/prisma/client";
import type { Plan } from "@/lib/replay/plan";

const kindSchema = z.enum(REPLAY_KINDS);
const statusSchema = z.enum(REPLAY_STATUSES);
export const skippedSchema = z.partialRecord(z.enum(SKIP_REASONS), z.number().int());
export type Skipped = z.infer<typeof skippedSchema>;

/** What of a replay's scope is stored: the range as it was taken, and what it is narrowed down to. */
export const storedScope = replayScopeBody.pick({ from: true, to: true, webhook_ids: true, event_types: true }).strip();

export type Outcome = Replay["outcome"];

export function toReplay(row: ReplayRow, skipped: readonly Skipped[], outcome: Outcome): Replay {
  const scope = storedScope.parse(row.scope);
  return {
    id: row.id,
    kind: kindSchema.parse(row.kind),
    from: scope.from,
    to: scope.to,
    webhook_ids: scope.webhook_ids ?? null,
    event_types: scope.event_types ?? null,
    rate: row.rate,
    status: statusSchema.parse(row.status),
    total: row.total,
    queued: row.queued,
    skipped: row.skipped,
    repeats: row.repeats,
    skipped_by: toSkippedBy(addUp(skipped)),
    outcome,
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
    revision: row.revision,
  };
}

export function toSkippedBy(skipped: Skipped): Replay["skipped_by"] {
  return SKIP_REASONS.flatMap((reason) => (skipped[reason] ? [{ reason, count: skipped[reason] }] : []));
}

/** The sums by reason. */
export function addUp(all: readonly Skipped[]): Skipped {
  const sum: Skipped = {};
  for (const skipped of all) for (const reason of SKIP_REASONS) add(sum, reason, skipped[reason] ?? 0);
  return sum;
}

export function add(skipped: Skipped, reason: (typeof SKIP_REASONS)[number], count: number): void {
  if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
}

export function toPreview(plan: Plan): ReplayPreview {
  const open = plan.targets.filter(({ reason }) => reason === null);
  const types = Map.groupBy(plan.counted, ({ eventType }) => eventType);
  return {
    kind: plan.kind,
    from: plan.from.toISOString(),
    to: plan.to.toISOString(),
    total: open.reduce((sum, target) => sum + target.total, 0),
    repeats: open.reduce((sum, target) => sum + target.repeats, 0),
    webhooks: open.map(({ webhookId, url, total, repeats }) => ({ webhook_id: webhookId, url, count: total, repeats })),
    event_types: [...types]
      .map(([event_type, rows]) => ({ event_type, count: rows.reduce((sum, { count }) => sum + count, 0) }))
      .sort((a, b) => b.count - a.count || (a.event_type < b.event_type ? -1 : 1)),
    skipped: plan.targets.flatMap(({ webhookId, url, total, reason }) =>
      reason === null ? [] : [{ webhook_id: webhookId, url, reason, count: total }],
    ),
  };
}
