/** Where a worker stands among the live ones: how many they are, and how many of them began before it. */
export type Place = { workers: number; rank: number };

export const ALONE: Place = { workers: 1, rank: 0 };

/** So far back among so many that no limit reaches it: where a worker stands until it knows the others. */
export const OUTSIDE: Place = { workers: 1_000_000_000, rank: 999_999_000 };

/**
 * How long a worker that may have more waits before it takes it, in milliseconds: the beats of the others, who may have
 * less for it, are 5 s apart.
 */
export const GROWTH_MS = 6_000;

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

/**
 * The places by which a worker counts. When the workers change, each hears of it at its own next beat; so what a change
 * takes away holds at once, and what it adds only when everybody has heard: for a while the smallest share counts.
 */
export class Standing {
  readonly #now: () => number;
  #current: Place;
  #left: { place: Place; until: number }[] = [];

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number, place: Place) {
    this.#now = now;
    this.#current = place;
  }

  move(place: Place): void {
    const before = this.#current;
    if (before.workers === place.workers && before.rank === place.rank) return;
    this.#current = place;
    // A worker that begins and finds nobody has nobody to wait for.
    if (before === OUTSIDE && place.workers === 1) this.#left = [];
    else this.#left.push({ place: before, until: this.#now() + GROWTH_MS });
  }

  /** The current place, and those that it has not been out of for long enough. */
  inForce(): Place[] {
    if (this.#left.length > 0) {
      const now = this.#now();
      this.#left = this.#left.filter(({ until }) => until > now);
    }
    return [this.#current, ...this.#left.map(({ place }) => place)];
  }
}

/** The share by all places that count. */
export function smallestShare(limit: number, webhookId: string, places: readonly Place[]): number {
  return Math.min(...places.map((place) => shareOf(limit, webhookId, place)));
}
