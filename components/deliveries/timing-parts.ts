export type TimingName = "dns" | "connect" | "tls" | "wait" | "body";

export type TimingPart = {
  name: TimingName;
  /** Milliseconds from the start of the request to the start of the part. */
  start: number;
  /** Milliseconds it took. */
  length: number;
};

export type Timings = {
  parts: TimingPart[];
  /** The whole exchange in ms. */
  total: number;
  /** From the start to the head of the answer, in ms; null when no answer came. */
  firstByte: number | null;
  /** How long the attempt was due before a worker took it, in ms; null when not recorded. */
  queued: number | null;
  /** A kept-alive connection was used: nothing was looked up or opened. */
  reused: boolean;
  /** The part in which the attempt failed; null when an answer came, or when nothing was sent at all. */
  failedIn: TimingName | null;
};

export type RecordedAttempt = {
  timings: Readonly<Record<string, number>>;
  latency_ms: number;
  error_code: string | null;
  remote_address: string | null;
};

/**
 * Where the time of an attempt went, one part after the other, from the recorded milliseconds: look-up, connection and
 * TLS are lengths, `first_byte_ms` and `total_ms` count from the start. What was not recorded has no part. Where no
 * connection came about, the part that failed takes all the time that is left.
 */
export function timingParts({ timings, latency_ms, error_code, remote_address }: RecordedAttempt): Timings {
  const total = Math.max(timings.total_ms ?? latency_ms, 0);
  const firstByte = timings.first_byte_ms ?? null;
  const failedIn = failedPart(error_code, timings);
  const parts: TimingPart[] = [];
  let at = 0;
  const add = (name: TimingName, length: number) => {
    // Rounding of the single figures must not push a part beyond the whole.
    const fitting = Math.min(name === failedIn ? Math.max(total - at, length) : length, Math.max(total - at, 0));
    if (fitting > 0) parts.push({ name, start: at, length: fitting });
    at += Math.max(fitting, 0);
  };
  add("dns", timings.dns_ms ?? 0);
  add("connect", timings.connect_ms ?? 0);
  add("tls", timings.tls_ms ?? 0);
  add("wait", (firstByte ?? total) - at);
  if (firstByte !== null) add("body", total - at);
  return {
    parts,
    total,
    firstByte,
    queued: timings.queue_ms ?? null,
    reused: timings.connect_ms === undefined && (firstByte !== null || remote_address !== null),
    failedIn,
  };
}

function failedPart(errorCode: string | null, timings: Readonly<Record<string, number>>): TimingName | null {
  switch (errorCode) {
    case "dns_failed":
      return "dns";
    case "connect_failed":
    case "connect_timeout":
      return timings.tls_ms === undefined ? "connect" : "tls";
    case "tls_failed":
      // Some receivers end the encryption only when they see the request.
      return timings.connect_ms === undefined ? "wait" : "tls";
    case "timeout":
    case "connection_reset":
    case "protocol_error":
    case "shutdown":
      return "wait";
    default:
      return null;
  }
}

export type Scale = {
  /** Where a part begins and how wide it is, in percent of the whole width. */
  place: (start: number, length: number) => { left: number; width: number };
  /** The wait before the request in percent; null when there was none. */
  queue: { width: number; broken: boolean } | null;
};

/** A wait longer than the exchange itself is cut to this share of the width, visibly. */
const BROKEN_SHARE = 0.25;

/** One axis for the wait in the queue and the exchange after it; milliseconds to percent. */
export function timingScale({ total, queued }: Pick<Timings, "total" | "queued">): Scale {
  const wait = queued ?? 0;
  const broken = wait > total && total > 0;
  const drawn = broken ? (total * BROKEN_SHARE) / (1 - BROKEN_SHARE) : wait;
  const width = Math.max(drawn + total, Number.MIN_VALUE);
  const percent = (ms: number) => (ms / width) * 100;
  return {
    place: (start, length) => ({ left: percent(drawn + start), width: percent(length) }),
    queue: wait > 0 ? { width: percent(drawn), broken } : null,
  };
}
