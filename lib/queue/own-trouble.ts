import { log } from "@/lib/log";
import type { Settlement } from "@/lib/queue/settle";

/** Trouble of which nothing was seen for this long, in ms, is over: longer than any released delivery waits. */
const OVER_MS = 120_000;

type Trouble = { message: string; seenAt: number };

/**
 * What keeps this worker from sending, by the deliveries that it had to give back. Each kind of trouble is logged once
 * when it begins and once when it is over, however many deliveries it touches.
 */
export class OwnTrouble {
  readonly #current = new Map<string, Trouble>();

  /** Takes note of a delivery that was given back; of no other. */
  record({ outcome, attempt, webhookId }: Settlement, now: number = Date.now()): void {
    const { errorCode, errorMessage } = attempt;
    if (outcome.kind !== "released" || errorCode === null) return;
    const message = errorMessage ?? errorCode;
    if (!this.#current.has(errorCode)) {
      log.warn(
        { trouble: errorCode, webhook_id: webhookId },
        `deliveries are given back, for a reason on our side: ${message}`,
      );
    }
    this.#current.set(errorCode, { message, seenAt: now });
  }

  /** For the operator, in a line; null when nothing is wrong. */
  describe(now: number = Date.now()): string | null {
    for (const [code, { seenAt }] of this.#current) {
      if (now - seenAt <= OVER_MS) continue;
      this.#current.delete(code);
      log.info({ trouble: code }, "deliveries are no longer given back for it");
    }
    return [...this.#current.values()].map(({ message }) => message).join(" ") || null;
  }
}
