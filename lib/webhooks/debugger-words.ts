import type { DebugStep, FaultCode } from "@/lib/contracts/signature-debugger";
import { TOLERANCE_S } from "@/lib/webhooks/signature";

/** What the words need to know of the request. */
export type FaultFacts = {
  missing: string[];
  malformed: string[];
  /** Seconds from the timestamp to the arrival; negative when it lies ahead. */
  ageS: number;
  /** Whether a secret was entered, or only the webhook's own are there to compare with. */
  given: boolean;
};

export type FaultWords = { title: string; detail: string; mend: string };

const RAW_BODY = "Verify the raw bytes before any JSON parser, framework or proxy touches them, and parse afterwards.";

const WORDS: Readonly<Record<FaultCode, (facts: FaultFacts) => FaultWords>> = {
  headers_missing: ({ missing }) => ({
    title: `${sentence(missing)} ${missing.length === 1 ? "is" : "are"} missing`,
    detail: "Without it there is nothing to compare, or not everything that was signed.",
    mend: "Check whether a proxy or the framework drops unknown headers, and paste all of them. A webhook without a secret sends no signature.",
  }),
  headers_malformed: ({ malformed }) => ({
    title: `${sentence(malformed)} ${malformed.length === 1 ? "is" : "are"} malformed`,
    detail:
      "Expected are webhook-timestamp in unix seconds (not milliseconds), webhook-signature as “v1,<base64>” or “v1a,<base64>”, X-Webhook-Signature as “t=<unix seconds>,v1=<hex>”.",
    mend: "Paste the header's value exactly as it came. If it came like this, something on the way rewrites it.",
  }),
  wrong_scheme: () => ({
    title: "The two schemes are mixed up",
    detail:
      "webhook-signature (Standard Webhooks) covers “<id>.<timestamp>.<body>”; X-Webhook-Signature (Stripe's) covers “<t>.<body>”. Ed25519 signatures (v1a) need the public key, HMAC signatures (v1) the shared secret.",
    mend: "Check each header by its own scheme, with the kind of key that belongs to it.",
  }),
  wrong_encoding: () => ({
    title: "The signature is right, but written in another encoding",
    detail:
      "webhook-signature is standard base64 with padding; the v1 values of X-Webhook-Signature are lower-case hex.",
    mend: "Encode what you computed the same way before you compare, or compare the decoded bytes.",
  }),
  no_match: () => ({
    title: "No signature matches",
    detail:
      "Neither this body nor any usual alteration of it was signed with this secret: the secret is another one, the body was changed, or the request is forged.",
    mend: "Choose the webhook, so that its stored secrets and the event's stored body can be compared too.",
  }),
  id_mismatch: () => ({
    title: "webhook-id is not the id that was signed",
    detail: "The signature matches with the id in the body, not with the one in the header.",
    mend: "Take webhook-id from the same request as the body; do not use the delivery's id or one of your own in its place.",
  }),
  timestamp_mismatch: () => ({
    title: "The timestamp is not the one that was signed",
    detail: "webhook-timestamp and the t of X-Webhook-Signature differ, and the signature matches with the other one.",
    mend: "Take both from the same attempt: every retry has a timestamp and signatures of its own.",
  }),
  timestamp_stale: ({ ageS }) => ({
    title: `The timestamp is ${minutes(ageS)} old`,
    detail: `Receivers accept ${TOLERANCE_S / 60} minutes either way, so that a recorded request cannot be sent again.`,
    mend: "For a request from a log, enter when it arrived. For a live one, check the receiver's clock (NTP), and that requests do not wait in a queue before they are verified.",
  }),
  timestamp_ahead: ({ ageS }) => ({
    title: `The timestamp lies ${minutes(-ageS)} ahead`,
    detail: `Receivers accept ${TOLERANCE_S / 60} minutes either way.`,
    mend: "Check the receiver's clock (NTP), or the time of arrival that you entered.",
  }),
  secret_missing: () => ({
    title: "There is no secret to check with",
    detail: "No secret was entered, and no webhook with a readable secret was chosen or named by X-Webhook-Delivery.",
    mend: "Paste the receiver's secret, or choose the webhook.",
  }),
  secret_wrong: ({ given }) =>
    given
      ? {
          title: "The secret is another one",
          detail: "The body is not the reason: the request was not signed with the secret that was entered.",
          mend: "Compare where the receiver reads its secret from; each webhook has its own. If it is lost, regenerate it with an overlap.",
        }
      : {
          title: "None of the webhook's secrets made this signature",
          detail: "The request is forged, as a forged test is, or older than the webhook's last rotations.",
          mend: "Refuse such requests with 401. If it is a genuine one of another webhook, choose that one.",
        },
  secret_old: () => ({
    title: "An old secret is in play",
    detail: "The request and the receiver do not share a secret because the webhook's secret was rotated in between.",
    mend: "Give the receiver the present secret. Rotate with an overlap, so that both sign until the receiver has changed.",
  }),
  secret_prefix: () => ({
    title: "The secret lacks its prefix “whsec_”",
    detail:
      "With the prefix it matches. The prefix tells libraries to decode what follows, and is part of Stripe's key.",
    mend: "Store the secret as it was shown, prefix included.",
  }),
  secret_decoded: () => ({
    title: "The secret was decoded the wrong way",
    detail:
      "For webhook-signature the key is the base64 after “whsec_”, decoded; for X-Webhook-Signature it is the whole text, prefix included, not decoded.",
    mend: "Turn the secret into key bytes as the scheme asks, or let its library do it.",
  }),
  secret_whitespace: () => ({
    title: "The secret has stray characters around it",
    detail: "Without the space, line break or quotes at its ends it matches.",
    mend: "Trim it where it is read: files end with a line break, and quotes of .env files are not always removed.",
  }),
  body_reserialised: () => ({
    title: "The body was parsed and written again",
    detail: "As JSON it says the same, but spaces, escapes or the order of keys are not those that were signed.",
    mend: RAW_BODY,
  }),
  body_newlines: () => ({
    title: "Line breaks were added, removed or changed",
    detail: "With other line breaks (at the end, or LF for CRLF) the body matches.",
    mend: `${RAW_BODY} Editors and shells add a line break at the end.`,
  }),
  body_bom: () => ({
    title: "A byte order mark was added or removed",
    detail: "With the invisible character U+FEFF at the beginning changed, the body matches.",
    mend: `${RAW_BODY} Read it as plain UTF-8.`,
  }),
  body_charset: () => ({
    title: "The body was read in the wrong character set",
    detail:
      "Its bytes are UTF-8, but were taken for Latin-1 (or the other way round), which spoils umlauts and the like.",
    mend: `${RAW_BODY} Where text is needed, decode it as UTF-8.`,
  }),
  body_changed: () => ({
    title: "The body is not the one that was sent",
    detail: "It says something else than the event that webhook-id names.",
    mend: "Take headers and body from the same request, and look for what cuts or changes it on the way.",
  }),
};

