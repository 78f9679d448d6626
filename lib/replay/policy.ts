import type { WebhookFilter } from "@/lib/contracts/webhooks";

/** The most that may be caught up in one step, in seconds of the rate, whatever was missed. */
const BURST_S = 1;

/** Deliveries of one step: its transaction stays short. */
export const STEP_LIMIT = 200;

/** Deliveries of one replay that may lie due at one webhook; fresh events of it wait behind no more than these. */
const MOST_AHEAD = 200;

/** The same in seconds of the rate. */
const AHEAD_S = 2;

/** A stretch of time in which a webhook subscribed to something; half-open, Unix ms. */
export type Span = { from: number; to: number; eventTypes: string[]; filter: WebhookFilter | null };

/** What a webhook was from a moment on. */
export type Change = {
  at: number;
  kind: string;
  enabled: boolean;
  eventTypes: string[];
  filter: WebhookFilter | null;
};

/**
 * When a webhook was disabled within a range, with what it subscribed to at each time. Before its first change it did
 * not exist, and after its deletion it exists no more.
 * @param changes in the order in which they were made
 */
export function disabledSpans(changes: readonly Change[], from: number, to: number): Span[] {
  return changes.flatMap((change, index) => {
    if (change.enabled || change.kind === "deleted") return [];
    const start = Math.max(from, change.at);
    const end = Math.min(to, changes[index + 1]?.at ?? to);
    return start < end ? [{ from: start, to: end, eventTypes: change.eventTypes, filter: change.filter }] : [];
  });
}

/**
 * How many deliveries the time that has passed pays for, and the time spent with them. Time that lies back further than
 * a second is lost, so a job that was paused, or whose worker died, does not rush afterwards.
 * @param spentTo and now in microseconds, both by the database's clock
 */
export function allowance({ spentTo, now, rate }: { spentTo: number; now: number; rate: number }): {
  count: number;
  spend: (used: number) => number;
} {
  const start = Math.max(spentTo, now - BURST_S * 1e6);
  const price = 1e6 / rate;
  const count = Math.max(0, Math.min(STEP_LIMIT, Math.floor((now - start) / price)));
  return { count, spend: (used) => Math.ceil(start + used * price) };
}

/** How many more of a replay may be put into one webhook's queue. @param due those of it that lie there already */
export function roomAhead(rate: number, due: number): number {
  return Math.max(0, Math.min(MOST_AHEAD, Math.max(1, AHEAD_S * rate)) - due);
}

/** Shares a number out evenly, none above its room; what one cannot take goes to the others. */
export function shareOut(count: number, rooms: readonly number[]): number[] {
  const shares = rooms.map(() => 0);
  let left = Math.min(
    count,
    rooms.reduce((sum, room) => sum + room, 0),
  );
  while (left > 0) {
    const open = rooms.flatMap((room, index) => (room > (shares[index] ?? 0) ? [index] : []));
    const each = Math.max(1, Math.floor(left / open.length));
    for (const index of open) {
      const given = Math.min(each, left, (rooms[index] ?? 0) - (shares[index] ?? 0));
      shares[index] = (shares[index] ?? 0) + given;
      left -= given;
    }
  }
  return shares;
}

/** Subscription patterns as SQL compares them: whole types, and beginnings ("" begins all). */
export function comparable(patterns: readonly string[]): { exact: string[]; prefixes: string[] } {
  return {
    exact: patterns.filter((pattern) => !pattern.endsWith("*")),
    prefixes: patterns.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1)),
  };
}
