import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEBUG_STEPS, FAULTS, type FaultCode } from "@/lib/contracts/signature-debugger";
import { parseHeaders } from "@/lib/webhooks/debugger-headers";
import { publicKeyText, readPrivateKey } from "@/lib/webhooks/ed25519";
import { sign, signStandard } from "@/lib/webhooks/signature";
import { type DebugInput, diagnose } from "@/lib/webhooks/signature-debugger";
import { generateSecret, toSigningKey } from "@/lib/webhooks/signing-key";

const NOW = 1_790_000_000;
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

/** Bodies as we send them: minified, in our order of keys, with text that character sets and escapes matter to. */
const bodies = fc
  .record({
    n: fc.integer(),
    text: fc.string({ unit: "grapheme", maxLength: 20 }),
    list: fc.array(fc.boolean(), { maxLength: 3 }),
  })
  .map((data) => JSON.stringify({ id: "evt_1", type: "instance.started", data: { zone: "Zürich", ...data } }));

type Request = { id: string; timestamp: string; standard: string; stripe: string; body: string };
type Fault = {
  expected: FaultCode;
  inject: (request: Request, secret: string) => Partial<Request & { secret: string }>;
};

function signed(body: string, secret = SECRET, timestamp = NOW): Request {
  return {
    id: "evt_1",
    timestamp: String(timestamp),
    standard: signStandard({ id: "evt_1", timestamp, payload: body, secret }),
    stripe: sign(body, secret, timestamp),
    body,
  };
}

function headersOf({ id, timestamp, standard, stripe }: Request): string {
  return [
    `Webhook-Id: ${id}`,
    `Webhook-Timestamp: ${timestamp}`,
    `Webhook-Signature: ${standard}`,
    `X-Webhook-Signature: ${stripe}`,
    "User-Agent: Dumont-Webhooks/1",
  ].join("\n");
}

function debug(request: Request, input: Partial<DebugInput> & { secret?: string } = {}) {
  const { secret = SECRET, ...rest } = input;
  return diagnose({
    headers: headersOf(request),
    body: request.body,
    candidates: [{ role: "given", secret }],
    storedBody: null,
    receivedAt: NOW,
    ...rest,
  });
}

const codes = (diagnosis: ReturnType<typeof diagnose>) => diagnosis.faults.map(({ code }) => code);
const reparse = (body: string) => JSON.parse(body) as Record<string, unknown>;
const macOf = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();

const FAULTY: Record<string, Fault> = {
  "no signature headers": { expected: "headers_missing", inject: () => ({ standard: "", stripe: "" }) },
  "milliseconds as timestamp": { expected: "headers_malformed", inject: (r) => ({ timestamp: `${r.timestamp}000` }) },
  "a signature without its version": {
    expected: "headers_malformed",
    inject: (r) => ({ standard: r.standard.replace("v1,", "") }),
  },
  "swapped signature headers": {
    expected: "wrong_scheme",
    inject: (r) => ({ standard: r.stripe, stripe: r.standard }),
  },
  "Stripe's text in the Standard header": {
    expected: "wrong_scheme",
    inject: (r, secret) => ({
      standard: `v1,${macOf(Buffer.from(secret.slice(6), "base64"), `${r.timestamp}.${r.body}`).toString("base64")}`,
    }),
  },
  "hex instead of base64": {
    expected: "wrong_encoding",
    inject: (r) => ({ standard: `v1,${Buffer.from(r.standard.slice(3), "base64").toString("hex")}` }),
  },
  "base64 instead of hex": {
    expected: "wrong_encoding",
    inject: (r) => ({
      stripe: r.stripe.replace(/v1=(.*)/, (_all, hex) => `v1=${Buffer.from(hex, "hex").toString("base64")}`),
    }),
  },
  "capital hex digits": {
    expected: "wrong_encoding",
    inject: (r) => ({
      stripe: r.stripe.replace(
        /v1=(.*)/,
        (_all, hex: string) => `v1=${hex.replace(/[a-f0-9]/g, (c) => c.toUpperCase())}`,
      ),
    }),
  },
  "another webhook-id": { expected: "id_mismatch", inject: () => ({ id: "dlv_1" }) },
  "another webhook-timestamp": {
    expected: "timestamp_mismatch",
    inject: (r) => ({ timestamp: String(Number(r.timestamp) + 7) }),
  },
  "a secret without its prefix": { expected: "secret_prefix", inject: (_r, secret) => ({ secret: secret.slice(6) }) },
  "a secret with a line break": { expected: "secret_whitespace", inject: (_r, secret) => ({ secret: `${secret}\n` }) },
  "a secret in quotes": { expected: "secret_whitespace", inject: (_r, secret) => ({ secret: `"${secret}"` }) },
  "a key that was not decoded": {
    expected: "secret_decoded",
    inject: (r, secret) => ({ standard: `v1,${macOf(secret, `${r.id}.${r.timestamp}.${r.body}`).toString("base64")}` }),
  },
  "a key that was decoded": {
    expected: "secret_decoded",
    inject: (r, secret) => ({
      stripe: `t=${r.timestamp},v1=${macOf(Buffer.from(secret.slice(6), "base64"), `${r.timestamp}.${r.body}`).toString("hex")}`,
    }),
  },
  "an indented body": {
    expected: "body_reserialised",
    inject: (r) => ({ body: JSON.stringify(reparse(r.body), null, 2) }),
  },
  "a body with its keys sorted": {
    expected: "body_reserialised",
    inject: (r) => ({ body: JSON.stringify(Object.fromEntries(Object.entries(reparse(r.body)).sort())) }),
  },
  "an ASCII-only body, as Python writes it": {
    expected: "body_reserialised",
    inject: (r) => ({
      body: r.body.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
    }),
  },
  "a line break at the end": { expected: "body_newlines", inject: (r) => ({ body: `${r.body}\n` }) },
  "a CRLF at the end": { expected: "body_newlines", inject: (r) => ({ body: `${r.body}\r\n` }) },
  "a byte order mark": { expected: "body_bom", inject: (r) => ({ body: `\ufeff${r.body}` }) },
  "a body read as Latin-1": {
    expected: "body_charset",
    inject: (r) => ({ body: Buffer.from(r.body).toString("latin1") }),
  },
};

