import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { announceDeliveries } from "@/lib/live/channel";
import { log } from "@/lib/log";
import type { GuardedClient } from "@/lib/net/guarded-request";
import { ATTEMPT_DEADLINE_MS, attempt, notSent, verdictOf } from "@/lib/queue/attempt";
import { type ClaimedDelivery, claimDue, LEASE_MS } from "@/lib/queue/claim";
import { claimNamed } from "@/lib/queue/claim-named";
import type { HandedOver } from "@/lib/queue/hand-over";
import { HealthMonitor } from "@/lib/queue/health-monitor";
import { LongRequests } from "@/lib/queue/long-requests";
import { lookAhead } from "@/lib/queue/look-ahead";
import { OwnTrouble } from "@/lib/queue/own-trouble";
import type { Settlement } from "@/lib/queue/settle";
import { Settler } from "@/lib/queue/settler";
import type { Place } from "@/lib/queue/share";
import { StatRecorder } from "@/lib/queue/stat-recorder";
import { SLOW_MS, Throttle, type Ticket } from "@/lib/queue/throttle";
import { MOST_NAMED, type NamedDelivery } from "@/lib/queue/wake";

/** Milliseconds between looks at the table that nobody asks for: after one that found something, and after one that did not. */
const BUSY_POLL_MS = 25;
const IDLE_POLL_MS = 500;

/** Wait after a failed claim, so that a database that is down is not hammered. */
const FAILED_CLAIM_MS = 500;

/** Rows of one claim; larger ones hold the statement up without raising the throughput. */
const CLAIM_LIMIT = 256;

/** While requests are under way, slots are gathered up to this many or this long: a claim costs much the same for one. */
const GATHER = { slots: 96, ms: 5 } as const;

/** While claims are full: how often it is looked for projects whose webhooks the round has not come to. */
const LOOK_MS = 500;

/** Results that may wait to be written before no more deliveries are claimed. */
const MOST_UNSETTLED = 1_024;

/** On shutdown, how long requests under way may finish before they are aborted and go back to the queue. */
const DRAIN_MS = 5_000;

/** How long ago deliveries may have been leased that are handed over, so that an attempt and its settlement fit in. */
const FRESH_MS = LEASE_MS - ATTEMPT_DEADLINE_MS - 5_000;

/** An attempt that takes longer than this is shown as under way. */
const SHOW_UNDER_WAY_MS = 300;

/** How often what was observed (statistics, conditions of webhooks) is written. */
const FLUSH_MS = 1_000;

export type PumpOptions = {
  pool: Pool;
  client: GuardedClient;
  /** Requests under way at once, slow ones apart. */
  concurrency: number;
  /** The same to one webhook that has no limit of its own. */
  perWebhook: number;
  /** Where this worker stands among the live ones before it is told; alone unless given. */
  place?: Place;
  /** On shutdown, milliseconds at least in which deliveries that are still handed over are given back; none unless given. */
  lingerMs?: number;
};

type UnderWay = { startedAt: number; delivery: ClaimedDelivery; ticket: Ticket };

/**
 * The way out: claims due deliveries, sends them, settles what became of them. A claim asks only for as many as there is
 * room for, so memory stays bounded whatever the backlog.
 */
export class Pump {
  readonly #options: PumpOptions;
  readonly #settler: Settler;
  readonly #throttle: Throttle;
  readonly #health = new HealthMonitor();
  readonly #trouble = new OwnTrouble();
  readonly #stats: StatRecorder;
  /** How many requests are under way; a number, for the reason that LongRequests tells. */
  #requests = 0;
  #onLastRequest: () => void = () => {};
  readonly #long: LongRequests<UnderWay>;
  readonly #abortRequests = new AbortController();
  #cursor = "";
  #looked = { cursor: "", at: Number.NEGATIVE_INFINITY };
  /** No more is claimed until results are written. */
  #isHeldUp = false;
  /** The last claim took all it might, so more is due than there is room for. */
  #crowded = false;
  #wake: () => void = () => {};
  /** Something asks for a look at the table. */
  #woken = true;
  #nextLookAt = Number.NEGATIVE_INFINITY;
  #pollMs = IDLE_POLL_MS;
  #isEnding = false;
  /** Deliveries that were named and not asked for yet. */
  #named: NamedDelivery[] = [];

