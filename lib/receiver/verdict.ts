import { isUtf8 } from "node:buffer";
import type { ReceiverRequest } from "@/lib/contracts/receiver";
import { TOLERANCE_S, type Verdict, verify, verifyStandard } from "@/lib/webhooks/signature";
import type { SigningKey } from "@/lib/webhooks/signing-key";

/** The webhook that sent a request, as far as its signature goes. */
export type Sender =
  /** With the keys that sign at present, the newest first. */
  | { kind: "signing"; keys: readonly SigningKey[] }
  | { kind: "unsigned" }
  /** The secret was encrypted with another key than this installation's. */
  | { kind: "unreadable" };

export type SignatureVerdict = Pick<ReceiverRequest, "signature" | "signature_note">;

const STANDARD = "webhook-signature";
const STRIPE = "X-Webhook-Signature";

const EXPECTED = { [STANDARD]: "v1,<base64> or v1a,<base64>", [STRIPE]: "t=<unix seconds>,v1=<hex>" } as const;

type Scheme = keyof typeof EXPECTED;
type Check = { scheme: Scheme; ok: true; replaced: boolean } | { scheme: Scheme; ok: false; why: string };

const MISMATCH = "does not match the body and the webhook's present secret";

const STALE = `matches, but its timestamp is more than ${TOLERANCE_S} s away from the time of arrival`;
/** The usual failures meet both schemes at once and are then told once. */
const BOTH = new Map([
  [MISMATCH, "Neither signature matches: the body was changed on its way, or signed with another secret."],
  [STALE, `Both signatures match, but their timestamp is more than ${TOLERANCE_S} s away from the time of arrival.`],
]);

/**
 * Judges the signatures of a request as a receiver should, by both schemes (see lib/webhooks/signature.ts).
 * @param body the bytes as they came; null when they were not read to the end
 * @param sender null when the request names no delivery of the receiver's project
 * @param now unix seconds
 */
export function judge({
  headers,
  body,
  sender,
  now,
}: {
  headers: Pick<Headers, "get" | "has">;
  body: Buffer | null;
  sender: Sender | null;
  now: number;
}): SignatureVerdict {
  if (sender === null) {
    return {
      signature: "unknown",
      signature_note: headers.has("x-webhook-delivery")
        ? "X-Webhook-Delivery names no delivery of this project, so there is no secret to check against."
        : "There is no X-Webhook-Delivery header: none of this project's webhooks sent this.",
    };
  }
  const signed = headers.has(STANDARD) || headers.has(STRIPE);
  if (sender.kind === "unsigned") {
    return signed
      ? invalid("The webhook has no secret, yet the request carries a signature.")
      : { signature: "unsigned", signature_note: "The webhook has no secret, so its requests are not signed." };
  }
  if (sender.kind === "unreadable") {
    return invalid("The webhook's secret cannot be decrypted with this installation's key. Regenerate the secret.");
  }
  if (!signed) return invalid(`The webhook has a secret, but neither ${STANDARD} nor ${STRIPE} came.`);
  if (body === null) return invalid("The body is too large to be read, so its signature was not checked.");
  // The checks below hash text. Bytes that are not UTF-8 would become replacement characters on the way and could
  // then match a signature that was made for other bytes.
  if (!isUtf8(body)) return invalid("The body is not valid UTF-8, so it is not what the webhook signed.");
  const payload = body.toString("utf8");
  const material = { headers, payload, keys: sender.keys, now };
  const standard = checkStandard(material);
  // Stripe's scheme is for shared secrets: without one there is nothing to be checked by it.
  if (sender.keys.every((key) => key.signing === "ed25519")) return concludeAlone(standard);
  return conclude(standard, checkStripe(material));
}

type Material = { headers: Pick<Headers, "get" | "has">; payload: string; keys: readonly SigningKey[]; now: number };

function checkStandard({ headers, payload, keys, now }: Material): Check {
  const header = headers.get(STANDARD);
  if (header === null) return { scheme: STANDARD, ok: false, why: "is missing" };
  const id = headers.get("webhook-id");
  if (!id) return { scheme: STANDARD, ok: false, why: "cannot be checked without webhook-id" };
  const timestamp = headers.get("webhook-timestamp") ?? "";
  if (!/^\d{1,12}$/.test(timestamp)) {
    return { scheme: STANDARD, ok: false, why: "cannot be checked without webhook-timestamp in unix seconds" };
  }
  const message = { header, id, timestamp: Number(timestamp), payload, now };
  return explain(STANDARD, keys, (secret) => verifyStandard({ ...message, secret }));
}

function checkStripe({ headers, payload, keys, now }: Material): Check {
  const header = headers.get(STRIPE);
  if (header === null) return { scheme: STRIPE, ok: false, why: "is missing" };
  const shared = keys.filter((key) => key.signing === "hmac");
  return explain(STRIPE, shared, (secret) => verify({ header, payload, secret, now }));
}

/** One signature by one of the keys is enough, as for any receiver that holds one of the secrets. */
function explain(scheme: Scheme, keys: readonly SigningKey[], check: (keys: readonly SigningKey[]) => Verdict): Check {
  const verdict = check(keys);
  if (verdict.ok) return { scheme, ok: true, replaced: !check(keys.slice(0, 1)).ok };
  const why = {
    malformed: `is malformed (expected ${EXPECTED[scheme]})`,
    mismatch: MISMATCH,
    stale: STALE,
  }[verdict.reason];
  return { scheme, ok: false, why };
}

function concludeAlone(check: Check): SignatureVerdict {
  if (!check.ok) return invalid(`${check.scheme} ${check.why}.`);
  return valid(
    `${check.scheme} (Standard Webhooks, Ed25519) matches the body and the webhook's public key.`,
    check.replaced,
  );
}

function conclude(first: Check, second: Check): SignatureVerdict {
  if (first.ok && second.ok) {
    const note = `Both signatures match the body: ${first.scheme} (Standard Webhooks) and ${second.scheme}.`;
    // Where the present key has no place in a scheme, the other scheme tells that it signed.
    return valid(note, first.replaced);
  }
  if (!first.ok && !second.ok && first.why === second.why) {
    const note = BOTH.get(first.why);
    if (note !== undefined) return invalid(note);
  }
  const failures = [first, second].flatMap((check) => (check.ok ? [] : [`${check.scheme} ${check.why}`]));
  const matching = [first, second].find((check) => check.ok);
  return invalid(`${matching ? `Only ${matching.scheme} matches; ` : ""}${failures.join("; ")}.`);
}

function valid(note: string, replaced: boolean): SignatureVerdict {
  const warning = replaced ? " The secret was replaced; it signs only until its overlap ends." : "";
  return { signature: "valid", signature_note: `${note}${warning}` };
}

function invalid(note: string): SignatureVerdict {
  return { signature: "invalid", signature_note: note };
}
