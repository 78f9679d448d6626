export type TimingPart = {
  name: "dns" | "connect" | "tls" | "wait" | "body";
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
};

/**
 * Where the time of an attempt went, one part after the other, from the recorded milliseconds: look-up, connection and
 * TLS are lengths, `first_byte_ms` and `total_ms` count from the start. What was not recorded has no part.
 */
export function timingParts(recorded: Readonly<Record<string, number>>, latencyMs: number): Timings {
  const total = Math.max(recorded.total_ms ?? latencyMs, 0);
  const firstByte = recorded.first_byte_ms ?? null;
  const parts: TimingPart[] = [];
  let at = 0;
  const add = (name: TimingPart["name"], length: number) => {
    // Rounding of the single figures must not push a part beyond the whole.
    const fitting = Math.min(length, Math.max(total - at, 0));
    if (fitting > 0) parts.push({ name, start: at, length: fitting });
    at += Math.max(fitting, 0);
  };
  add("dns", recorded.dns_ms ?? 0);
  add("connect", recorded.connect_ms ?? 0);
  add("tls", recorded.tls_ms ?? 0);
  add("wait", (firstByte ?? total) - at);
  if (firstByte !== null) add("body", total - at);
  return {
    parts,
    total,
    firstByte,
    queued: recorded.queue_ms ?? null,
    reused: firstByte !== null && recorded.connect_ms === undefined,
  };
}
