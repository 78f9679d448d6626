import { createHmac, type KeyObject } from "node:crypto";
import { DEBUG_STEPS, FAULTS, type FaultCode, type SignatureDiagnosis } from "@/lib/contracts/signature-debugger";
import { parseHeaders, type ReceivedSignatures, signatureHeaders } from "@/lib/webhooks/debugger-headers";
import {
  bodyVariants,
  clean,
  compareBodies,
  standardKeys,
  stripeKeys,
  type Variant,
} from "@/lib/webhooks/debugger-variants";
import { type FaultFacts, faultWords, stepWords } from "@/lib/webhooks/debugger-words";
import { readPrivateKey, readPublicKey, verifyEd25519 } from "@/lib/webhooks/ed25519";
import { TOLERANCE_S } from "@/lib/webhooks/signature";

/** A secret that may have signed the request. */
export type Candidate = {
  /** given: what the receiver has. current, replaced: what the webhook has stored. */
  role: "given" | "current" | "replaced";
  secret: string;
};

export type DebugInput = {
  headers: string;
  body: string;
  candidates: readonly Candidate[];
  /** The body of the event that webhook-id names, where it is known. */
  storedBody: string | null;
  /** Unix seconds of the arrival. */
  receivedAt: number;
};

/**
 * Finds out why a signature does not verify: looks for the smallest set of faults under which it would. Pure: the same
 * answer for the same input, and no secret in it.
 */
export function diagnose(input: DebugInput): Omit<SignatureDiagnosis, "webhook_id"> {
  const signatures = signatureHeaders(parseHeaders(input.headers));
  const { faults, facts } = findFaults(input, signatures);
  const unique = [...new Set(faults)];
  return {
    valid: unique.length === 0,
    faults: unique.map((code) => ({ code, ...faultWords(code, facts) })),
    steps: DEBUG_STEPS.map((step) => {
      const status = unique.some((code) => FAULTS[code] === step)
        ? ("failed" as const)
        : cannotTell(step, unique)
          ? ("unknown" as const)
          : ("ok" as const);
      return { step, status, detail: stepWords(step, status) };
    }),
  };
}

/** The steps about which nothing is known once these faults were found. */
function cannotTell(step: (typeof DEBUG_STEPS)[number], faults: readonly FaultCode[]): boolean {
  if (faults.includes("secret_missing") || faults.includes("headers_missing") || faults.includes("headers_malformed")) {
    return step !== "headers" && step !== "timestamp";
  }
  if (faults.includes("no_match")) return step === "secret" || step === "body" || step === "id";
  return false;
}

function findFaults(input: DebugInput, signatures: ReceivedSignatures): { faults: FaultCode[]; facts: FaultFacts } {
  const { standard, stripe, id, timestamp } = signatures;
  const stripeTime = /(?:^|,)\s*t=(\d+)/.exec(stripe ?? "")?.[1];
  const given = input.candidates.some(({ role }) => role === "given");
  const facts: FaultFacts = { missing: [], malformed: [], ageS: 0, given };
  const faults: FaultCode[] = [];

  if (standard === undefined && stripe === undefined) {
    facts.missing.push("webhook-signature", "X-Webhook-Signature");
  }
  if (standard !== undefined && id === undefined) facts.missing.push("webhook-id");
  if (standard !== undefined && timestamp === undefined) facts.missing.push("webhook-timestamp");
  if (facts.missing.length > 0) faults.push("headers_missing");

  const swapped =
    (standard !== undefined && /(^|,)t=\d/.test(standard)) || (stripe !== undefined && /^v1a?,/.test(stripe));
  if (swapped) faults.push("wrong_scheme");
  if (timestamp !== undefined && !/^\d{1,12}$/.test(timestamp)) facts.malformed.push("webhook-timestamp");
  if (!swapped && stripe !== undefined && (stripeTime === undefined || !/(^|,)\s*v1=./.test(stripe))) {
    facts.malformed.push("X-Webhook-Signature");
  }
  if (!swapped && standard !== undefined && !/(^|\s)v1a?,\S/.test(standard)) facts.malformed.push("webhook-signature");
  if (facts.malformed.length > 0) faults.push("headers_malformed");

  const time = Number(timestamp ?? stripeTime);
  if (Number.isSafeInteger(time) && !facts.malformed.includes("webhook-timestamp")) {
    facts.ageS = input.receivedAt - time;
    if (facts.ageS > TOLERANCE_S) faults.push("timestamp_stale");
    if (facts.ageS < -TOLERANCE_S) faults.push("timestamp_ahead");
  }

  const candidates = input.candidates.filter(({ secret }) => clean(secret) !== "");
  if (candidates.length === 0) return { faults: [...faults, "secret_missing"], facts };
  if (swapped || facts.malformed.length > 0) return { faults, facts };

  const times = variantsOf(timestamp ?? stripeTime, stripeTime, "timestamp_mismatch");
  const bodyId = idIn(input.body);
  const ids = variantsOf(id, bodyId === id ? undefined : bodyId, "id_mismatch");
  const found = [
    ...(standard !== undefined && ids.length > 0 && times.length > 0
      ? [search(standardProblem(input, candidates, standard, ids, times))]
      : []),
    ...(stripe !== undefined && !(standard !== undefined && holdsPublicKey(candidates))
      ? [search(stripeProblem(input, candidates, stripe, ids, times))]
      : []),
  ];
  if (found.length === 0) return { faults, facts };
  const matched = found.filter((each) => each !== null);
  const explained = matched.length === found.length;
  const searched = explained ? matched.flat() : [...unexplained(input, candidates, standard ?? ""), ...matched.flat()];
  // The signature first: a stale timestamp is beside the point while it does not even match.
  return { faults: [...searched, ...faults], facts };
}

