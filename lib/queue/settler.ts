import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { announceDeliveries } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { LEASE_MS } from "@/lib/queue/claim";
import { type Settlement, settle } from "@/lib/queue/settle";

const LARGEST_BATCH = 256;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;

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
 * is dropped, for the delivery is then due again anyway.
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

  async #settle(batch: Settlement[]): Promise<void> {
    const settled = await settle(this.#pool, batch);
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
