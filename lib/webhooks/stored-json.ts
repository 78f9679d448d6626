import { retrySchema } from "@/lib/contracts/webhooks";
import { memoize } from "@/lib/memoize";

/** Texts that are kept parsed, of each kind; a filter has at most PAYLOAD_FILTER_LIMITS.bytes, a schedule less. */
const KEPT = 1000;

/**
 * Reads what the database keeps as JSON text, each text once: emitting to a hundred webhooks, or claiming as many
 * deliveries, would otherwise check a
 * hundred times the same schedule. The same text gives the same object, so it must not be changed.
 * @throws whatever `parse` throws, for a text that could not have been stored
 */
export function storedJson<T>(parse: (value: unknown) => T): (json: string) => T {
  return memoize(KEPT, (json) => parse(JSON.parse(json)));
}

/** The schedule of retries, as webhooks hold it. */
export const storedRetry = storedJson((value) => retrySchema.parse(value));