/** Who checks by a public key has no use for X-Webhook-Signature, which may come for others while a rotation overlaps. */
function holdsPublicKey(candidates: readonly Candidate[]): boolean {
  const own = candidates.find(({ role }) => role === "given") ?? candidates.find(({ role }) => role === "current");
  return own !== undefined && publicKeyIn(own.secret) !== null;
}

/** Nothing tried makes the signature match. */
function unexplained(
  { body, storedBody }: DebugInput,
  candidates: readonly Candidate[],
  standard: string,
): FaultCode[] {
  const asymmetric = /(^|\s)v1a,/.test(standard);
  const symmetric = /(^|\s)v1,/.test(standard);
  const given = candidates.find(({ role }) => role === "given") ?? candidates[0];
  const isEd25519 = given !== undefined && /^wh[sp]k_/.test(clean(given.secret));
  if (asymmetric !== symmetric && asymmetric !== isEd25519) return ["wrong_scheme"];
  if (storedBody === null) return ["no_match"];
  const difference = compareBodies(body, storedBody);
  // The body that was sent was tried with every secret: whatever else is wrong, the secret is.
  return difference === null ? ["secret_wrong"] : ["secret_wrong", difference];
}

type Message = { id: string; time: string; body: string };
type Problem = {
  keys: readonly Variant<(text: string) => FaultCode | null | false>[];
  /** Texts that may have been signed. */
  texts: readonly Variant<(message: Message) => string>[];
  ids: readonly Variant<string>[];
  times: readonly Variant<string>[];
  bodies: readonly Variant<string>[];
};

/** At most so many faults at once are looked for: more would explain anything, and for long bodies take too long. */
const MOST_FAULTS = { short: 2, long: 1 };
/** Characters. */
const LONG_BODY = 64 * 1024;

/** The faults of the best explanation; null when there is none. */
function search(problem: Problem): FaultCode[] | null {
  const isLong = problem.bodies.some(({ value }) => value.length > LONG_BODY);
  const most = isLong ? MOST_FAULTS.long : MOST_FAULTS.short;
  for (let allowed = 0; allowed <= most; allowed += 1) {
    for (const body of problem.bodies) {
      for (const id of problem.ids) {
        for (const time of problem.times) {
          for (const text of problem.texts) {
            const around = [body.fault, id.fault, time.fault, text.fault].filter((fault) => fault !== null);
            if (around.length > allowed) continue;
            const message = text.value({ id: id.value, time: time.value, body: body.value });
            for (const key of problem.keys) {
              const weight = around.length + (key.fault === null ? 0 : 1);
              // Those with fewer faults were tried in the rounds before.
              if (weight !== allowed) continue;
              const verdict = key.value(message);
              if (verdict === false) continue;
              return [key.fault, ...around, verdict].filter((fault) => fault !== null);
            }
          }
        }
      }
    }
  }
  return null;
}

