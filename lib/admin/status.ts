import type { Administrator } from "@/lib/accounts/admin";
import type { AdminStatus } from "@/lib/contracts/admin";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { countStuck, readQueue } from "@/lib/metrics/queue";
import { BEAT_STALE_S } from "@/lib/queue/heartbeat";

/** More than anybody runs; a worker that was killed leaves its row for a day. */
const WORKERS_SHOWN = 200;

/** Who works, and what waits. */
export async function readStatus(_admin: Administrator): Promise<AdminStatus> {
  const [workers, queue, stuck] = await Promise.all([
    db.workerBeat.findMany({ orderBy: { beatAt: "desc" }, take: WORKERS_SHOWN }),
    readQueue(),
    countStuck(),
  ]);
  const now = new Date();
  return {
    now: now.toISOString(),
    workers: workers.map(({ id, host, pid, startedAt, beatAt, trouble }) => ({
      id,
      host,
      pid,
      alive: now.getTime() - beatAt.getTime() <= BEAT_STALE_S * 1000,
      started_at: startedAt.toISOString(),
      beat_at: beatAt.toISOString(),
      trouble,
    })),
    queue: {
      waiting: queue.waiting,
      due: queue.due,
      under_way: queue.underWay,
      oldest_due_at: queue.oldestDueAt?.toISOString() ?? null,
      stuck,
    },
    retention_days: env.RETENTION_DAYS,
  };
}
