import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { judge, type Sender } from "@/lib/receiver/verdict";
import { signStandard } from "@/lib/webhooks/signature";
import { generateSecret, toSigningKey } from "@/lib/webhooks/signing-key";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
const BODY = '{"id":"evt_1","type":"instance.started","data":{"note":"Grüße, 世界 \u{1f680}","n":1.0}}';
const NOW = 1_790_000_000;
const SIGNING: Sender = { kind: "signing", keys: [toSigningKey(SECRET)] };

/** Signed by the libraries that receivers use, not by our own code. */
function signedHeaders({ secret = SECRET, body = BODY, timestamp = NOW, id = "evt_1" } = {}): Headers {
  return new Headers({
    "x-webhook-delivery": "dlv_1",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": new Webhook(secret).sign(id, new Date(timestamp * 1000), body),
    "x-webhook-signature": Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }),
  });
}

function verdict({
  headers = signedHeaders(),
  body = Buffer.from(BODY),
  sender = SIGNING,
  now = NOW,
}: {
  headers?: Headers;
  body?: Buffer | null;
  sender?: Sender | null;
  now?: number;
} = {}) {
  return judge({ headers, body, sender, now });
}

function without(...names: string[]): Headers {
  const headers = signedHeaders();
  for (const name of names) headers.delete(name);
  return headers;
}

function withHeader(name: string, value: string): Headers {
  const headers = signedHeaders();
  headers.set(name, value);
  return headers;
}

