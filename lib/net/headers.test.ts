import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCustomHeaders, MASK, maskSensitiveHeaders } from "@/lib/net/headers";

const FORBIDDEN = [
  ...["host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "te", "trailer"],
  ...["upgrade", "expect", "proxy-authorization", "proxy-connection", "user-agent", "webhook-id", "webhook-timestamp"],
  ...["webhook-signature", "x-webhook-signature", "x-webhook-event", "x-webhook-delivery", "x-webhook-attempt"],
  "x-webhook-anything",
];

describe("checkCustomHeaders", () => {
  it("accepts ordinary headers", () => {
    const headers = {
      Authorization: "Bearer abc.def",
      "X-Team": "gpu platform",
      "x-empty": "",
      "x_under.score~": "\tok",
    };
    expect(checkCustomHeaders(headers)).toEqual([]);
  });

  it.each(FORBIDDEN)("refuses %s in any case", (name) => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }), (upper) => {
        const spelled = [...name].map((char, index) => (upper[index] ? char.toUpperCase() : char)).join("");
        expect(checkCustomHeaders({ [spelled]: "x" })).toEqual([{ name: spelled, message: expect.any(String) }]);
      }),
      { numRuns: 20 },
    );
  });

  it.each(["", " ", "a b", "a:b", "a\nb", "a\r\nHost", "é", "a\u0000", "x-ok\u0130", "(x)", "x/y", "a".repeat(257)])(
    "refuses the name %j",
    (name) => {
      expect(checkCustomHeaders({ [name]: "x" })).toHaveLength(1);
    },
  );

  it("refuses __proto__ as a name", () => {
    const headers: Record<string, string> = Object.fromEntries([["__proto__", "x"]]);
    expect(checkCustomHeaders(headers)).toHaveLength(1);
  });

  it.each(["a\nb", "a\r\nx: y", "a\u0000b", "a\u007f", "é", "\u2028", MASK])(
    "refuses the value %j and does not repeat it",
    (value) => {
      const problems = checkCustomHeaders({ "x-a": value });
      expect(problems).toHaveLength(1);
      expect(JSON.stringify(problems)).not.toContain(value);
    },
  );

  it("bounds the length of values and the number of headers", () => {
    expect(checkCustomHeaders({ "x-a": "v".repeat(4096) })).toEqual([]);
    expect(checkCustomHeaders({ "x-a": "v".repeat(4097) })).toHaveLength(1);
    const many = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, "v"]));
    expect(checkCustomHeaders(many(20))).toEqual([]);
    expect(checkCustomHeaders(many(22))).toEqual([{ name: "x-20", message: expect.stringContaining("at most 20") }]);
  });

  it("refuses a name that is given twice in different case", () => {
    expect(checkCustomHeaders({ "X-A": "1", "x-a": "2" })).toEqual([{ name: "x-a", message: expect.any(String) }]);
  });
});

describe("maskSensitiveHeaders", () => {
  it.each([
    ...[
      "authorization",
      "Proxy-Authorization",
      "COOKIE",
      "Set-Cookie",
      "X-Auth-Token",
      "x-client-secret",
      "X-Password",
    ],
    ...["x-api-key", "X-ApiKey", "x_api_key", "x-aws-credential", "x-functions-key", "x-auth"],
  ])("masks %s", (name) => {
    expect(maskSensitiveHeaders({ [name]: "s3cret" })).toEqual({ [name]: MASK });
  });

  it("leaves the rest, the order and the given object alone", () => {
    const headers = { "x-team": "gpu", Authorization: "Bearer s3cret", "webhook-signature": "v1,abc", monkey: "m" };
    const masked = maskSensitiveHeaders(headers);
    expect(Object.entries(masked)).toEqual([
      ["x-team", "gpu"],
      ["Authorization", MASK],
      ["webhook-signature", "v1,abc"],
      ["monkey", "m"],
    ]);
    expect(headers.Authorization).toBe("Bearer s3cret");
  });
});
