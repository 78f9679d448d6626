import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { announceDeliveries } from "@/lib/live/channel";
import { log } from "@/lib/log";
import type { GuardedClient } from "@/lib/net/guarded-request";
import { attempt, verdictOf } from "@/lib/queue/attempt";
import { type ClaimedDelivery, claimDue } from "@/lib/queue/claim";
import { HealthMonitor } from "@/lib/queue/health-monitor";
import { LongRequests } from "@/lib/queue/long-requests";
import { lookAhead } from "@/lib/queue/look-ahead";
import { OwnTrouble } from "@/lib/queue/own-trouble";
import type { Settlement } from "@/lib/queue/settle";
import { Settler } from "@/lib/queue/settler";
import type { Place } from "@/lib/queue/share";
import { StatRecorder } from "@/lib/queue/stat-recorder";
import { SLOW_MS, Throttle, type Ticket } from "@/lib/queue/throttle";

/** Milliseconds between looks at the table while work is under way, and while there is none. */
const BUSY_POLL_MS = 25;
const IDLE_POLL_MS = 250;

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
  readonly #requests = new Set<Promise<void>>();
  readonly #long: LongRequests<UnderWay>;
  readonly #abortRequests = new AbortController();
  #cursor = "";
  #looked = { cursor: "", at: Number.NEGATIVE_INFINITY };
  /** The last claim took all it might, so more is due than there is room for. */
  #crowded = false;
  #wake: () => void = () => {};
  #woken = false;

  constructor(options: PumpOptions) {
    this.#options = options;
    this.#throttle = new Throttle(options);
    this.#stats = new StatRecorder(options.pool);
    this.#settler = new Settler(options.pool, {
      onSettled: (settlement) => {
        this.#stats.record(settlement);
        this.#trouble.record(settlement);
        if (!settlement.isForgedTest) this.#health.record(settlement);
      },
      onWritten: () => this.wake(),
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

  /** Where this worker stands among the live ones; they share the limits of webhooks. */
  set place(place: Place) {
    this.#throttle.place = place;
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

  /** Runs until the signal, then lets what is under way finish. Never rejects because of the database. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.wake(), { once: true });
    const flushing = this.#flushUntil(signal);
    while (!signal.aborted) {
      this.#woken = false;
      const more = await this.#claimAndStart();
      if (!more && !signal.aborted) await this.#waitForWork();
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

  /** @returns whether to claim again at once. */
  async #claimAndStart(): Promise<boolean> {
    const { pool } = this.#options;
    // While results cannot be written, more of them would only pile up in memory.
    if (this.#settler.waiting > MOST_UNSETTLED) return false;
    if (this.#requests.size > 0 && this.#throttle.room < GATHER.slots) await sleep(GATHER.ms);
    const limit = Math.min(CLAIM_LIMIT, this.#throttle.room);
    if (limit <= 0) return false;
    try {
      if (this.#crowded) await this.#lookAhead();
      const from = this.#cursor;
      const request = this.#throttle.request(limit, from);
      const { deliveries, next } = await claimDue(pool, request);
      this.#cursor = next ?? "";
      this.#crowded = deliveries.length >= limit;
      for (const delivery of deliveries) this.#start(delivery);
      this.#throttle.learn(request, deliveries);
      // A round that began in the middle has yet to look at the webhooks before its start.
      return next !== null || from !== "";
    } catch (err) {
      log.warn({ err }, "claim failed");
      await sleep(FAILED_CLAIM_MS);
      return false;
    }
  }

  /** Not beside the claim, which would take a connection more. */
  async #lookAhead(): Promise<void> {
    const now = performance.now();
    if (now - this.#looked.at < LOOK_MS) return;
    const { waiting, next } = await lookAhead(this.#options.pool, this.#looked.cursor, this.#throttle.served);
    this.#throttle.found(waiting);
    this.#looked = { cursor: next, at: now };
  }

  #start(delivery: ClaimedDelivery): void {
    const request = this.#send(delivery).finally(() => {
      this.#requests.delete(request);
      this.wake();
    });
    this.#requests.add(request);
  }

  async #send(delivery: ClaimedDelivery): Promise<void> {
    const ticket = this.#throttle.start(delivery);
    const underWay: UnderWay = { startedAt: performance.now(), delivery, ticket };
    this.#long.add(underWay);
    let result: Settlement | undefined;
    try {
      result = await attempt(delivery, this.#options.client, this.#abortRequests.signal);
      // Not awaited: the request is over, so its place is free for the next.
      this.#settler.add(result);
    } catch (err) {
      // Nothing was settled: the lease runs out and the delivery is sent again.
      log.error({ err, delivery_id: delivery.id }, "attempt crashed");
    } finally {
      this.#long.delete(underWay);
      this.#throttle.end(ticket, result ? verdictOf(result) : null, pauseOf(delivery, result));
    }
  }

  async #waitForWork(): Promise<void> {
    if (this.#woken) return;
    const poll = this.#requests.size > 0 ? BUSY_POLL_MS : IDLE_POLL_MS;
    const ms = Math.min(poll, this.#throttle.nextRoomMs());
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }

  async #drain(): Promise<void> {
    const deadline = setTimeout(() => this.#abortRequests.abort(), DRAIN_MS);
    while (this.#requests.size > 0) await Promise.all(this.#requests);
    clearTimeout(deadline);
    await this.#settler.drain();
  }
}

/** A probe that failed ends the probing until the next is due, which the database says after the next flush. */
function pauseOf(delivery: ClaimedDelivery, result: Settlement | undefined): number {
  if (!result || result.outcome.kind === "delivered") return 0;
  return delivery.isProbing ? FLUSH_MS * 2 : result.pauseMs;
}