describe("an injected fault is named", () => {
  it.each(Object.entries(FAULTY))("%s", (_name, { expected, inject }) => {
    fc.assert(
      fc.property(bodies, (body) => {
        const regular = signed(body);
        // Sorting or escaping may happen to change nothing.
        const { secret = SECRET, ...changed } = inject(regular, SECRET);
        const request = { ...regular, ...changed };
        if (JSON.stringify(request) === JSON.stringify(regular) && secret === SECRET) return;
        const diagnosis = debug(request, { secret });
        expect(codes(diagnosis)).toContain(expected);
        expect(diagnosis.faults[0]?.code).toBe(expected);
        expect(diagnosis.valid).toBe(false);
        expect(diagnosis.steps.find(({ step }) => step === FAULTS[expected])?.status).toBe("failed");
      }),
      { numRuns: 25 },
    );
  });

  it("also where two come together", () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const found = codes(debug({ ...signed(body), body: `${body}\n` }, { secret: SECRET.slice(6) }));
        expect(found).toEqual(expect.arrayContaining(["secret_prefix", "body_newlines"]));
        const late = codes(debug({ ...signed(body), body: `${body}\n` }, { receivedAt: NOW + 3600 }));
        expect(late).toEqual(["body_newlines", "timestamp_stale"]);
      }),
      { numRuns: 25 },
    );
  });
});