function standardProblem(
  input: DebugInput,
  candidates: readonly Candidate[],
  header: string,
  ids: Variant<string>[],
  times: Variant<string>[],
): Problem {
  const parts = header
    .split(/\s+/)
    .map((part) => ({ version: part.split(",")[0] ?? "", text: part.slice(part.indexOf(",") + 1) }));
  const symmetric = parts.filter(({ version }) => version === "v1").map(({ text }) => text);
  const asymmetric = parts.filter(({ version }) => version === "v1a").map(({ text }) => text);
  const keys = candidates.flatMap((candidate) => {
    const publicKey = publicKeyIn(candidate.secret);
    const variants =
      publicKey === null
        ? symmetric.length === 0
          ? []
          : standardKeys(candidate.secret).map(({ value, fault }) => ({
              value: hmacCheck(value, symmetric, "base64"),
              fault,
            }))
        : asymmetric.length === 0
          ? []
          : [
              {
                value: ed25519Check(publicKey, asymmetric),
                fault: clean(candidate.secret) === candidate.secret ? null : ("secret_whitespace" as const),
              },
            ];
    return variants.map((variant) => ({ ...variant, fault: faultOf(candidate, candidates, variant.fault) }));
  });
  return {
    keys,
    texts: [
      { value: ({ id, time, body }) => `${id}.${time}.${body}`, fault: null },
      { value: ({ time, body }) => `${time}.${body}`, fault: "wrong_scheme" },
      { value: ({ body }) => body, fault: "wrong_scheme" },
    ],
    ids,
    times,
    bodies: bodyVariants(input.body, input.storedBody),
  };
}

function stripeProblem(
  input: DebugInput,
  candidates: readonly Candidate[],
  header: string,
  ids: Variant<string>[],
  times: Variant<string>[],
): Problem {
  const signatures = [...header.matchAll(/(?:^|,)\s*v1=([^,\s]+)/g)].map((match) => match[1] ?? "");
  const own = /(?:^|,)\s*t=(\d+)/.exec(header)?.[1] ?? "";
  const keys = candidates.flatMap((candidate) =>
    publicKeyIn(candidate.secret) !== null
      ? []
      : stripeKeys(candidate.secret).map(({ value, fault }) => ({
          value: hmacCheck(value, signatures, "hex"),
          fault: faultOf(candidate, candidates, fault),
        })),
  );
  return {
    keys,
    texts: [
      { value: ({ time, body }) => `${time}.${body}`, fault: null },
      ...(ids.length === 0
        ? []
        : [{ value: ({ id, time, body }: Message) => `${id}.${time}.${body}`, fault: "wrong_scheme" as const }]),
      { value: ({ body }) => body, fault: "wrong_scheme" },
    ],
    ids: [{ value: ids[0]?.value ?? "", fault: null }],
    times: variantsOf(own, times[0]?.value, "timestamp_mismatch"),
    bodies: bodyVariants(input.body, input.storedBody),
  };
}

/** What it means that this candidate is the one that signed. */
function faultOf({ role, secret }: Candidate, all: readonly Candidate[], variant: FaultCode | null): FaultCode | null {
  const given = all.find((candidate) => candidate.role === "given");
  if (role === "given") return variant;
  if (role === "replaced") return given === undefined || clean(given.secret) !== secret ? "secret_old" : variant;
  if (given === undefined) return variant;
  // The receiver has the secret that this one replaced.
  return all.some((other) => other.role === "replaced" && other.secret === clean(given.secret))
    ? "secret_old"
    : "secret_wrong";
}

/** false: no signature of these is made with the key; otherwise what is wrong with the way it is written. */
function hmacCheck(key: Buffer, signatures: readonly string[], encoding: "base64" | "hex") {
  return (text: string): FaultCode | null | false => {
    const mac = createHmac("sha256", key).update(text).digest();
    if (signatures.includes(mac.toString(encoding))) return null;
    const [base64, hex] = [mac.toString("base64"), mac.toString("hex")];
    const others = [base64, base64.replace(/=+$/, ""), mac.toString("base64url"), hex, hex.toUpperCase()];
    return signatures.some((signature) => others.includes(signature.replace(/^sha256=/, "")))
      ? "wrong_encoding"
      : false;
  };
}

function ed25519Check(publicKey: KeyObject, signatures: readonly string[]) {
  return (text: string): FaultCode | null | false => {
    if (signatures.some((signature) => verifyEd25519(publicKey, text, signature))) return null;
    const rewritten = signatures.map((signature) =>
      Buffer.from(signature, /^[0-9a-f]{128}$/i.test(signature) ? "hex" : "base64").toString("base64"),
    );
    return rewritten.some((signature) => verifyEd25519(publicKey, text, signature)) ? "wrong_encoding" : false;
  };
}

function publicKeyIn(secret: string): KeyObject | null {
  const text = clean(secret);
  return readPublicKey(text) ?? readPrivateKey(text)?.publicKey ?? null;
}

/** Where there is no regular value the other one stands in for it. */
function variantsOf(regular: string | undefined, other: string | undefined, fault: FaultCode): Variant<string>[] {
  const first = regular ?? other;
  if (first === undefined) return [];
  return [{ value: first, fault: null }, ...(other === undefined || other === first ? [] : [{ value: other, fault }])];
}

function idIn(body: string): string | undefined {
  return /"id"\s*:\s*"([^"\\]{1,200})"/.exec(body)?.[1];
}