describe("judge", () => {
  it("calls valid what both libraries signed, and names both schemes", () => {
    const { signature, signature_note } = verdict();
    expect(signature).toBe("valid");
    expect(signature_note).toContain("webhook-signature (Standard Webhooks)");
    expect(signature_note).toContain("X-Webhook-Signature");
  });

  it("takes a secret that is any text, not only whsec_", () => {
    const secret = "any text of sixteen characters or more";
    const headers = signedHeaders({ secret: `whsec_${Buffer.from(secret).toString("base64")}` });
    headers.set(
      "x-webhook-signature",
      Stripe.webhooks.generateTestHeaderString({ payload: BODY, secret, timestamp: NOW }),
    );
    expect(verdict({ headers, sender: { kind: "signing", keys: [toSigningKey(secret)] } }).signature).toBe("valid");
  });

  it("finds the right signature among several, as during a rotation", () => {
    const other = new Webhook(`whsec_${Buffer.from("another key of 24+ bytes").toString("base64")}`);
    const headers = signedHeaders();
    const good = headers.get("webhook-signature") ?? "";
    headers.set("webhook-signature", `${other.sign("evt_1", new Date(NOW * 1000), BODY)} ${good}`);
    expect(verdict({ headers }).signature).toBe("valid");
  });

  it.each([
    ["the new secret", 0, false],
    ["a replaced one", 1, true],
  ])("accepts what %s signed during a rotation, and says which", (_what, index, warned) => {
    const secrets = [SECRET, generateSecret()];
    const headers = signedHeaders({ secret: secrets[index] ?? "" });
    const { signature, signature_note } = verdict({
      headers,
      sender: { kind: "signing", keys: secrets.map((secret) => toSigningKey(secret)) },
    });
    expect(signature).toBe("valid");
    expect(signature_note.includes("was replaced")).toBe(warned);
  });

  it("checks Ed25519 signatures, and asks for no other where there is no shared secret", () => {
    const key = toSigningKey(generateSecret("ed25519"), "ed25519");
    const sender: Sender = { kind: "signing", keys: [key] };
    const headers = without("x-webhook-signature");
    const message = { id: "evt_1", timestamp: NOW, payload: BODY, secret: [key] };
    headers.set("webhook-signature", signStandard(message));
    expect(verdict({ headers, sender })).toEqual({
      signature: "valid",
      signature_note: expect.stringContaining("Ed25519"),
    });
    headers.set("webhook-signature", signStandard({ ...message, payload: "{}" }));
    expect(verdict({ headers, sender }).signature).toBe("invalid");
    expect(verdict({ headers: signedHeaders(), sender }).signature).toBe("invalid");
  });

  it("accepts an empty body that was signed as such", () => {
    expect(verdict({ headers: signedHeaders({ body: "" }), body: Buffer.alloc(0) }).signature).toBe("valid");
  });

  it.each([
    ["another space", BODY.replace(":", ": ")],
    ["a number in another form", BODY.replace("1.0", "1")],
    ["a line break at the end", `${BODY}\n`],
    ["a byte order mark", `\ufeff${BODY}`],
  ])("refuses %s, although the JSON means the same", (_what, body) => {
    const { signature, signature_note } = verdict({ body: Buffer.from(body) });
    expect(signature).toBe("invalid");
    expect(signature_note).toContain("Neither signature matches");
  });

  it("does not let broken bytes pass for the replacement character that was signed", () => {
    const signed = '{"name":"\ufffd"}';
    const broken = Buffer.from(Buffer.from(signed).toString("latin1").replace("\xef\xbf\xbd", "\xff"), "latin1");
    expect(broken.toString("utf8")).toBe(signed);
    const headers = signedHeaders({ body: signed });
    expect(verdict({ headers, body: Buffer.from(signed) }).signature).toBe("valid");
    expect(verdict({ headers, body: broken })).toEqual({
      signature: "invalid",
      signature_note: expect.stringContaining("not valid UTF-8"),
    });
  });

  it.each([
    { scheme: "X-Webhook-Signature", broken: "webhook-signature", matching: "Only X-Webhook-Signature matches" },
    { scheme: "webhook-signature", broken: "x-webhook-signature", matching: "Only webhook-signature matches" },
  ])("says so when only $scheme matches", ({ broken, matching }) => {
    const forged = signedHeaders({ body: "{}" }).get(broken) ?? "";
    const { signature, signature_note } = verdict({ headers: withHeader(broken, forged) });
    expect(signature).toBe("invalid");
    expect(signature_note).toContain(matching);
    expect(signature_note.toLowerCase()).toContain(`${broken} does not match`);
  });

  it("says so when the other scheme did not come at all", () => {
    expect(verdict({ headers: without("webhook-signature") }).signature_note).toBe(
      "Only X-Webhook-Signature matches; webhook-signature is missing.",
    );
    expect(verdict({ headers: without("x-webhook-signature") }).signature_note).toBe(
      "Only webhook-signature matches; X-Webhook-Signature is missing.",
    );
  });

  it.each([
    ["old", 300, "valid"],
    ["old", 301, "invalid"],
    ["ahead", -300, "valid"],
    ["ahead", -301, "invalid"],
  ])("with a timestamp that is %s by %i s: %s", (_direction, by, expected) => {
    const { signature, signature_note } = verdict({ now: NOW + by });
    expect(signature).toBe(expected);
    if (expected === "invalid") expect(signature_note).toContain("Both signatures match, but their timestamp");
  });

  it("refuses a webhook-id or webhook-timestamp that was changed on the way", () => {
    expect(verdict({ headers: withHeader("webhook-id", "evt_2") }).signature_note).toContain(
      "webhook-signature does not match",
    );
    expect(verdict({ headers: withHeader("webhook-timestamp", String(NOW + 1)) }).signature_note).toContain(
      "webhook-signature does not match",
    );
  });

  it.each([
    ["webhook-id", without("webhook-id"), "cannot be checked without webhook-id"],
    ["webhook-timestamp", without("webhook-timestamp"), "without webhook-timestamp in unix seconds"],
    ["a time in words", withHeader("webhook-timestamp", "yesterday"), "without webhook-timestamp in unix seconds"],
    ["another version", withHeader("webhook-signature", "v2,abc"), "webhook-signature is malformed"],
    ["no t=", withHeader("x-webhook-signature", `v1=${"0".repeat(64)}`), "X-Webhook-Signature is malformed"],
    ["no v1=", withHeader("x-webhook-signature", `t=${NOW}`), "X-Webhook-Signature is malformed"],
  ])("names the malformed part: %s", (_what, headers, note) => {
    const found = verdict({ headers });
    expect(found.signature).toBe("invalid");
    expect(found.signature_note).toContain(note);
  });

  it("refuses a signature made with another secret", () => {
    const headers = signedHeaders({ secret: `whsec_${Buffer.from("another key of 24+ bytes").toString("base64")}` });
    expect(verdict({ headers }).signature).toBe("invalid");
  });

  it("expects signatures where there is a secret", () => {
    expect(verdict({ headers: without("webhook-signature", "x-webhook-signature") })).toEqual({
      signature: "invalid",
      signature_note: expect.stringContaining("neither webhook-signature nor X-Webhook-Signature came"),
    });
  });

  it("calls unsigned only what has neither secret nor signature", () => {
    const sender: Sender = { kind: "unsigned" };
    expect(verdict({ sender, headers: without("webhook-signature", "x-webhook-signature") }).signature).toBe(
      "unsigned",
    );
    expect(verdict({ sender }).signature).toBe("invalid");
  });

  it("says what cannot be checked", () => {
    expect(verdict({ body: null })).toEqual({
      signature: "invalid",
      signature_note: expect.stringContaining("too large"),
    });
    expect(verdict({ sender: { kind: "unreadable" } })).toEqual({
      signature: "invalid",
      signature_note: expect.stringContaining("Regenerate the secret"),
    });
  });

  it("does not judge what no webhook of the project sent, however well it is signed", () => {
    expect(verdict({ sender: null })).toEqual({
      signature: "unknown",
      signature_note: expect.stringContaining("names no delivery of this project"),
    });
    expect(verdict({ sender: null, headers: new Headers() })).toEqual({
      signature: "unknown",
      signature_note: expect.stringContaining("no X-Webhook-Delivery header"),
    });
  });

  it("never writes the secret into the note", () => {
    for (const headers of [signedHeaders(), new Headers(), withHeader("webhook-signature", "x")]) {
      expect(verdict({ headers }).signature_note).not.toContain("MfKQ9r8G");
    }
  });
});
