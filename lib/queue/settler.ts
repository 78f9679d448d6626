import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { sqlState } from "@/lib/db/errors";
import { announceDeliveries } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { LEASE_MS } from "@/lib/queue/claim";
import { type Settlement, settle } from "@/lib/queue/settle";

const LARGEST_BATCH = 256;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;

/** SQLSTATE classes of a refusal for what a row holds, which trying again cannot change: data, integrity. */
const REFUSED_STATES = /^2[23]/;

type Waiting = { settlement: Settlement; addedAt: number };

export type SettlerEvents = {
  /** For each settlement that was written. */
  onSettled: (settlement: Settlement) => void;
  /** Whenever fewer wait than before. */
  onWritten: () => void;
};

/**
 * Collects settlements and writes them in batches: what arrives while one batch is being written makes the next. While
 * the database is away, results wait in memory and are written when it is back; one whose lease has run out meanwhile
 * is dropped, for the delivery is then due again anyway. What PostgreSQL refuses to store is written without what came
 * over the network, so that one result cannot hold up the others.
 */
export class Settler {
  readonly #pool: Pool;
  readonly #events: SettlerEvents;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(pool: Pool, events: SettlerEvents) {
    this.#pool = pool;
    this.#events = events;
  }

  /** Settlements that are not written yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when everything added so far was written or dropped. */
  async drain(): Promise<void> {
    await this.#writing;
  }

  add(settlement: Settlement): void {
    this.#waiting.push({ settlement, addedAt: performance.now() });
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    let backoff = FIRST_BACKOFF_MS;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, LARGEST_BATCH);
      try {
        await this.#settle(batch.map((entry) => entry.settlement));
        this.#remove(batch);
        backoff = FIRST_BACKOFF_MS;
      } catch (err) {
        log.warn({ err, waiting: this.#waiting.length }, "settling failed; trying again");
        this.#remove(batch.filter((entry) => performance.now() - entry.addedAt > LEASE_MS));
        await sleep(backoff);
        backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
      }
    }
    this.#writing = undefined;
  }

  /** Halves a batch that is refused until what is refused is alone. @throws Error of the database, when it is away */
  async #settle(batch: Settlement[]): Promise<void> {
    try {
      this.#report(batch, await settle(this.#pool, batch));
    } catch (err) {
      if (!isRefusal(err)) throw err;
      const [first] = batch;
      if (batch.length === 1 && first) return this.#settleBare(first, err);
      const half = batch.length >> 1;
      await this.#settle(batch.slice(0, half));
      await this.#settle(batch.slice(half));
    }
  }

  /** A result that PostgreSQL refuses even so is left to its lease: the delivery is sent again when that runs out. */
  async #settleBare(settlement: Settlement, reason: unknown): Promise<void> {
    const about = { delivery_id: settlement.deliveryId };
    log.error({ ...about, err: reason }, "an attempt could not be stored; its answer is left out");
    try {
      const bare = withoutAnswer(settlement);
      this.#report([bare], await settle(this.#pool, [bare]));
    } catch (err) {
      if (!isRefusal(err)) throw err;
      log.error({ ...about, err }, "an attempt could not be stored at all; the delivery will be sent again");
    }
  }

  #report(batch: Settlement[], settled: ReadonlySet<string>): void {
    for (const settlement of batch) {
      const { deliveryId, leaseToken, projectId } = settlement;
      if (settled.has(leaseToken)) {
        announceDeliveries(projectId, [deliveryId]);
        this.#events.onSettled(settlement);
      } else {
        log.warn({ delivery_id: deliveryId }, "lease lost before settling; the delivery will be sent again");
      }
    }
  }

  #remove(entries: Waiting[]): void {
    const gone = new Set(entries);
    this.#waiting = this.#waiting.filter((entry) => !gone.has(entry));
    this.#events.onWritten();
  }
}

function isRefusal(err: unknown): boolean {
  return REFUSED_STATES.test(sqlState(err) ?? "");
}

/** The outcome with what we know ourselves; nothing that a receiver or a user wrote. */
function withoutAnswer(settlement: Settlement): Settlement {
  const { attempt, outcome } = settlement;
  return {
    ...settlement,
    attempt: {
      ...attempt,
      errorMessage: outcome.kind === "delivered" ? null : "The attempt failed; its answer could not be stored.",
      timings: {},
      requestHeaders: {},
      responseHeaders: null,
      responseBody: null,
      responseTruncated: attempt.responseBody !== null,
      responseBytes: null,
      remoteAddress: null,
    },
  };
}
