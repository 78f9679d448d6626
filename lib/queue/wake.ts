import { notify } from "@/lib/db/pool";
import { log } from "@/lib/log";

/** PostgreSQL channel on which workers hear that something is due. */
export const DUE_CHANNEL = "dumont_due";

/** A notification inside a transaction halves the commit rate, so it is sent afterwards and at most this often. */
const COALESCE_MS = 5;

let lastAt = Number.NEGATIVE_INFINITY;
let scheduled = false;

/**
 * Tells the workers to look for due deliveries: at once, unless that was done a moment ago; then once more at the end of
 * the moment. Losing the message costs at most one idle poll, so errors are only logged: the operation that emitted must
 * not fail by it.
 */
export function wakeWorkers(): void {
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

function send(): void {
  lastAt = performance.now();
  notify(DUE_CHANNEL, "").catch((err: unknown) => log.warn({ err }, "workers could not be woken"));
}
