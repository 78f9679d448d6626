import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { announceDeliveries } from "@/lib/live/channel";
import { log } from "@/lib/log";
import type { GuardedClient } from "@/lib/net/guarded-request";
import { attempt } from "@/lib/queue/attempt";
import { type ClaimedDelivery, claimDue } from "@/lib/queue/claim";
import { Settler } from "@/lib/queue/settler";

/** Milliseconds between looks at the table while work is under way, and while there is none. */
const BUSY_POLL_MS = 25;
const IDLE_POLL_MS = 250;

/** Wait after a failed claim, so that a database that is down is not hammered. */
const FAILED_CLAIM_MS = 500;

/** Rows of one claim; larger ones hold the statement up without raising the throughput. */
const CLAIM_LIMIT = 128;

/** Results that may wait to be written before no more deliveries are claimed. */
const MOST_UNSETTLED = 1_024;

/** On shutdown, how long requests under way may finish before they are aborted and go back to the queue. */
const DRAIN_MS = 5_000;

/** An attempt that takes longer than this is shown as under way. */
const SHOW_UNDER_WAY_MS = 300;

export type PumpOptions = {
  pool: Pool;
  client: GuardedClient;
  /** Requests under way at once, in all and to one webhook. */
  concurrency: number;
  perWebhook: number;
};

/**
 * The way out: claims due deliveries, sends them, settles what became of them. At most `concurrency` requests are under
 * way, and a claim asks only for as many as there is room for, so memory stays bounded whatever the backlog.
 */
export class Pump {
  readonly #options: PumpOptions;
  readonly #settler: Settler;
  /** Webhook id → requests under way. */
  readonly #inFlight = new Map<string, number>();
  readonly #requests = new Set<Promise<void>>();
  readonly #abortRequests = new AbortController();
  #cursor = "";
  #wake: () => void = () => {};
  #woken = false;

  constructor(options: PumpOptions) {
    this.#options = options;
    this.#settler = new Settler(options.pool);
  }

  /** Looks at the table again without waiting for the next poll. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Runs until the signal, then lets what is under way finish. Never rejects because of the database. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.wake(), { once: true });
    while (!signal.aborted) {
      this.#woken = false;
      const more = await this.#claimAndStart();
      if (!more && !signal.aborted) await this.#waitForWork();
    }
    await this.#drain();
  }

  /** @returns whether to claim again at once. */
  async #claimAndStart(): Promise<boolean> {
    const { pool, concurrency, perWebhook } = this.#options;
    // While results cannot be written, more of them would only pile up in memory.
    if (this.#settler.waiting > MOST_UNSETTLED) return false;
    const limit = Math.min(CLAIM_LIMIT, concurrency - this.#requests.size);
    if (limit <= 0) return false;
    try {
      const from = this.#cursor;
      const { deliveries, next } = await claimDue(pool, { limit, perWebhook, inFlight: this.#inFlight, after: from });
      this.#cursor = next ?? "";
      for (const delivery of deliveries) this.#start(delivery);
      // A round that began in the middle has yet to look at the webhooks before its start.
      return next !== null || from !== "";
    } catch (err) {
      log.warn({ err }, "claim failed");
      await sleep(FAILED_CLAIM_MS);
      return false;
    }
  }

  #start(delivery: ClaimedDelivery): void {
    const { webhookId } = delivery;
    this.#inFlight.set(webhookId, (this.#inFlight.get(webhookId) ?? 0) + 1);
    const request = this.#send(delivery).finally(() => {
      const left = (this.#inFlight.get(webhookId) ?? 1) - 1;
      if (left > 0) this.#inFlight.set(webhookId, left);
      else this.#inFlight.delete(webhookId);
      this.#requests.delete(request);
      this.wake();
    });
    this.#requests.add(request);
  }

  async #send(delivery: ClaimedDelivery): Promise<void> {
    const underWay = setTimeout(() => announceDeliveries(delivery.projectId, [delivery.id]), SHOW_UNDER_WAY_MS);
    try {
      const result = await attempt(delivery, this.#options.client, this.#abortRequests.signal);
      // Not awaited: the request is over, so its place is free for the next.
      void this.#settler.add(result).then(() => this.wake());
    } catch (err) {
      // Nothing was settled: the lease runs out and the delivery is sent again.
      log.error({ err, delivery_id: delivery.id }, "attempt crashed");
    } finally {
      clearTimeout(underWay);
    }
  }

  async #waitForWork(): Promise<void> {
    if (this.#woken) return;
    const ms = this.#requests.size > 0 ? BUSY_POLL_MS : IDLE_POLL_MS;
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
