const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** When a failing webhook is warned of, reduced to probes, and disabled. Failures are attempts since the last success. */
export const HEALTH_THRESHOLDS = {
  warning: { failures: 10, orFailures: 3, orForMs: HOUR_MS },
  probing: { failures: 50, forMs: 10 * MINUTE_MS },
  disabled: { forMs: 5 * DAY_MS },
} as const;

/** Time between two probes: a quarter of the time spent probing, within these bounds. */
const PROBE_INTERVAL = { shortestMs: 30 * SECOND_MS, longestMs: 15 * MINUTE_MS } as const;

/** The longest wait that a receiver can ask for with Retry-After; beyond it we try all the same. */
export const RETRY_AFTER_CAP_MS = 6 * HOUR_MS;

export type Health = "healthy" | "warning" | "probing";

export type Condition = {
  health: Health;
  healthSince: Date;
  failingSince: Date | null;
  consecutiveFailures: number;
};

/** What attempts showed since the last look, in their order: perhaps a success, then failures. */
export type Observation = {
  succeeded: boolean;
  /** Failures after that success, or since the last look when there was none. */
  failures: number;
  firstFailureAt: Date | null;
  /** It answered 410 Gone. */
  gone: boolean;
};

export type Transition = "warning" | "probing" | "recovered" | "gone" | "failing";

/**
 * What becomes of a webhook's condition. A success makes it healthy at once, whatever was before; failures make it go
 * one stage on at most each time, so that each stage is announced. A webhook in warning with too few failures for probing
 * is disabled from there once it has failed for long enough.
 */
export function advance(
  before: Condition,
  seen: Observation,
  now: Date,
): { condition: Condition; transition: Transition | null } {
  const start: Condition =
    seen.succeeded || before.consecutiveFailures === 0
      ? { ...before, failingSince: null, consecutiveFailures: 0, ...(seen.succeeded && healthy(before, now)) }
      : before;
  const recovered = seen.succeeded && before.health !== "healthy";
  const condition: Condition = {
    ...start,
    consecutiveFailures: start.consecutiveFailures + seen.failures,
    failingSince: seen.failures > 0 ? (start.failingSince ?? seen.firstFailureAt ?? now) : start.failingSince,
  };
  if (seen.gone) return { condition, transition: "gone" };
  if (recovered) return { condition, transition: "recovered" };
  const next = nextStage(condition, now);
  if (next === null) return { condition, transition: null };
  if (next === "failing") return { condition, transition: "failing" };
  return { condition: { ...condition, health: next, healthSince: now }, transition: next };
}

/** Milliseconds until the next probe of a webhook that is probing since then. */
export function probeIntervalMs(probingSince: Date, now: Date): number {
  const spent = now.getTime() - probingSince.getTime();
  return Math.min(Math.max(spent / 4, PROBE_INTERVAL.shortestMs), PROBE_INTERVAL.longestMs);
}

function healthy(before: Condition, now: Date): Pick<Condition, "health" | "healthSince"> {
  return { health: "healthy", healthSince: before.health === "healthy" ? before.healthSince : now };
}

function nextStage({ health, failingSince, consecutiveFailures }: Condition, now: Date) {
  if (failingSince === null) return null;
  const failingMs = now.getTime() - failingSince.getTime();
  const { warning, probing, disabled } = HEALTH_THRESHOLDS;
  switch (health) {
    case "healthy":
      return consecutiveFailures >= warning.failures ||
        (consecutiveFailures >= warning.orFailures && failingMs >= warning.orForMs)
        ? "warning"
        : null;
    case "warning":
      return consecutiveFailures >= probing.failures && failingMs >= probing.forMs
        ? "probing"
        : failingMs >= disabled.forMs
          ? "failing"
          : null;
    case "probing":
      return failingMs >= disabled.forMs ? "failing" : null;
  }
}

/**
 * Milliseconds that a Retry-After header asks to wait, capped; null when it is absent or makes no sense. Seconds or an
 * HTTP date (RFC 9110, section 10.2.3).
 */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  const text = header?.trim();
  if (!text) return null;
  if (/^\d+$/.test(text)) return Math.min(Number(text) * SECOND_MS, RETRY_AFTER_CAP_MS);
  // Only the form that RFC 9110 asks senders to write; Date.parse alone would take "1" or "tomorrow 5" for dates.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now.getTime(), 0), RETRY_AFTER_CAP_MS);
}
