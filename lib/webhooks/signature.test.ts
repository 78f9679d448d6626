import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { sign, signStandard, TOLERANCE_S, verify, verifyStandard } from "@/lib/webhooks/signature";
import { generateSecret, toSigningKey } from "@/lib/webhooks/signing-key";

const stripe = new Stripe("sk_test_unused");
const now = () => Math.floor(Date.now() / 1000);
const secrets = fc.oneof(
  fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => `whsec_${Buffer.from(bytes).toString("base64")}`),
  fc.string({ unit: "grapheme-ascii", minLength: 16, maxLength: 256 }),
);
const payloads = fc.json().map((json) => JSON.stringify({ data: JSON.parse(json) }));

describe("X-Webhook-Signature", () => {
  it("is accepted by Stripe's library, whatever the payload and the secret", () => {
    fc.assert(
      fc.property(payloads, secrets, (payload, secret) => {
        const header = sign(payload, secret, now());
        expect(() => stripe.webhooks.signature?.verifyHeader(payload, header, secret, TOLERANCE_S)).not.toThrow();
      }),
    );
  });

  it("verifies what was signed and nothing else", () => {
    fc.assert(
      fc.property(payloads, secrets, fc.integer({ min: 1, max: 4_000_000_000 }), (payload, secret, timestamp) => {
        const header = sign(payload, secret, timestamp);
        expect(verify({ header, payload, secret, now: timestamp })).toEqual({ ok: true });
        expect(verify({ header, payload: `${payload} `, secret, now: timestamp })).toEqual({
          ok: false,
          reason: "mismatch",
        });
        expect(verify({ header, payload, secret: `${secret}x`, now: timestamp })).toEqual({
          ok: false,
          reason: "mismatch",
        });
        const moved = header.replace(`t=${timestamp}`, `t=${timestamp + 1}`);
        expect(verify({ header: moved, payload, secret, now: timestamp })).toEqual({ ok: false, reason: "mismatch" });
      }),
    );
  });

  it("refuses every single-bit change of the signature", () => {
    const header = sign("{}", "a secret of some length", 1_700_000_000);
    const start = header.indexOf("v1=") + 3;
    for (let index = start; index < header.length; index += 1) {
      const changed = header[index] === "0" ? "1" : "0";
      const forged = header.slice(0, index) + changed + header.slice(index + 1);
      expect(verify({ header: forged, payload: "{}", secret: "a secret of some length", now: 1_700_000_000 }).ok).toBe(
        false,
      );
    }
  });

  it("accepts the tolerance either way and not a second more", () => {
    const verdict = (age: number) =>
      verify({
        header: sign("{}", "sixteen-characters", 1_000_000),
        payload: "{}",
        secret: "sixteen-characters",
        now: 1_000_000 + age,
      });
    expect(verdict(TOLERANCE_S)).toEqual({ ok: true });
    expect(verdict(-TOLERANCE_S)).toEqual({ ok: true });
    expect(verdict(TOLERANCE_S + 1)).toEqual({ ok: false, reason: "stale" });
    expect(verdict(-TOLERANCE_S - 1)).toEqual({ ok: false, reason: "stale" });
  });

  it.each(["", "t=1", "v1=00", "t=x,v1=00", `v0=${"0".repeat(64)},t=1`])("calls %j malformed", (header) => {
    expect(verify({ header, payload: "{}", secret: "sixteen-characters", now: 1 })).toEqual({
      ok: false,
      reason: "malformed",
    });
  });
});

describe("webhook-signature", () => {
  it("is accepted by the Standard Webhooks library, for generated and for brought secrets", () => {
    fc.assert(
      fc.property(payloads, secrets, (payload, secret) => {
        const timestamp = now();
        const headers = {
          "webhook-id": "evt_1",
          "webhook-timestamp": String(timestamp),
          "webhook-signature": signStandard({ id: "evt_1", timestamp, payload, secret }),
        };
        const judge = secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" });
        expect(() => judge.verify(payload, headers)).not.toThrow();
        expect(() => judge.verify(`${payload} `, headers)).toThrow();
      }),
    );
  });

  it("verifies among several signatures, as while a rotation overlaps", () => {
    const message = { id: "evt_1", timestamp: 1_700_000_000, payload: "{}" };
    const header = [
      signStandard({ ...message, secret: generateSecret() }),
      signStandard({ ...message, secret: "the-present-secret" }),
    ].join(" ");
    expect(verifyStandard({ ...message, header, secret: "the-present-secret", now: message.timestamp })).toEqual({
      ok: true,
    });
    expect(verifyStandard({ ...message, header, secret: "another-secret-xx", now: message.timestamp }).ok).toBe(false);
  });
});

describe("generateSecret", () => {
  it("has 32 random bytes behind the prefix and is never the same", () => {
    const made = Array.from({ length: 100 }, generateSecret);
    expect(new Set(made).size).toBe(100);
    for (const secret of made) expect(Buffer.from(secret.replace("whsec_", ""), "base64")).toHaveLength(32);
  });
});

describe("several keys, as during a rotation", () => {
  const secretsOf = fc.array(secrets, { minLength: 1, maxLength: 6 });

  it("each library accepts with any one of the secrets", () => {
    fc.assert(
      fc.property(payloads, secretsOf, (payload, all) => {
        const timestamp = now();
        const keys = all.map((secret) => toSigningKey(secret));
        const headers = {
          "webhook-id": "evt_1",
          "webhook-timestamp": String(timestamp),
          "webhook-signature": signStandard({ id: "evt_1", timestamp, payload, secret: keys }),
        };
        const header = sign(payload, keys, timestamp);
        expect(headers["webhook-signature"].split(" ")).toHaveLength(all.length);
        for (const secret of all) {
          const judge = secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" });
          expect(() => judge.verify(payload, headers)).not.toThrow();
          expect(() => stripe.webhooks.signature?.verifyHeader(payload, header, secret, TOLERANCE_S)).not.toThrow();
        }
      }),
      { numRuns: 30 },
    );
  });

  it("leave Ed25519 keys out of Stripe's scheme", () => {
    const keys = [toSigningKey(generateSecret("ed25519"), "ed25519"), toSigningKey("sixteen-characters")];
    expect(sign("{}", keys, 1)).toBe(sign("{}", "sixteen-characters", 1));
    expect(signStandard({ id: "evt_1", timestamp: 1, payload: "{}", secret: keys })).toMatch(/^v1a,\S+ v1,\S+$/);
  });
});
