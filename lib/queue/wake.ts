import { z } from "zod";
import { notify } from "@/lib/db/pool";
import { log } from "@/lib/log";

/** PostgreSQL channel on which workers hear that something is due. */
export const DUE_CHANNEL = "dumont_due";

/** A process notifies at most this often. */
const COALESCE_MS = 5;

/** Deliveries that one notification names; where there are more, looking for them costs less. */
export const MOST_NAMED = 32;

/** A delivery that is due and belongs to no lane. */
export type NamedDelivery = { id: string; webhookId: string };

const payloadSchema = z.array(z.tuple([z.string(), z.string()])).max(MOST_NAMED);

let lastAt = Number.NEGATIVE_INFINITY;
let scheduled = false;
/** What the next notification names; null when the workers are to look. */
let named: NamedDelivery[] | null = [];

/**
 * Tells the workers that deliveries are due: at once, unless that was done a moment ago; then once more at the end of
 * the moment. Losing the message costs at most one idle poll, so errors are only logged: the operation that emitted must
 * not fail by it.
 * @param deliveries all that have become due, if they are known and none of them has a lane; without them the workers
 *   look for themselves
 */
export function wakeWorkers(deliveries?: readonly NamedDelivery[]): void {
  named = named && deliveries && named.length + deliveries.length <= MOST_NAMED ? [...named, ...deliveries] : null;
  if (scheduled) return;
  const waitMs = lastAt + COALESCE_MS - performance.now();
  if (waitMs <= 0) {
    send();
    return;
  }
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    send();
  }, waitMs).unref();
}

/**
 * For a transaction that stores deliveries: the notification that it may send itself, which then arrives a round trip
 * sooner. PostgreSQL commits transactions that notify one after the other, so under load all but few must not, or half of
 * the commits of a second would be lost to it.
 * @returns null while the last notification is too recent, or more deliveries are due than one can name
 */
export function ownNotification(deliveries: readonly NamedDelivery[]): string | null {
  if (scheduled || deliveries.length === 0 || deliveries.length > MOST_NAMED) return null;
  if (performance.now() < lastAt + COALESCE_MS) return null;
  lastAt = performance.now();
  return payloadOf(deliveries);
}

/** @returns the deliveries that a notification names; null when it says to look, or is none of ours */
export function parseDue(payload: string): NamedDelivery[] | null {
  try {
    return payloadSchema.parse(JSON.parse(payload)).map(([id, webhookId]) => ({ id, webhookId }));
  } catch {
    return null;
  }
}

function send(): void {
  lastAt = performance.now();
  const payload = named ? payloadOf(named) : "";
  named = [];
  notify(DUE_CHANNEL, payload).catch((err: unknown) => log.warn({ err }, "workers could not be woken"));
}

function payloadOf(deliveries: readonly NamedDelivery[]): string {
  return JSON.stringify(deliveries.map(({ id, webhookId }) => [id, webhookId]));
}