describe("diagnose", () => {
  const body = '{"id":"evt_1","type":"a","data":{"b":1,"a":2.0,"text":"Grüße – 世界"}}';

  it("calls valid what is, whatever the body, with each secret of a rotation", () => {
    fc.assert(
      fc.property(bodies, fc.constantFrom(0, 1), (payload, which) => {
        const secrets = [SECRET, generateSecret()];
        const keys = secrets.map((secret) => toSigningKey(secret));
        const request = {
          ...signed(payload),
          standard: signStandard({ id: "evt_1", timestamp: NOW, payload, secret: keys }),
          stripe: sign(payload, keys, NOW),
        };
        const diagnosis = debug(request, { secret: secrets[which] ?? "" });
        expect(diagnosis).toMatchObject({ valid: true, faults: [] });
        expect(diagnosis.steps.map(({ step, status }) => [step, status])).toEqual(
          DEBUG_STEPS.map((step) => [step, "ok"]),
        );
      }),
    );
  });

  it("says how old a stale timestamp is, and lets the time of arrival be given", () => {
    const late = debug(signed(body), { receivedAt: NOW + 47 * 60 + 5 });
    expect(codes(late)).toEqual(["timestamp_stale"]);
    expect(late.faults[0]?.title).toBe("The timestamp is 47 minutes old");
    expect(debug(signed(body), { receivedAt: NOW - 900 }).faults[0]?.title).toBe("The timestamp lies 15 minutes ahead");
    expect(debug(signed(body), { receivedAt: NOW + 300 }).valid).toBe(true);
    expect(debug(signed(body), { receivedAt: NOW + 301 }).valid).toBe(false);
  });

  it("tells a wrong secret from a changed body where it knows what was sent", () => {
    const other = generateSecret();
    expect(codes(debug(signed(body), { secret: other }))).toEqual(["no_match"]);
    expect(codes(debug(signed(body), { secret: other, storedBody: body }))).toEqual(["secret_wrong"]);
    const changed = { ...signed(body), body: body.replace("世界", "Welt") };
    expect(codes(debug(changed, { storedBody: body }))).toEqual(["body_changed"]);
    expect(codes(debug(changed))).toEqual(["no_match"]);
  });

  it("finds re-ordered keys, rewritten numbers and lost characters by what was sent", () => {
    const received = (text: string) => codes(debug({ ...signed(body), body: text }, { storedBody: body }));
    expect(received(body.replace('"b":1,"a":2.0', '"a":2,"b":1'))).toEqual(["body_reserialised"]);
    expect(received(body.replace(/[^\0-\u007f]/g, "?"))).toEqual(["body_charset"]);
    expect(received(Buffer.from(body).toString("latin1"))).toEqual(["body_charset"]);
    expect(received(new TextDecoder("windows-1252").decode(Buffer.from(body)))).toEqual(["body_charset"]);
  });

  it("knows old secrets from wrong ones by those that the webhook has", () => {
    const [old, present, other] = [generateSecret(), generateSecret(), generateSecret()];
    const stored = [
      { role: "current" as const, secret: present },
      { role: "replaced" as const, secret: old },
    ];
    const given = (secret: string) => [{ role: "given" as const, secret }, ...stored];
    const afterwards = signed(body, present);
    expect(codes(debug(afterwards, { candidates: given(old) }))).toEqual(["secret_old"]);
    expect(codes(debug(afterwards, { candidates: given(other) }))).toEqual(["secret_wrong"]);
    expect(debug(afterwards, { candidates: given(present) }).valid).toBe(true);
    expect(debug(afterwards, { candidates: stored }).valid).toBe(true);
    const before = signed(body, old);
    expect(codes(debug(before, { candidates: stored }))).toEqual(["secret_old"]);
    expect(codes(debug(before, { candidates: given(present) }))).toEqual(["secret_old"]);
  });

  it("checks Ed25519 by the public or the private key, and says when a shared secret is tried instead", () => {
    const secret = generateSecret("ed25519");
    const pair = readPrivateKey(secret);
    const publicKey = pair ? publicKeyText(pair.publicKey) : "";
    const keys = [toSigningKey(secret, "ed25519")];
    const headers = (text: string) =>
      `webhook-id: evt_1\nwebhook-timestamp: ${NOW}\nwebhook-signature: ${signStandard({ id: "evt_1", timestamp: NOW, payload: text, secret: keys })}`;
    const check = (given: string, received = body) =>
      diagnose({
        headers: headers(body),
        body: received,
        candidates: [{ role: "given", secret: given }],
        storedBody: null,
        receivedAt: NOW,
      });
    expect(check(publicKey).valid).toBe(true);
    expect(check(secret).valid).toBe(true);
    expect(codes(check(`${publicKey}\n`))).toEqual(["secret_whitespace"]);
    expect(codes(check(publicKey, `${body}\n`))).toEqual(["body_newlines"]);
    expect(codes(check(SECRET))).toEqual(["wrong_scheme"]);
    expect(codes(debug(signed(body), { secret: publicKey }))).toEqual(["wrong_scheme"]);
  });

  it("asks for what is missing", () => {
    expect(codes(debug(signed(body), { candidates: [] }))[0]).toBe("secret_missing");
    const nothing = diagnose({ headers: "", body: "", candidates: [], storedBody: null, receivedAt: NOW });
    expect(codes(nothing)).toEqual(expect.arrayContaining(["headers_missing", "secret_missing"]));
    const alone = headersOf(signed(body))
      .split("\n")
      .filter((line) => !line.startsWith("Webhook-Id"))
      .join("\n");
    const diagnosis = debug(signed(body), { headers: alone });
    expect(codes(diagnosis)).toEqual(["headers_missing"]);
    expect(diagnosis.faults[0]?.title).toBe("webhook-id is missing");
  });

  it("survives any input, and never repeats a secret", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 16 }), (headers, text, tail) => {
        const secret = `whsec_${tail}`;
        const diagnosis = diagnose({
          headers: `${headers}\nwebhook-signature: ${text}`,
          body: text,
          candidates: [{ role: "given", secret }],
          storedBody: null,
          receivedAt: NOW,
        });
        expect(diagnosis.valid).toBe(false);
        expect(JSON.stringify(diagnosis)).not.toContain(secret);
      }),
    );
  });
});

describe("parseHeaders", () => {
  it.each([
    ["lines", "Webhook-Id: evt_1\r\nX-Other:  a: b "],
    ["curl -v", "< webhook-id: evt_1\n< x-other: a: b"],
    ["JSON", '{"Webhook-Id": "evt_1", "x-other": ["a: b"]}'],
    ["lines of an object", '  "webhook-id": "evt_1",\n  "x-other": "a: b",'],
    ["CGI", "HTTP_WEBHOOK_ID=evt_1\nHTTP_X_OTHER=a: b"],
  ])("reads %s", (_form, text) => {
    expect(Object.fromEntries(parseHeaders(text))).toEqual({ "webhook-id": "evt_1", "x-other": "a: b" });
  });
});
