import { subtle } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  generatePrivateKey,
  publicKeyText,
  readPrivateKey,
  readPublicKey,
  thumbprint,
  toJwk,
  verifyEd25519,
} from "@/lib/webhooks/ed25519";
import { signStandard, verifyStandard } from "@/lib/webhooks/signature";
import { toSigningKey } from "@/lib/webhooks/signing-key";

/** The test key and vector that the Standard Webhooks project publishes. */
const VECTOR = {
  secret: "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
  publicKey: "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: 1_614_265_330,
  payload: '{"test": 2432232314}',
  signature: "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
};
const key = toSigningKey(VECTOR.secret, "ed25519");
const text = `${VECTOR.id}.${VECTOR.timestamp}.${VECTOR.payload}`;

describe("Ed25519", () => {
  it("signs the published vector as published", () => {
    expect(signStandard({ ...VECTOR, secret: [key] })).toBe(VECTOR.signature);
    const pair = readPrivateKey(VECTOR.secret);
    expect(pair && publicKeyText(pair.publicKey)).toBe(VECTOR.publicKey);
  });

  it("is accepted by WebCrypto, which shares no code path with us, from the JWK alone", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 1, max: 4e9 }),
        async (payload, timestamp) => {
          const secret = generatePrivateKey();
          const pair = readPrivateKey(secret);
          if (!pair) throw new Error("A generated key cannot be read.");
          const keys = [toSigningKey(secret, "ed25519")];
          const header = signStandard({ id: "evt_1", timestamp, payload, secret: keys });
          const judge = await subtle.importKey("jwk", toJwk(pair.publicKey), "Ed25519", false, ["verify"]);
          const accepts = (body: string) =>
            subtle.verify(
              "Ed25519",
              judge,
              Buffer.from(header.replace("v1a,", ""), "base64"),
              Buffer.from(`evt_1.${timestamp}.${body}`),
            );
          expect(await accepts(payload)).toBe(true);
          expect(await accepts(`${payload} `)).toBe(false);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("refuses every single-bit change of the signature, and of the message", () => {
    const publicKey = readPublicKey(VECTOR.publicKey);
    if (!publicKey) throw new Error("The published key cannot be read.");
    const signature = VECTOR.signature.replace("v1a,", "");
    expect(verifyEd25519(publicKey, text, signature)).toBe(true);
    const bytes = Buffer.from(signature, "base64");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyEd25519(publicKey, text, changed.toString("base64"))).toBe(false);
    }
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0, max: 6 }), (index, bit) => {
        const changed = Buffer.from(text);
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        expect(verifyEd25519(publicKey, changed.toString("latin1"), signature)).toBe(false);
      }),
    );
  });

  it("refuses other spellings of a good signature, and what is none", () => {
    const verdict = (header: string) => verifyStandard({ ...VECTOR, secret: [key], header, now: VECTOR.timestamp });
    expect(verdict(VECTOR.signature)).toEqual({ ok: true });
    expect(verdict(`v1,abc ${VECTOR.signature}`)).toEqual({ ok: true });
    for (const header of [
      `${VECTOR.signature}=`,
      `${VECTOR.signature}AA`,
      "v1a,",
      VECTOR.signature.replace("v1a", "v1"),
    ]) {
      expect(verdict(header)).toEqual({ ok: false, reason: "mismatch" });
    }
    expect(verdict("")).toEqual({ ok: false, reason: "malformed" });
    expect(verifyStandard({ ...VECTOR, secret: [key], header: VECTOR.signature, now: VECTOR.timestamp + 301 })).toEqual(
      {
        ok: false,
        reason: "stale",
      },
    );
  });
});

describe("readPrivateKey", () => {
  it.each([
    ["a shared secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["a public key", VECTOR.publicKey],
    ["too few bytes", `whsk_${Buffer.alloc(32).toString("base64")}`],
    ["a public half of another key", `whsk_${Buffer.alloc(64, 7).toString("base64")}`],
    ["no base64", `${VECTOR.secret.slice(0, -1)}!`],
    ["nothing", ""],
  ])("refuses %s", (_what, secret) => {
    expect(readPrivateKey(secret)).toBeNull();
  });

  it("reads what it generates, never the same twice", () => {
    const made = Array.from({ length: 20 }, generatePrivateKey);
    expect(new Set(made).size).toBe(20);
    for (const secret of made) expect(readPrivateKey(secret)).not.toBeNull();
  });
});

describe("thumbprint", () => {
  it("is that of the key in RFC 8037, appendix A.3", () => {
    const jwk = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" } as const;
    expect(thumbprint(jwk)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  });
});
