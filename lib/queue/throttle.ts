import type { ClaimedDelivery, ClaimRequest } from "@/lib/queue/claim";

/** Requests at once to a webhook about which this process knows nothing yet. */
export const INITIAL_LIMIT = 2;

/** A request that takes longer than this is slow: it gives its slot back, and its webhook counts as a suspect. */
export const SLOW_MS = 1_000;

/** Webhooks that are remembered; of more, the ones least recently used are forgotten and begin anew. */
const REMEMBERED = 1_000;

/** How long a pause that is not in the database yet is kept here. */
const LOCAL_PAUSE_MS = 5_000;

/** What an attempt says about how much its webhook can take. */
export type Verdict = "ok" | "refused" | "overloaded";

type State = {
  projectId: string;
  inFlight: number;
  /** Of those, the ones that gave their slot back. */
  slow: number;
  limit: number;
  cap: number;
  /** Requests per second for this process, and how many it may send now. */
  rate: number | null;
  tokens: number;
  refilledAt: number;
  suspect: boolean;
  pausedUntil: number;
};

export type Ticket = { webhookId: string; slow: boolean; startedAt: number };

export type ThrottleOptions = {
  /** Requests under way at once in this process, slow ones apart. */
  concurrency: number;
  /** Requests at once to one webhook that has no limit of its own. */
  perWebhook: number;
  /** Milliseconds of a steady clock; for tests. */
  now?: () => number;
};

/**
 * How much each webhook gets, so that none costs the others anything:
 *
 * - A webhook begins with two requests at once and gets one more for each quick success up to its cap; an overloaded
 *   one (timeout, no connection, 429, 502-504) gets half. The same way a webhook that comes back is drained gently.
 * - A request that takes over a second gives its slot back; slow requests have room of their own.
 * - Suspects (failing or slow webhooks) together get at most a quarter of the slots at a time.
 * - One project leaves an eighth of the slots to the others.
 * - A rate limit is a token bucket that holds one second's worth.
 *
 * Limits of a webhook's own are divided evenly among the live workers; each worker keeps its share without asking the
 * others. All of it is knowledge of this process only: a restart begins with caution again.
 */
export class Throttle {
  readonly #options: Required<ThrottleOptions>;
  readonly #slowSlots: number;
  readonly #suspectSlots: number;
  readonly #projectSlots: number;
  readonly #states = new Map<string, State>();
  #workers = 1;
  #fast = 0;
  #slow = 0;

  constructor(options: ThrottleOptions) {
    this.#options = { now: () => performance.now(), ...options };
    this.#slowSlots = options.concurrency * 4;
    this.#suspectSlots = Math.max(1, Math.floor(options.concurrency / 4));
    this.#projectSlots = Math.max(1, options.concurrency - Math.floor(options.concurrency / 8));
  }

  /** How many workers share the limits. */
  set workers(count: number) {
    this.#workers = Math.max(1, count);
  }

