import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSecretBox, open, SecretKeyError, seal } from "@/lib/crypto/secret-box";

describe("seal and open", () => {
  it("give back what was sealed, and never the same ciphertext twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (plaintext, context) => {
        const sealed = seal(plaintext, context);
        expect(open(sealed, context)).toBe(Buffer.from(plaintext).toString());
        expect(seal(plaintext, context)).not.toBe(sealed);
      }),
    );
  });

  it("do not open under another context, as after copying a row", () => {
    const sealed = seal("whsec_x", "webhook.secret:wh_1");
    expect(() => open(sealed, "webhook.secret:wh_2")).toThrow();
  });

  it("do not open after any change, nor with a shortened tag", () => {
    const sealed = seal("a secret", "context");
    const [version, key, nonce, payload = ""] = sealed.split(".");
    const bytes = Buffer.from(payload, "base64url");
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => open([version, key, nonce, changed.toString("base64url")].join("."), "context")).toThrow();
    }
    expect(() =>
      open([version, key, nonce, bytes.subarray(0, -12).toString("base64url")].join("."), "context"),
    ).toThrow();
    expect(() => open("plain text", "context")).toThrow("Not a sealed secret");
  });
});

describe("the keys of an installation", () => {
  const old = "the key of last year, which is long enough";
  const current = "the key of this year, which is long enough";

  it("open what the previous key sealed, and seal with the current one alone", () => {
    const sealed = createSecretBox({ current: old }).seal("a secret", "context");
    const both = createSecretBox({ current, previous: old });
    expect(both.open(sealed, "context")).toBe("a secret");
    expect(sealed.startsWith(both.currentPrefix)).toBe(false);
    const resealed = both.seal("a secret", "context");
    expect(resealed.startsWith(both.currentPrefix)).toBe(true);
    expect(createSecretBox({ current }).open(resealed, "context")).toBe("a secret");
    expect(() => createSecretBox({ current: old }).open(resealed, "context")).toThrow(SecretKeyError);
  });

  it("say which key is missing, and nothing of the secret", () => {
    const sealed = createSecretBox({ current: old }).seal("a secret", "context");
    const [, id = "?"] = sealed.split(".");
    const opening = () => createSecretBox({ current }).open(sealed, "context");
    expect(opening).toThrow(SecretKeyError);
    expect(opening).toThrow(id);
    expect(opening).toThrow("DUMONT_SECRET_KEY_PREVIOUS");
    expect(opening).not.toThrow("a secret");
  });

  it("open the format of earlier versions, which names no key, with either", () => {
    // Sealed by version 0.1.0 with this key and context.
    const key = "test-secret-key-that-is-long-enough-0123456789";
    const sealed = "v1.ePh_r85pst-ggTLk.B5nHOooo6qwz8-N7IhgZPgb0pgX1PZg-cSuVl4pQ7XA";
    expect(createSecretBox({ current: key }).open(sealed, "webhook.secret:wh_1")).toBe("whsec_from-0.1.0");
    expect(createSecretBox({ current, previous: key }).open(sealed, "webhook.secret:wh_1")).toBe("whsec_from-0.1.0");
    expect(() => createSecretBox({ current }).open(sealed, "webhook.secret:wh_1")).toThrow(SecretKeyError);
    expect(sealed.startsWith(createSecretBox({ current: key }).currentPrefix)).toBe(false);
  });
});
