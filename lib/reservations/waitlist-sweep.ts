import { setTimeout as sleep } from "node:timers/promises";
import { WAITLIST_LIMITS, waitlistCriteriaSchema } from "@/lib/contracts/waitlist";
import { db } from "@/lib/db/client";
import { asTheOnlyOne } from "@/lib/db/only-one";
import { transaction } from "@/lib/db/transaction";
import { untilDue } from "@/lib/db/until-due";
import type { WaitlistEntry as EntryRow } from "@/lib/generated/prisma/client";
import { announceWaitlist } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { settleEntries, tryOffer } from "@/lib/reservations/waitlist-offers";
import { concerns } from "@/lib/reservations/waitlist-rules";

/** Milliseconds at least between two looks whether something became free for those who wait. */
const PAUSE_MS = 1_500;
/** Everything is looked at anew at least so often, in ms: time passes too, and pools are opened and priced anew. */
const ALL_EVERY_MS = 60_000;

/** SQL: whether there is anybody to whom something may have to be said. */
const SOMEBODY_WAITS = "EXISTS (SELECT FROM waitlist_entry WHERE status IN ('waiting', 'offered'))";

/** What a worker has seen of the pools, so that it looks only where something has changed since. */
export type Seen = {
  versions: Map<string, bigint>;
  /** Entries that have been looked at since they came, or came back from an offer. */
  entries: Set<string>;
  allAt: number;
};

export function nothingSeen(): Seen {
  return { versions: new Map(), entries: new Set(), allAt: Number.NEGATIVE_INFINITY };
}

/**
 * Offers what becomes free to those who wait, until the signal. Every worker runs it; one of them at a time does the
 * work, or those further behind could be served first.
 */
export async function runWaitlist(signal: AbortSignal): Promise<void> {
  const seen = nothingSeen();
  while (!signal.aborted) {
    try {
      await sweepWaitlist(seen, { signal });
    } catch (err) {
      log.warn({ err }, "the waiting list could not be looked at");
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    await untilDue(SOMEBODY_WAITS, signal);
  }
}

/**
 * One round: settles what has come to its end, then goes through those who wait, the one who has waited longest first;
 * whoever let an offer go stands behind those who had none.
 * @param now the process's clock unless given
 * @returns how many offers were made; undefined when another worker is at it
 */
export async function sweepWaitlist(
  seen: Seen,
  { now, signal }: { now?: Date; signal?: AbortSignal } = {},
): Promise<number | undefined> {
  return asTheOnlyOne("waiting list", async () => {
    const at = now ?? new Date();
    const settled = await transaction((tx) => settleEntries(tx, at, WAITLIST_LIMITS.offers));
    for (const projectId of settled) announceWaitlist(projectId);
    const fresh = await freshPools(seen, at);
    const waiting = await db.waitlistEntry.findMany({
      where: { status: "waiting", until: { gt: at } },
      orderBy: [{ offers: "asc" }, { createdAt: "asc" }, { id: "asc" }],
    });
    const before = seen.entries;
    seen.entries = new Set();
    let offers = 0;
    for (const entry of waiting) {
      if (signal?.aborted) break;
      const key = `${entry.id} ${entry.offers}`;
      seen.entries.add(key);
      const criteria = waitlistCriteriaSchema.parse(entry.criteria);
      if (before.has(key) && !fresh.some((place) => concerns(criteria, place))) continue;
      if (await tried(entry, at)) offers += 1;
    }
    return offers;
  });
}

async function tried(entry: EntryRow, at: Date): Promise<boolean> {
  try {
    return (await tryOffer(entry, at)) === "offered";
  } catch (err) {
    // One that cannot be served must not keep the others waiting.
    log.error({ err, entry: entry.id }, "an entry of the waiting list could not be served");
    return false;
  }
}

type Place = { id: string; gpuTypeId: string; gpuTypeName: string };

/** The pools in which something changed since the last round; all of them once in a while. */
async function freshPools(seen: Seen, at: Date): Promise<Place[]> {
  const pools = await db.pool.findMany({
    select: { id: true, usageVersion: true, gpuTypeId: true, gpuType: { select: { name: true } } },
  });
  const all = at.getTime() - seen.allAt >= ALL_EVERY_MS;
  const fresh = pools.filter(({ id, usageVersion }) => all || seen.versions.get(id) !== usageVersion);
  // As it was before the offers of this round: what they take is looked at once more, and found to be taken.
  seen.versions = new Map(pools.map(({ id, usageVersion }) => [id, usageVersion]));
  if (all) seen.allAt = at.getTime();
  return fresh.map(({ id, gpuTypeId, gpuType }) => ({ id, gpuTypeId, gpuTypeName: gpuType.name }));
}
