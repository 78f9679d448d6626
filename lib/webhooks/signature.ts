import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Signatures of deliveries, in two schemes over the same bytes:
 *
 * - `webhook-signature`: Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks), symmetric `v1`:
 *   base64 HMAC-SHA256 of `<id>.<timestamp>.<body>`; the key is the base64 after `whsec_`, or the UTF-8 bytes of a
 *   secret of any other form.
 * - `X-Webhook-Signature`: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, the scheme of Stripe; the key is the
 *   UTF-8 bytes of the whole secret, prefix included, as Stripe's library takes it.
 */
export const SECRET_PREFIX = "whsec_";

/** Seconds by which a receiver lets the timestamp differ from its clock; the value that both libraries use. */
export const TOLERANCE_S = 300;

/** 32 random bytes in the form that Standard Webhooks libraries take. */
export function generateSecret(): string {
  return SECRET_PREFIX + randomBytes(32).toString("base64");
}

/**
 * The value of `X-Webhook-Signature`.
 * @param timestamp unix seconds
 */
export function sign(payload: string, secret: string, timestamp: number): string {
  return `t=${timestamp},v1=${hexHmac(payload, secret, timestamp)}`;
}

/** The value of `webhook-signature`. @param timestamp unix seconds */
export function signStandard({ id, timestamp, payload, secret }: StandardMessage): string {
  const mac = createHmac("sha256", standardKey(secret)).update(`${id}.${timestamp}.${payload}`).digest("base64");
  return `v1,${mac}`;
}

export type Verdict = { ok: true } | { ok: false; reason: "malformed" | "stale" | "mismatch" };

/**
 * Checks a value of `X-Webhook-Signature` in constant time.
 * @param now unix seconds; the timestamp may differ from it by TOLERANCE_S either way.
 */
export function verify({
  header,
  payload,
  secret,
  now,
}: {
  header: string;
  payload: string;
  secret: string;
  now: number;
}): Verdict {
  const timestamp = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header)?.[1];
  const candidates = [...header.matchAll(/(?:^|,)v1=([0-9a-f]{64})(?=,|$)/g)].map((match) => match[1] ?? "");
  if (timestamp === undefined || candidates.length === 0) return { ok: false, reason: "malformed" };
  const expected = hexHmac(payload, secret, Number(timestamp));
  if (!candidates.some((candidate) => sameText(candidate, expected))) return { ok: false, reason: "mismatch" };
  return freshness(Number(timestamp), now);
}

/** Checks a value of `webhook-signature`, which may hold several signatures, in constant time. */
export function verifyStandard({
  header,
  now,
  ...message
}: StandardMessage & { header: string; now: number }): Verdict {
  const candidates = header.split(" ").filter((part) => part.startsWith("v1,"));
  if (candidates.length === 0 || !Number.isInteger(message.timestamp)) return { ok: false, reason: "malformed" };
  const expected = signStandard(message);
  if (!candidates.some((candidate) => sameText(candidate, expected))) return { ok: false, reason: "mismatch" };
  return freshness(message.timestamp, now);
}

type StandardMessage = { id: string; timestamp: number; payload: string; secret: string };

function standardKey(secret: string): Buffer {
  return secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), "base64")
    : Buffer.from(secret, "utf8");
}

function hexHmac(payload: string, secret: string, timestamp: number): string {
  return createHmac("sha256", Buffer.from(secret, "utf8")).update(`${timestamp}.${payload}`).digest("hex");
}

/** timingSafeEqual throws on different lengths, which are no secret here. */
function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function freshness(timestamp: number, now: number): Verdict {
  return Math.abs(now - timestamp) <= TOLERANCE_S ? { ok: true } : { ok: false, reason: "stale" };
}
