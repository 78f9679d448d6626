import { describe, expect, it } from "vitest";
import { scrub } from "@/lib/log";
import { generateSecret } from "@/lib/webhooks/signing-key";

describe("scrub", () => {
  it.each([
    ["a shared secret", generateSecret()],
    ["an Ed25519 private key", generateSecret("ed25519")],
    ["an API key", "dmt_0123456789abcdef0123"],
  ])("takes %s out of a line, wherever it stands", (_what, secret) => {
    for (const line of [secret, `{"secret":"${secret}"}`, `Error: ${secret} is wrong`]) {
      expect(scrub(line)).not.toContain(secret.slice(6, 20));
      expect(scrub(line)).toContain("[redacted]");
    }
  });

  it("leaves public keys and words alone", () => {
    const line = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4= of wh_01k6q3v9y2e8pb5m7d4tzwx0ha";
    expect(scrub(line)).toBe(line);
  });
});
