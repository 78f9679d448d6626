import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { open, seal } from "@/lib/crypto/secret-box";

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
    const [version, nonce = "", payload = ""] = sealed.split(".");
    const bytes = Buffer.from(payload, "base64url");
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => open([version, nonce, changed.toString("base64url")].join("."), "context")).toThrow();
    }
    expect(() => open([version, nonce, bytes.subarray(0, -12).toString("base64url")].join("."), "context")).toThrow();
    expect(() => open("plain text", "context")).toThrow("Not a sealed secret");
  });
});
