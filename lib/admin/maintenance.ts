import type { Administrator } from "@/lib/accounts/admin";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { cleanUp, countOldEvents } from "@/lib/queue/cleanup";
import { recover } from "@/lib/queue/recover";
import { wakeWorkers } from "@/lib/queue/wake";

const DAY_MS = 24 * 3600 * 1000;

/**
 * Removes what is older than so many days, as the daily clean-up does.
 * @param days RETENTION_DAYS unless told
 * @param dry_run only counts the events that would go
 */
export async function cleanUpNow(
  { subject }: Administrator,
  { days = env.RETENTION_DAYS, dry_run }: { days?: number | undefined; dry_run: boolean },
): Promise<{ dry_run: boolean; days: number; before: string; removed: Record<string, number> }> {
  const now = new Date();
  const before = new Date(now.getTime() - days * DAY_MS);
  const removed = dry_run ? { events: await countOldEvents(now, days) } : { ...(await cleanUp(now, { days })) };
  if (!dry_run) log.info({ by: subject.id, days, ...removed }, "an administrator cleaned up");
  return { dry_run, days, before: before.toISOString(), removed };
}

/** Brings back what two changes at the same moment left behind. */
export async function retryStuckNow({ subject }: Administrator): Promise<{ cancelled: number; resumed: number }> {
  const mended = await recover();
  wakeWorkers();
  log.info({ by: subject.id, ...mended }, "an administrator retried what was stuck");
  return mended;
}
