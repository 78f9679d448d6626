import fc from "fast-check";
import { expect, it } from "vitest";
import { problemOf } from "@/examples/provisioner/verify.mjs";
import { signedHeaders } from "@/lib/compute/http/call";
import { generateSecret, toSigningKey } from "@/lib/webhooks/signing-key";

const NOW = 1_800_000_000;
const OTHER = generateSecret();
const secrets = fc.oneof(fc.constant(generateSecret()), fc.string({ minLength: 16, maxLength: 64 }));

/** What the reference provisioner makes of what Dumont sends. */
function judge(sent: { body: string; secret: string; timestamp: number }, accepted: string[], received = sent.body) {
  const key = toSigningKey(sent.secret);
  const headers = signedHeaders(sent.body, key, { id: "req_1", timestamp: sent.timestamp });
  return problemOf({ headers, body: Buffer.from(received), secrets: accepted, now: NOW });
}

it("the reference accepts whatever Dumont signs, by any of its secrets", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), secrets, fc.integer({ min: -300, max: 300 }), (body, secret, skew) => {
      expect(judge({ body, secret, timestamp: NOW + skew }, ["another-secret-0123", secret])).toBeNull();
    }),
  );
});

it("the reference refuses another secret, another body and another time", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), secrets, (body, more, secret) => {
      expect(judge({ body, secret, timestamp: NOW }, [OTHER])).toMatch(/signature/);
      expect(judge({ body, secret, timestamp: NOW }, [secret], body + more)).toMatch(/signature/);
      expect(judge({ body, secret, timestamp: NOW - 301 }, [secret])).toMatch(/timestamp/);
      expect(judge({ body, secret, timestamp: NOW + 301 }, [secret])).toMatch(/timestamp/);
    }),
  );
});
