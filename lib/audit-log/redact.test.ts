import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "@/lib/audit-log/redact";
import { AUDIT_LIMITS } from "@/lib/contracts/audit-log";

describe("what the audit log keeps of a request", () => {
  it("keeps what was asked for", () => {
    const body = { url: "https://example.com/hooks", enabled: false, event_types: ["instance.*"], max_in_flight: 4 };
    expect(redact(body)).toEqual(body);
  });

  it.each(["secret", "current_password", "token", "headers", "api_key", "Authorization", "Set-Cookie", "signature"])(
    "never keeps the value of %s, however deep",
    (name) => {
      const kept = JSON.stringify(redact({ [name]: "open sesame", inner: { [name]: { a: "open sesame" } } }));
      expect(kept).not.toContain("open sesame");
      expect(kept).toContain("[redacted]");
    },
  );

  it("hides what looks like a secret under a harmless name, and what an address carries", () => {
    const kept = JSON.stringify(
      redact({ note: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", url: "https://ada:pw@example.com/h?key=abc#frag" }),
    );
    expect(kept).not.toMatch(/MfKQ9r8GKYqr|ada|pw@|abc|frag/);
    expect(kept).toContain("https://example.com/h?");
  });

  it("cuts what is long, deep or many, and says so", () => {
    const kept = redact({
      text: "x".repeat(10_000),
      list: Array.from({ length: 100 }, (_, i) => i),
      deep: { a: { b: { c: { d: 1 } } } },
    });
    expect(String(kept.text)).toHaveLength(AUDIT_LIMITS.textLength);
    expect(kept.list).toHaveLength(AUDIT_LIMITS.members + 1);
    expect(JSON.stringify(kept.deep)).toContain("…");
  });

  it("always answers what PostgreSQL can store, of bounded size", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: false }), (value) => {
        const text = JSON.stringify(redact(value));
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toContain("\\u0000");
      }),
    );
  });
});
