import { type ClaimedDelivery, type ClaimRequest, MOST_FIRST, type Trust, WEBHOOKS_PER_CLAIM } from "@/lib/queue/claim";
import { evenPart, firstInTurn, served, type Turn } from "@/lib/queue/fairness";
import type { WaitingWebhook } from "@/lib/queue/look-ahead";
import { ALONE, type Place, smallestShare } from "@/lib/queue/share";
import { Standing } from "@/lib/queue/standing";

/** Requests at once to a webhook about which this process knows nothing yet. */
export const INITIAL_LIMIT = 2;

/** A request that takes longer than this is slow: it gives its slot back, and its webhook counts as a suspect. */
export const SLOW_MS = 1_000;

/**
 * Webhooks that are remembered; of more, the ones least recently used are forgotten and begin anew. More stay while
 * forgetting them would give them something: a full bucket, the end of a pause.
 */
const REMEMBERED = 1_000;

/** How long it counts that a webhook had more due than it was given. */
const ASKS_MS = 2_000;

/** Every so many claims nobody goes before the round, so that it moves on whoever is behind. */
const ROUND_EVERY = 8;

/** How long a round among the webhooks that ask for more may take, if each is to give something in it. */
const ROUND_MS = 250;

/** How long a pause that is not in the database yet is kept here. */
const LOCAL_PAUSE_MS = 5_000;

/** What an attempt says about how much its webhook can take. */
export type Verdict = "ok" | "refused" | "overloaded";

type State = {
  projectId: string;
  inFlight: number;
  /** Of those, the ones that gave their slot back. */
  slow: number;
  /** What its answers have earned it; its share of its own limits apart. */
  limit: number;
  maxInFlight: number | null;
  rateLimit: number | null;
  /** Of the rate limit: how many requests it may send now. */
  tokens: number;
  refilledAt: number;
  /** What the last claim might take of it. */
  offered: number;
  /** When it last had more due than it was given. */
  askedAt: number;
  trust: Trust;
  pausedUntil: number;
};

export type Ticket = { webhookId: string; slow: boolean; startedAt: number };

export type ThrottleOptions = {
  /** Requests under way at once in this process, slow ones apart. */
  concurrency: number;
  /** Requests at once to one webhook that has no limit of its own. */
  perWebhook: number;
  /** Where this worker stands before it is told; alone unless given. */
  place?: Place;
  /** Milliseconds of a steady clock; for tests. */
  now?: () => number;
};

/**
 * How much each webhook gets, so that none costs the others anything:
 *
 * - A webhook begins with two requests at once and gets one more for each quick success up to its cap; an overloaded
 *   one (timeout, no connection, 429, 502-504) gets half. The same way a webhook that comes back is drained gently.
 * - A request that takes over a second gives its slot back; slow requests have room of their own.
 * - Suspects (failing or slow webhooks) together get at most a quarter of the slots at a time, and together with those of
 *   which nothing is known yet three quarters: the rest is for webhooks that answer quickly.
 * - Of webhooks that have more due than there is room for, none is given more at a time than an even part.
 * - The project that holds less than its share of the slots goes first, see fairness.ts.
 * - A rate limit is a token bucket that holds one second's worth.
 *
 * Limits of a webhook's own are shared out among the live workers, see share.ts and standing.ts; each worker keeps its
 * share without asking the others. All of it is knowledge of this process only: a restart begins with caution again.
 */
export class Throttle {
  readonly #options: Required<ThrottleOptions>;
  readonly #slowSlots: number;
  readonly #suspectSlots: number;
  readonly #unprovenSlots: number;
  readonly #states = new Map<string, State>();
  readonly #standing: Standing;
  /** Webhooks with work that this process has not sent anything to lately, by the project. */
  readonly #found = new Map<string, string>();
  #places: Place[];
  #unprovenFull = false;
  #pace: { since: number; ended: number; perMs: number };
  #claims = 0;
  #fast = 0;
  #slow = 0;

