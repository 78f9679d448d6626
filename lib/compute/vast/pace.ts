import { setTimeout as sleep } from "node:timers/promises";
import { ProviderError } from "@/lib/compute/provider";

/** The endpoints of vast.ai that we call; each has a limit of its own. */
export type Endpoint = "search" | "create" | "list" | "change" | "destroy" | "snapshot";

/** Milliseconds between two calls, a little more than vast.ai asks for. Its limits hold for each endpoint and account. */
export const VAST_SPACING_MS: Readonly<Record<Endpoint, number>> = {
  search: 6_000,
  create: 4_500,
  list: 1_100,
  change: 1_100,
  destroy: 3_000,
  snapshot: 3_000,
};

/** Longer than this nobody waits for a turn: the caller is told to come back. */
const LONGEST_WAIT_MS = 30_000;
const FIRST_BACKOFF_MS = 2_000;
const LONGEST_BACKOFF_MS = 120_000;

export type PaceOptions = {
  spacingMs?: Readonly<Partial<Record<Endpoint, number>>>;
  /** Milliseconds of any clock that only goes forward. */
  now?: () => number;
  wait?: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  random?: () => number;
};

/**
 * Keeps calls apart, endpoint by endpoint, and stays away after a refusal: twice as long each time, with jitter, because
 * vast.ai does not say when to come back.
 */
export class Pace {
  readonly #spacingMs: Readonly<Record<Endpoint, number>>;
  readonly #now: () => number;
  readonly #wait: (ms: number) => Promise<unknown>;
  readonly #random: () => number;
  readonly #freeAt = new Map<Endpoint, number>();
  readonly #refusals = new Map<Endpoint, number>();

  constructor({ spacingMs, now, wait, random }: PaceOptions = {}) {
    this.#spacingMs = { ...VAST_SPACING_MS, ...spacingMs };
    this.#now = now ?? (() => performance.now());
    this.#wait = wait ?? ((ms) => sleep(ms));
    this.#random = random ?? Math.random;
  }

  /**
   * Waits for the next turn of the endpoint and takes it.
   * @throws ProviderError "rate_limited" when it is too far away to be waited for
   */
  async turn(endpoint: Endpoint): Promise<void> {
    const now = this.#now();
    const at = Math.max(now, this.#freeAt.get(endpoint) ?? now);
    if (at - now > LONGEST_WAIT_MS) throw tooFrequent(at - now);
    this.#freeAt.set(endpoint, at + this.#spacingMs[endpoint]);
    if (at > now) await this.#wait(at - now);
  }

  /** The endpoint refused a call. @returns the error that tells when it is called again */
  refused(endpoint: Endpoint): ProviderError {
    const refusals = (this.#refusals.get(endpoint) ?? 0) + 1;
    this.#refusals.set(endpoint, refusals);
    const longest = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (refusals - 1));
    const backoff = Math.round(longest * (0.5 + this.#random() / 2));
    this.#freeAt.set(endpoint, Math.max(this.#freeAt.get(endpoint) ?? 0, this.#now() + backoff));
    return tooFrequent(backoff);
  }

  accepted(endpoint: Endpoint): void {
    this.#refusals.delete(endpoint);
  }
}

function tooFrequent(retryAfterMs: number): ProviderError {
  return new ProviderError(
    "rate_limited",
    "vast.ai takes no more requests of this kind for now.",
    Math.ceil(retryAfterMs),
  );
}
