import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { signEd25519, verifyEd25519 } from "@/lib/webhooks/ed25519";
import { type SigningKey, toSigningKey } from "@/lib/webhooks/signing-key";

/**
 * Signatures of deliveries, in two schemes over the same bytes:
 *
 * - `webhook-signature`: Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks): symmetric `v1`,
 *   base64 HMAC-SHA256 of `<id>.<timestamp>.<body>`, or asymmetric `v1a`, the base64 Ed25519 signature of the same text.
 *   Several, separated by spaces, while a rotation overlaps.
 * - `X-Webhook-Signature`: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, the scheme of Stripe, with one `v1`
 *   for each HMAC secret. An Ed25519 key has no place in it.
 *
 * Which bytes of a secret are the key is told in signing-key.ts.
 */

/** Seconds by which a receiver lets the timestamp differ from its clock; the value that both libraries use. */
export const TOLERANCE_S = 300;

/** A single HMAC secret as text, or all keys that sign at present. */
export type Keys = string | readonly SigningKey[];

/**
 * The value of `X-Webhook-Signature`.
 * @param timestamp unix seconds
 */
export function sign(payload: string, secret: Keys, timestamp: number): string {
  return [`t=${timestamp}`, ...hexMacs(payload, secret, timestamp).map((mac) => `v1=${mac}`)].join(",");
}

/** The value of `webhook-signature`. @param timestamp unix seconds */
export function signStandard({ id, timestamp, payload, secret }: StandardMessage): string {
  const text = `${id}.${timestamp}.${payload}`;
  return toKeys(secret)
    .map((key) =>
      key.signing === "hmac"
        ? `v1,${mac(key.standard, text).toString("base64")}`
        : `v1a,${signEd25519(key.privateKey, text)}`,
    )
    .join(" ");
}

export type Verdict = { ok: true } | { ok: false; reason: "malformed" | "stale" | "mismatch" };

/**
 * Checks a value of `X-Webhook-Signature` in constant time; one signature by one of the secrets is enough.
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
  secret: Keys;
  now: number;
}): Verdict {
  const timestamp = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header)?.[1];
  const candidates = [...header.matchAll(/(?:^|,)v1=([0-9a-f]{64})(?=,|$)/g)].map((match) => match[1] ?? "");
  if (timestamp === undefined || candidates.length === 0) return { ok: false, reason: "malformed" };
  const expected = hexMacs(payload, secret, Number(timestamp));
  if (!expected.some((one) => candidates.some((candidate) => sameText(candidate, one)))) {
    return { ok: false, reason: "mismatch" };
  }
  return freshness(Number(timestamp), now);
}

/** Checks a value of `webhook-signature`, which may hold several signatures, by any of the keys, in constant time. */
export function verifyStandard({
  header,
  now,
  secret,
  ...message
}: StandardMessage & { header: string; now: number }): Verdict {
  const candidates = header.split(" ").filter((part) => /^v1a?,/.test(part));
  if (candidates.length === 0 || !Number.isInteger(message.timestamp)) return { ok: false, reason: "malformed" };
  const text = `${message.id}.${message.timestamp}.${message.payload}`;
  const matches = toKeys(secret).some((key) => {
    if (key.signing === "ed25519") {
      return candidates.some((part) => part.startsWith("v1a,") && verifyEd25519(key.publicKey, text, part.slice(4)));
    }
    const expected = `v1,${mac(key.standard, text).toString("base64")}`;
    return candidates.some((part) => sameText(part, expected));
  });
  return matches ? freshness(message.timestamp, now) : { ok: false, reason: "mismatch" };
}

type StandardMessage = { id: string; timestamp: number; payload: string; secret: Keys };

function toKeys(secret: Keys): readonly SigningKey[] {
  return typeof secret === "string" ? [toSigningKey(secret)] : secret;
}

function mac(key: KeyObject, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function hexMacs(payload: string, secret: Keys, timestamp: number): string[] {
  const text = `${timestamp}.${payload}`;
  return toKeys(secret).flatMap((key) => (key.signing === "hmac" ? [mac(key.text, text).toString("hex")] : []));
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