  constructor(options: ThrottleOptions) {
    this.#options = { now: () => performance.now(), place: ALONE, ...options };
    this.#slowSlots = options.concurrency * 4;
    this.#suspectSlots = Math.max(1, Math.floor(options.concurrency / 4));
    this.#unprovenSlots = Math.max(1, Math.floor((options.concurrency * 3) / 4));
    this.#standing = new Standing(this.#options.now, this.#options.place);
    this.#places = this.#standing.inForce();
    this.#pace = { since: this.#options.now(), ended: 0, perMs: Number.POSITIVE_INFINITY };
  }

  /** Where this worker stands, and stood a moment ago, among those that share the limits; see Standing. */
  set places(places: readonly [Place, ...Place[]]) {
    this.#standing.hear(places);
    this.#places = this.#standing.inForce();
  }

  /** Requests that can be started now. */
  get room(): number {
    return Math.max(0, this.#options.concurrency - this.#fast);
  }

  /**
   * Whether deliveries can be started now, without a look at what else is due.
   * @param counts how many of which webhook
   */
  hasRoomFor(counts: ReadonlyMap<string, number>): boolean {
    let total = 0;
    let unproven = 0;
    for (const [webhookId, count] of counts) {
      const state = this.#states.get(webhookId);
      const room = state ? this.#roomOf(webhookId, state) : this.#initialRoom;
      if (count > room || state?.trust === "suspect") return false;
      total += count;
      if (state?.trust !== "proven") unproven += count;
    }
    return total <= this.room && (unproven === 0 || unproven <= this.#unprovenLimits().unprovenLimit);
  }

  /** What the next claim may take of which webhook. */
  request(limit: number, after: string): ClaimRequest {
    const known: ClaimRequest["known"] = [];
    this.#places = this.#standing.inForce();
    const part = this.#evenPart(limit);
    const first = this.#takeFirst(limit);
    const goesFirst = new Set(first);
    for (const [webhookId, state] of this.#states) {
      const room = this.#roomOf(webhookId, state);
      // Those that go first are as many as their project's share has room for.
      state.offered = this.#asks(state) && !goesFirst.has(webhookId) ? Math.min(room, part) : room;
      known.push({ webhookId, room: state.offered, trust: state.trust });
    }
    return {
      limit,
      after,
      known,
      initialRoom: this.#initialRoom,
      ...this.#unprovenLimits(),
      first,
      places: this.#places,
    };
  }

  /** Suspects and untried webhooks may have more due, but hold all the slots that they may. */
  get isUnprovenFull(): boolean {
    return this.#unprovenFull;
  }

  /** Whether a webhook may have more due than it was given, so that a place that it frees is to be filled at once. */
  mayHaveMore(webhookId: string): boolean {
    const state = this.#states.get(webhookId);
    if (!state) return true;
    if (state.trust === "suspect" || (state.trust === "untried" && this.#unprovenFull)) return true;
    return state.offered <= 0 || this.#asks(state);
  }

  /** What a claim gave says which webhooks ask for more. To be told once its deliveries have been started. */
  learn(request: ClaimRequest, deliveries: readonly ClaimedDelivery[]): void {
    const given = new Map<string, number>();
    for (const { webhookId } of deliveries) given.set(webhookId, (given.get(webhookId) ?? 0) + 1);
    const { first, limit, unprovenLimit } = request;
    const unproven = deliveries.filter(({ webhookId }) => this.#states.get(webhookId)?.trust !== "proven");
    this.#unprovenFull = unproven.length >= unprovenLimit;
    const cut = deliveries.length >= limit;
    // It came to those before the last that it took from; what it took besides it took after all of them.
    const wentOn = !cut || [...given.keys()].some((webhookId) => !first.includes(webhookId));
    const reached = wentOn ? first.length : first.findLastIndex((webhookId) => given.has(webhookId));
    const drained = (webhookId: string, state: State) => (given.get(webhookId) ?? 0) < state.offered;
    const now = this.#options.now();
    for (const [index, webhookId] of first.entries()) {
      const state = this.#states.get(webhookId);
      if (state && index < reached && drained(webhookId, state)) state.askedAt = Number.NEGATIVE_INFINITY;
      else if (state && index <= reached) state.askedAt = now;
      given.delete(webhookId);
    }
    for (const webhookId of given.keys()) {
      const state = this.#states.get(webhookId);
      if (state) state.askedAt = cut || !drained(webhookId, state) ? now : Number.NEGATIVE_INFINITY;
    }
  }

  /** Projects whose waiting work need not be looked for: they have their share. */
  get served(): string[] {
    return served(this.#turns(), this.#options.concurrency);
  }

  /** Webhooks with work that were found; they are looked at before the round comes to them. */
  found(waiting: readonly WaitingWebhook[]): void {
    this.#found.clear();
    for (const { webhookId, projectId } of waiting) {
      const state = this.#states.get(webhookId);
      if (state) state.askedAt = this.#options.now();
      else this.#found.set(webhookId, projectId);
    }
  }

  /** How many more deliveries of those that have yet to show that they answer quickly may be claimed. */
  #unprovenLimits(): Pick<ClaimRequest, "suspectLimit" | "unprovenLimit"> {
    const held = { proven: 0, untried: 0, suspect: 0 };
    for (const { trust, inFlight, slow } of this.#states.values()) held[trust] += inFlight - slow;
    return {
      suspectLimit: Math.max(0, this.#suspectSlots - held.suspect),
      unprovenLimit: Math.max(0, this.#unprovenSlots - held.suspect - held.untried),
    };
  }

  /** It had more due than it was given when it was last looked at. */
  #asks(state: State): boolean {
    return state.askedAt > this.#options.now() - ASKS_MS;
  }

  /**
   * What a claim may take at most of one webhook that has more due, or a round among many busy ones would last as long as
   * all that each may have under way. What a round may give goes by the pace of the last moments, since many from one
   * webhook cost less than a few from each; at least as much as makes claims full, each of which comes to a part of the
   * webhooks only.
   */
  #evenPart(limit: number): number {
    const rooms: number[] = [];
    for (const [webhookId, state] of this.#states)
      if (state.trust !== "suspect" && this.#asks(state)) rooms.push(this.#roomOf(webhookId, state));
    const claims = Math.ceil(this.#states.size / WEBHOOKS_PER_CLAIM);
    return evenPart(rooms, Math.max(limit * claims, Math.floor(this.#perMs() * ROUND_MS)));
  }

  /** Quick successes per millisecond, lately; Infinity before that is known. */
  #perMs(): number {
    const now = this.#options.now();
    const ms = now - this.#pace.since;
    if (ms >= ROUND_MS) this.#pace = { since: now, ended: 0, perMs: this.#pace.ended / ms };
    return this.#pace.perMs;
  }

  #takeFirst(limit: number): string[] {
    this.#claims += 1;
    if (this.#claims % ROUND_EVERY === 0) return [];
    const first = firstInTurn(this.#turns(), this.#options.concurrency, limit).slice(0, MOST_FIRST);
    for (const webhookId of first) {
      this.#found.delete(webhookId);
      const state = this.#states.get(webhookId);
      if (state) this.#touch(webhookId, state);
    }
    return first;
  }

  *#turns(): Generator<Turn> {
    for (const [webhookId, state] of this.#states) {
      const { projectId, inFlight, slow } = state;
      const held = inFlight - slow;
      const asks = this.#asks(state);
      if (held > 0 || asks) yield { webhookId, projectId, held, asks, room: asks ? this.#roomOf(webhookId, state) : 0 };
    }
    for (const [webhookId, projectId] of this.#found)
      yield { webhookId, projectId, held: 0, asks: true, room: INITIAL_LIMIT };
  }

  /** Milliseconds until a limit that is used up now gives room again; Infinity when none is. */
  nextRoomMs(): number {
    const now = this.#options.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [webhookId, state] of this.#states) {
      const rate = this.#refill(webhookId, state);
      if (rate !== null && state.tokens < 1) next = Math.min(next, ((1 - state.tokens) / rate) * 1_000);
      if (state.pausedUntil > now) next = Math.min(next, state.pausedUntil - now);
    }
    return Math.max(next, 1);
  }

  start(delivery: ClaimedDelivery): Ticket {
    const state = this.#stateOf(delivery);
    state.inFlight += 1;
    if (state.rateLimit !== null) state.tokens -= 1;
    this.#fast += 1;
    return { webhookId: delivery.webhookId, slow: false, startedAt: this.#options.now() };
  }

  /** The request takes long: from here on it holds no slot, as far as there is room for slow ones. */
  markSlow(ticket: Ticket): void {
    const state = this.#states.get(ticket.webhookId);
    if (!state || ticket.slow) return;
    state.trust = "suspect";
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
      state.trust = "suspect";
    } else if (verdict === "ok" && now - ticket.startedAt < SLOW_MS) {
      state.limit = Math.min(Math.max(1, this.#capOf(ticket.webhookId, state)), state.limit + 1);
      state.trust = "proven";
      this.#pace.ended += 1;
    }
  }

  /** Requests at once to a webhook that is not known. */
  get #initialRoom(): number {
    return Math.min(INITIAL_LIMIT, this.#options.perWebhook);
  }

  #stateOf(delivery: ClaimedDelivery): State {
    const { webhookId, projectId, maxInFlight, rateLimit, isProbing } = delivery;
    const found = this.#states.get(webhookId);
    const now = this.#options.now();
    const state: State = found ?? {
      projectId,
      inFlight: 0,
      slow: 0,
      limit: this.#initialRoom,
      maxInFlight,
      rateLimit: null,
      tokens: 0,
      refilledAt: now,
      offered: this.#initialRoom,
      askedAt: Number.NEGATIVE_INFINITY,
      trust: delivery.isFailing ? "suspect" : "untried",
      pausedUntil: 0,
    };
    if (rateLimit !== null && state.rateLimit === null) {
      state.tokens = smallestShare(rateLimit, webhookId, this.#places);
      state.refilledAt = now;
    }
    Object.assign(state, { maxInFlight, rateLimit });
    if (isProbing) state.limit = 1;
    this.#found.delete(webhookId);
    this.#touch(webhookId, state);
    if (!found && this.#states.size > REMEMBERED) this.#forgetOne();
    return state;
  }

  /** Keeps the map in the order of use. */
  #touch(webhookId: string, state: State): void {
    this.#states.delete(webhookId);
    this.#states.set(webhookId, state);
  }

  /** Requests at once that this process may have under way at the webhook; 0 where the limit is less than the workers. */
  #capOf(webhookId: string, { maxInFlight }: State): number {
    return maxInFlight === null ? this.#options.perWebhook : smallestShare(maxInFlight, webhookId, this.#places);
  }

  #roomOf(webhookId: string, state: State): number {
    if (state.pausedUntil > this.#options.now()) return 0;
    const tokens = this.#refill(webhookId, state) === null ? Number.POSITIVE_INFINITY : Math.floor(state.tokens);
    return Math.max(0, Math.min(Math.min(state.limit, this.#capOf(webhookId, state)) - state.inFlight, tokens));
  }

  /** @returns this process's share of the rate limit, in requests per second; null without one */
  #refill(webhookId: string, state: State): number | null {
    if (state.rateLimit === null) return null;
    const rate = smallestShare(state.rateLimit, webhookId, this.#places);
    const now = this.#options.now();
    const gained = ((now - state.refilledAt) / 1_000) * rate;
    state.tokens = Math.min(rate, state.tokens + gained);
    state.refilledAt = now;
    return rate;
  }

  #forgetOne(): void {
    const now = this.#options.now();
    for (const [webhookId, state] of this.#states) {
      if (state.inFlight > 0 || state.pausedUntil > now) continue;
      const rate = this.#refill(webhookId, state);
      if (rate !== null && state.tokens < rate) continue;
      this.#states.delete(webhookId);
      return;
    }
  }
}