  constructor(options: PumpOptions) {
    this.#options = options;
    this.#throttle = new Throttle(options);
    this.#stats = new StatRecorder(options.pool);
    this.#settler = new Settler(options.pool, {
      onSettled: (settlement) => {
        this.#stats.record(settlement);
        this.#trouble.record(settlement);
        if (!settlement.isForgedTest) this.#health.record(settlement);
        if (settlement.isOrdered || isDueAtOnce(settlement)) this.wake();
      },
      onWritten: () => {
        if (this.#isHeldUp) this.wake();
      },
    });
    this.#long = new LongRequests<UnderWay>([
      { afterMs: SHOW_UNDER_WAY_MS, happens: ({ delivery }) => announceDeliveries(delivery.projectId, [delivery.id]) },
      {
        afterMs: SLOW_MS,
        happens: ({ ticket }) => {
          this.#throttle.markSlow(ticket);
          this.wake();
        },
      },
    ]);
  }

  /** Where this worker stands, and stood a moment ago, among the live ones; they share the limits of webhooks. */
  set places(places: readonly [Place, ...Place[]]) {
    this.#throttle.places = places;
  }

  /** What keeps this worker from sending, for the operator; null when nothing does. */
  get trouble(): string | null {
    return this.#trouble.describe();
  }

  /** Looks at the table again without waiting for the next poll. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Deliveries have become due; null when it is not known which. */
  hear(deliveries: readonly NamedDelivery[] | null): void {
    const isFew = deliveries !== null && this.#named.length + deliveries.length <= MOST_NAMED;
    if (isFew && !this.#crowded) this.#named.push(...deliveries);
    else this.#woken = true;
    this.#wake();
  }

  /**
   * Sends deliveries that were leased for this worker as they were stored; those for which there is no room now go back
   * and are claimed in their turn. So do those of a transaction that took long to commit after it had leased them: the
   * lease might end before the attempt does.
   */
  take({ leasedAt, deliveries }: HandedOver): void {
    const isFresh = Date.now() - leasedAt < FRESH_MS;
    const isTaken = isFresh && !this.#crowded && !this.#isEnding && this.#isRoomFor(deliveries);
    for (const delivery of deliveries) {
      if (isTaken) void this.#send(delivery);
      else this.#settler.add(notSent(delivery));
    }
  }

  /** Runs until the signal, then lets what is under way finish. Never rejects because of the database. */
  async run(signal: AbortSignal): Promise<void> {
    const end = () => {
      this.#isEnding = true;
      this.wake();
    };
    signal.addEventListener("abort", end, { once: true });
    const flushing = this.#flushUntil(signal);
    while (!signal.aborted) {
      if (this.#named.length > 0) await this.#startNamed();
      if (this.#woken && !signal.aborted) this.#woken = (await this.#look()) || this.#woken;
      if (!this.#woken && this.#named.length === 0) await this.#waitForWork();
    }
    await this.#drain();
    await flushing;
    await this.#flush();
  }

  async #flushUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(FLUSH_MS, undefined, { signal }).catch(() => {});
      await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    await this.#stats.flush().catch((err: unknown) => log.warn({ err }, "statistics could not be written; kept"));
    await this.#health.flush().catch((err: unknown) => log.warn({ err }, "conditions could not be written; kept"));
  }

  /** Those that were named, if there is room for all of them; what is not got that way is looked for. */
  async #startNamed(): Promise<void> {
    const named = this.#named;
    this.#named = [];
    let got = 0;
    if (this.#isRoomFor(named)) {
      try {
        const deliveries = await claimNamed(
          this.#options.pool,
          named.map(({ id }) => id),
        );
        for (const delivery of deliveries) void this.#send(delivery);
        got = deliveries.length;
      } catch (err) {
        log.warn({ err }, "claim failed");
      }
    }
    if (got < named.length) this.#woken = true;
  }

  #isRoomFor(named: readonly Pick<NamedDelivery, "webhookId">[]): boolean {
    if (this.#settler.waiting > MOST_UNSETTLED) return false;
    const counts = new Map<string, number>();
    for (const { webhookId } of named) counts.set(webhookId, (counts.get(webhookId) ?? 0) + 1);
    return this.#throttle.hasRoomFor(counts);
  }

  /** Claims what is due. @returns whether to look again at once */
  async #look(): Promise<boolean> {
    this.#woken = false;
    this.#pollMs = IDLE_POLL_MS;
    try {
      return await this.#claimAndStart();
    } catch (err) {
      log.warn({ err }, "claim failed");
      await sleep(FAILED_CLAIM_MS);
      return false;
    } finally {
      this.#nextLookAt = performance.now() + this.#pollMs;
    }
  }

  async #claimAndStart(): Promise<boolean> {
    const { pool } = this.#options;
    // While results cannot be written, more of them would only pile up in memory.
    this.#isHeldUp = this.#settler.waiting > MOST_UNSETTLED;
    if (this.#isHeldUp) return false;
    if (this.#requests > 0 && this.#throttle.room < GATHER.slots) await sleep(GATHER.ms);
    const limit = Math.min(CLAIM_LIMIT, this.#throttle.room);
    if (limit <= 0) return false;
    if (this.#crowded || this.#throttle.isUnprovenFull) await this.#lookAhead();
    const from = this.#cursor;
    const request = this.#throttle.request(limit, from);
    const { deliveries, next } = await claimDue(pool, request);
    this.#cursor = next ?? "";
    this.#crowded = deliveries.length >= limit;
    if (deliveries.length > 0) this.#pollMs = BUSY_POLL_MS;
    for (const delivery of deliveries) void this.#send(delivery);
    this.#throttle.learn(request, deliveries);
    // A round that began in the middle has yet to look at the webhooks before its start.
    return next !== null || from !== "";
  }

  /** Not beside the claim, which would take a connection more. */
  async #lookAhead(): Promise<void> {
    const now = performance.now();
    if (now - this.#looked.at < LOOK_MS) return;
    const { waiting, next } = await lookAhead(this.#options.pool, this.#looked.cursor, this.#throttle.served);
    this.#throttle.found(waiting);
    this.#looked = { cursor: next, at: now };
  }

  /** Never rejects. */
  async #send(delivery: ClaimedDelivery): Promise<void> {
    this.#requests += 1;
    const ticket = this.#throttle.start(delivery);
    const place = this.#long.add({ startedAt: performance.now(), delivery, ticket });
    let result: Settlement | undefined;
    try {
      result = await attempt(delivery, this.#options.client, this.#abortRequests.signal);
      // Not awaited: the request is over, so its place is free for the next.
      this.#settler.add(result);
    } catch (err) {
      // Nothing was settled: the lease runs out and the delivery is sent again.
      log.error({ err, delivery_id: delivery.id }, "attempt crashed");
    } finally {
      this.#long.delete(place);
      // A look that finds nothing costs as much as one that finds something, so none is made for nothing.
      const isWantedNow = this.#crowded || this.#throttle.room === 0 || this.#throttle.mayHaveMore(delivery.webhookId);
      this.#throttle.end(ticket, result ? verdictOf(result) : null, pauseOf(delivery, result));
      if (isWantedNow) this.wake();
      this.#requests -= 1;
      if (this.#requests === 0) this.#onLastRequest();
    }
  }

  /** Until it is woken, is told of deliveries, or has not looked for as long as it may. */
  async #waitForWork(): Promise<void> {
    const ms = Math.max(1, Math.min(this.#nextLookAt - performance.now(), this.#throttle.nextRoomMs()));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.wake(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }

  async #drain(): Promise<void> {
    const deadline = setTimeout(() => this.#abortRequests.abort(), DRAIN_MS);
    const lingering = sleep(this.#options.lingerMs ?? 0);
    if (this.#requests > 0)
      await new Promise<void>((resolve) => {
        this.#onLastRequest = resolve;
      });
    clearTimeout(deadline);
    await lingering;
    await this.#settler.drain();
  }
}

function isDueAtOnce({ outcome }: Settlement): boolean {
  return outcome.kind === "released" && outcome.inMs === 0;
}

/** A probe that failed ends the probing until the next is due, which the database says after the next flush. */
function pauseOf(delivery: ClaimedDelivery, result: Settlement | undefined): number {
  if (!result || result.outcome.kind === "delivered") return 0;
  return delivery.isProbing ? FLUSH_MS * 2 : result.pauseMs;
}