export function faultWords(code: FaultCode, facts: FaultFacts): FaultWords {
  return WORDS[code](facts);
}

const STEP_WORDS: Readonly<Record<DebugStep, Record<"ok" | "failed" | "unknown", string>>> = {
  headers: { ok: "All there and well-formed", failed: "Missing or malformed", unknown: "" },
  secret: { ok: "The right one, used the right way", failed: "Wrong, or used wrongly", unknown: "Cannot be told" },
  body: { ok: "As it was signed", failed: "Not as it was signed", unknown: "Cannot be told" },
  id: { ok: "The one that was signed", failed: "Not the one that was signed", unknown: "Cannot be told" },
  signature: {
    ok: "Made by the right scheme, in the right encoding",
    failed: "Does not match",
    unknown: "Not checked",
  },
  timestamp: { ok: "Within 5 minutes of the arrival", failed: "Not acceptable", unknown: "Cannot be told" },
};

export function stepWords(step: DebugStep, status: "ok" | "failed" | "unknown"): string {
  return STEP_WORDS[step][status];
}

function sentence(names: readonly string[]): string {
  return names.length <= 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function minutes(seconds: number): string {
  const whole = Math.floor(seconds / 60);
  if (whole < 120) return `${whole} minutes`;
  return whole < 2 * 24 * 60 ? `${Math.floor(whole / 60)} hours` : `${Math.floor(whole / 60 / 24)} days`;
}
