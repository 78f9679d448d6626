/** Where a worker stands among the live ones: how many they are, and how many of them began before it. */
export type Place = { workers: number; rank: number };

export const ALONE: Place = { workers: 1, rank: 0 };

/** So far back among so many that no limit reaches it: where a worker stands until it knows the others. */
export const OUTSIDE: Place = { workers: 1_000_000_000, rank: 999_999_000 };

/** 0 for the worker that comes first at this webhook. It differs between webhooks, or one worker would come first at all. */
export function turnAt(webhookId: string, { workers, rank }: Place): number {
  return (rank + webhookId.charCodeAt(webhookId.length - 1)) % workers;
}

/**
 * A worker's part of a webhook's own limit. The parts are whole, differ by one at most and add up to the limit, so where
 * there are more workers than the limit some get 0. The claim does the same sum in SQL for webhooks that are not known yet.
 */
export function shareOf(limit: number, webhookId: string, place: Place): number {
  return Math.floor(limit / place.workers) + (turnAt(webhookId, place) < limit % place.workers ? 1 : 0);
}

/** The share by all places that count. */
export function smallestShare(limit: number, webhookId: string, places: readonly Place[]): number {
  return Math.min(...places.map((place) => shareOf(limit, webhookId, place)));
}