  /** Requests that can be started now. */
  get room(): number {
    return Math.max(0, this.#options.concurrency - this.#fast);
  }

  /** What the next claim may take of which webhook. */
  request(limit: number, after: string): ClaimRequest {
    const known: ClaimRequest["known"] = [];
    let suspectsUnderWay = 0;
    const perProject = new Map<string, number>();
    for (const [webhookId, state] of this.#states) {
      known.push({ webhookId, room: this.#roomOf(state), suspect: state.suspect });
      const fast = state.inFlight - state.slow;
      if (state.suspect) suspectsUnderWay += fast;
      if (fast > 0) perProject.set(state.projectId, (perProject.get(state.projectId) ?? 0) + fast);
    }
    return {
      limit,
      after,
      known,
      initialRoom: Math.min(INITIAL_LIMIT, this.#options.perWebhook),
      suspectLimit: Math.max(0, this.#suspectSlots - suspectsUnderWay),
      fullProjects: [...perProject].filter(([, count]) => count >= this.#projectSlots).map(([id]) => id),
      workers: this.#workers,
    };
  }

  /** Milliseconds until a limit that is used up now gives room again; Infinity when none is. */
  nextRoomMs(): number {
    const now = this.#options.now();
    let next = Number.POSITIVE_INFINITY;
    for (const state of this.#states.values()) {
      this.#refill(state);
      if (state.rate !== null && state.tokens < 1) next = Math.min(next, ((1 - state.tokens) / state.rate) * 1_000);
      if (state.pausedUntil > now) next = Math.min(next, state.pausedUntil - now);
    }
    return Math.max(next, 1);
  }

  start(delivery: ClaimedDelivery): Ticket {
    const state = this.#stateOf(delivery);
    state.inFlight += 1;
    if (state.rate !== null) state.tokens -= 1;
    this.#fast += 1;
    return { webhookId: delivery.webhookId, slow: false, startedAt: this.#options.now() };
  }

  /** The request takes long: from here on it holds no slot, as far as there is room for slow ones. */
  markSlow(ticket: Ticket): void {
    const state = this.#states.get(ticket.webhookId);
    if (!state || ticket.slow) return;
    state.suspect = true;
    if (this.#slow >= this.#slowSlots) return;
    ticket.slow = true;
    state.slow += 1;
    this.#slow += 1;
    this.#fast -= 1;
  }

  /** @param pauseMs send nothing more for so long; the database hears of it by the health monitor */
  end(ticket: Ticket, verdict: Verdict | null, pauseMs = 0): void {
    if (ticket.slow) this.#slow -= 1;
    else this.#fast -= 1;
    const state = this.#states.get(ticket.webhookId);
    if (!state) return;
    state.inFlight -= 1;
    if (ticket.slow) state.slow -= 1;
    const now = this.#options.now();
    if (pauseMs > 0) state.pausedUntil = Math.max(state.pausedUntil, now + Math.min(pauseMs, LOCAL_PAUSE_MS));
    if (verdict === "overloaded") {
      state.limit = Math.max(1, Math.floor(state.limit / 2));
      state.suspect = true;
    } else if (verdict === "ok" && now - ticket.startedAt < SLOW_MS) {
      state.limit = Math.min(state.cap, state.limit + 1);
      state.suspect = false;
    }
  }

  #stateOf(delivery: ClaimedDelivery): State {
    const { webhookId, projectId, maxInFlight, rateLimit, isProbing } = delivery;
    const cap = maxInFlight === null ? this.#options.perWebhook : Math.max(1, Math.floor(maxInFlight / this.#workers));
    const rate = rateLimit === null ? null : rateLimit / this.#workers;
    const found = this.#states.get(webhookId);
    const state: State = found ?? {
      projectId,
      inFlight: 0,
      slow: 0,
      limit: Math.min(INITIAL_LIMIT, cap),
      cap,
      rate,
      tokens: rate === null ? 0 : Math.max(1, rate),
      refilledAt: this.#options.now(),
      suspect: delivery.isFailing,
      pausedUntil: 0,
    };
    if (rate !== null && state.rate === null) state.tokens = Math.max(1, rate);
    Object.assign(state, { cap, rate, limit: isProbing ? 1 : Math.min(state.limit, cap) });
    // Deleting first keeps the map in the order of use.
    this.#states.delete(webhookId);
    this.#states.set(webhookId, state);
    if (!found && this.#states.size > REMEMBERED) this.#forgetOne();
    return state;
  }

  #roomOf(state: State): number {
    if (state.pausedUntil > this.#options.now()) return 0;
    this.#refill(state);
    const tokens = state.rate === null ? Number.POSITIVE_INFINITY : Math.floor(state.tokens);
    return Math.max(0, Math.min(state.limit - state.inFlight, tokens));
  }

  #refill(state: State): void {
    if (state.rate === null) return;
    const now = this.#options.now();
    const gained = ((now - state.refilledAt) / 1_000) * state.rate;
    state.tokens = Math.min(Math.max(1, state.rate), state.tokens + gained);
    state.refilledAt = now;
  }

  #forgetOne(): void {
    for (const [webhookId, state] of this.#states) {
      if (state.inFlight > 0) continue;
      this.#states.delete(webhookId);
      return;
    }
  }
}
