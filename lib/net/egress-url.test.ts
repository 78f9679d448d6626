import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEgressPolicy } from "@/lib/net/address";
import { checkUrl, EgressDenied, type EgressLayer } from "@/lib/net/egress-url";
import { isOwnReceiver } from "@/lib/net/own-receiver";

const nothing = createEgressPolicy([]);

function layerOf(
  raw: string,
  policy = nothing,
  rules: Parameters<typeof checkUrl>[2] = { http: "everywhere" },
): EgressLayer | "allowed" {
  try {
    checkUrl(raw, policy, rules);
    return "allowed";
  } catch (error) {
    if (error instanceof EgressDenied) return error.layer;
    throw error;
  }
}

/** The spellings of an IPv4 address that the URL standard understands. */
function spellings(octets: readonly number[]): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = octets;
  const value = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (part: number): string => `0x${part.toString(16)}`;
  const octal = (part: number): string => `0${part.toString(8)}`;
  const dotted = octets.join(".");
  return [
    dotted,
    `${dotted}.`,
    String(value),
    hex(value),
    octal(value),
    octets.map(hex).join("."),
    octets.map(octal).join("."),
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `${octal(a)}.${hex((b * 256 + c) * 256 + d)}`,
    dotted.replaceAll(".", "%2e"),
    dotted.replaceAll(".", "。"),
    dotted.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    `[::ffff:${dotted}]`,
    `[64:ff9b::${dotted}]`,
  ];
}

const internalOctets = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.integer({ min: 224, max: 255 }), fc.nat(255), fc.nat(255), fc.nat(255)),
);

describe("checkUrl", () => {
  it("sees through every spelling of an internal address", () => {
    fc.assert(
      fc.property(
        internalOctets,
        fc.constantFrom("", ":8080", ":443"),
        fc.constantFrom("http", "https"),
        (octets, port, scheme) => {
          for (const host of spellings(octets)) expect(layerOf(`${scheme}://${host}${port}/x`)).toBe("ip-literal");
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("lets public addresses through in any spelling of IPv4 itself", () => {
    for (const host of spellings([93, 184, 216, 34]).filter((text) => !text.startsWith("["))) {
      expect(checkUrl(`https://${host}/x`, nothing, { http: "nowhere" }).hostname).toBe("93.184.216.34");
    }
  });

  it("never lets anything but https, and http where it is enabled, through", () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.constantFrom("ftp", "ws", "wss", "file", "data", "gopher"), (url, scheme) => {
        expect(layerOf(url.replace(/^https?/, scheme))).toMatch(/scheme|parse|length/);
      }),
    );
    expect(layerOf("http://example.com/", nothing, { http: "nowhere" })).toBe("scheme");
    expect(layerOf("http://example.com/", nothing, { http: "everywhere" })).toBe("allowed");
    expect(layerOf("https://example.com/", nothing, { http: "nowhere" })).toBe("allowed");
  });

  it("accepts http for the operator's own destinations alone where that is the rule", () => {
    const policy = createEgressPolicy(["10.1.0.0/16", "hooks.intern.example", "box.internal:9000"]);
    const rule = { http: "allowed-only" } as const;
    expect(layerOf("http://10.1.2.3:8080/x", policy, rule)).toBe("allowed");
    expect(layerOf("http://hooks.intern.example/x", policy, rule)).toBe("allowed");
    expect(layerOf("http://box.internal:9000/x", policy, rule)).toBe("allowed");
    expect(layerOf("http://example.com/x", policy, rule)).toBe("scheme");
    expect(layerOf("http://93.184.216.34/x", policy, rule)).toBe("scheme");
    expect(layerOf("http://example.com/x", nothing, rule)).toBe("scheme");
    expect(layerOf("https://example.com/x", policy, rule)).toBe("allowed");
  });

  it("never throws anything but EgressDenied", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string().map((text) => `https://${text}`),
        ),
        (raw) => {
          layerOf(raw);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["http://@127.0.0.1/", "credentials"],
    ["  https://@example.com/", "credentials"],
    ["https://:@example.com/", "credentials"],
    ["https://example.com:0/", "port"],
    ["https://example.com:1023/", "port"],
    ["https://example.com:1024/", "allowed"],
    ["http://example.com:443/", "allowed"],
    ["https://example.com:80/", "allowed"],
    ["https://example..com/", "hostname"],
    ["https://example.com../", "hostname"],
    ["https://example.com./", "allowed"],
    ["https://ex+ample.com/", "hostname"],
    ["https://under_score.example.com/", "allowed"],
    [`https://example.com/${"é".repeat(400)}`, "length"],
  ] as const)("%s: %s", (raw, expected) => {
    expect(layerOf(raw)).toBe(expected);
  });

  it("returns the parsed URL", () => {
    expect(checkUrl("HTTPS://EXAMPLE.com/a/../b?c#d", nothing, { http: "nowhere" }).href).toBe(
      "https://example.com/b?c#d",
    );
  });
});

describe("checkUrl with exceptions of the operator", () => {
  it.each([
    ["127.0.0.0/8", "http://127.0.0.1:9000/", "allowed"],
    ["127.0.0.0/8", "http://2130706433:9000/", "allowed"],
    ["127.0.0.0/8", "http://10.0.0.1:9000/", "ip-literal"],
    ["127.0.0.0/8", "http://[::1]:9000/", "ip-literal"],
    ["127.0.0.0/8", "http://127.0.0.1:22/", "port"],
    ["127.0.0.0/8", "http://127.0.0.1:6379/", "port"],
    ["127.0.0.1:6379", "http://127.0.0.1:6379/", "allowed"],
    ["127.0.0.1:6379", "http://127.0.0.1:6380/", "ip-literal"],
    ["127.0.0.1:22", "http://127.0.0.1:22/", "allowed"],
    ["127.0.0.1:22", "http://example.com:22/", "port"],
    ["[::1]:9000", "http://[::1]:9000/", "allowed"],
    // An internal name passes for the ranges' sake; the look-up insists that it leads into one.
    ["127.0.0.0/8", "http://localhost:9000/", "allowed"],
    ["127.0.0.0/8", "http://redis/", "allowed"],
    ["localhost", "http://localhost:9000/", "allowed"],
    ["localhost", "http://LOCALHOST.:9000/", "allowed"],
    ["localhost", "http://127.0.0.1:9000/", "ip-literal"],
    ["localhost", "http://sub.localhost:9000/", "hostname"],
    ["localhost:9000", "http://localhost:9001/", "hostname"],
    ["hooks.internal:25", "http://hooks.internal:25/", "allowed"],
    ["hooks.internal", "http://hooks.internal:25/", "port"],
    ["hooks.internal", "http://user@hooks.internal/", "credentials"],
    ["hooks.internal", "ftp://hooks.internal/", "scheme"],
  ] as const)("EGRESS_ALLOW=%s: %s is %s", (entry, raw, expected) => {
    expect(layerOf(raw, createEgressPolicy([entry]))).toBe(expected);
  });
});

describe("the exception for the console's own test receiver", () => {
  const origin = "http://localhost:3000";
  const token = "abcdefghij_KLMNOP-012345";

  it("is exactly /receiver/<token> of the console", () => {
    const url = `${origin}/receiver/${token}`;
    expect(isOwnReceiver(url, origin)).toBe(true);
    expect(layerOf(url, nothing, { http: "nowhere", selfOrigin: origin })).toBe("allowed");
    expect(layerOf(url, nothing, { http: "everywhere" })).toBe("hostname");
  });

  it.each([
    `${origin}/receiver/${token}/`,
    `${origin}/receiver/${token}?x`,
    `${origin}/receiver/${token}?`,
    `${origin}/receiver/${token}#x`,
    `${origin}/receiver/${token}#`,
    `${origin}/receiver/${token}\n`,
    `${origin}/receiver/${token}\t`,
    ` ${origin}/receiver/${token}`,
    `${origin}/receiver/../api/v1/projects`,
    `${origin}/receiver/${token}/../../api`,
    `${origin}/receiver/%2e%2e/api`,
    `${origin}/receiver/..%2fapi%2fv1%2fprojects`,
    `${origin}/receiver%2f${token}`,
    `${origin}/receiver/${token}%2f..%2fapi`,
    `${origin}//receiver/${token}`,
    `${origin}/receiver//${token}`,
    `${origin}\\receiver\\${token}`,
    `${origin}/Receiver/${token}`,
    `${origin}/x/receiver/${token}`,
    `${origin}/api/v1/projects/receiver/${token}`,
    `${origin}/receiver/${token.slice(0, 15)}`,
    `${origin}/receiver/${"a".repeat(65)}`,
    `${origin}/receiver/`,
    `${origin}/receiver`,
    `${origin}/`,
    `http://localhost:3001/receiver/${token}`,
    `http://localhost/receiver/${token}`,
    `http://localhost:30000/receiver/${token}`,
    `https://localhost:3000/receiver/${token}`,
    `http://user@localhost:3000/receiver/${token}`,
    `http://@localhost:3000/receiver/${token}`,
    `http://user:pass@localhost:3000/receiver/${token}`,
    `http://localhost:3000@169.254.169.254/receiver/${token}`,
    `http://LOCALHOST:3000/receiver/${token}`,
    `http://localhost.:3000/receiver/${token}`,
    `http://127.0.0.1:3000/receiver/${token}`,
    `http://[::1]:3000/receiver/${token}`,
    `http:localhost:3000/receiver/${token}`,
    `http:///localhost:3000/receiver/${token}`,
    `//localhost:3000/receiver/${token}`,
    `http://localhost:3000.example.com/receiver/${token}`,
  ])("does not cover %j", (raw) => {
    expect(isOwnReceiver(raw, origin)).toBe(false);
    expect(layerOf(raw, nothing, { http: "everywhere", selfOrigin: origin })).not.toBe("allowed");
  });

  it("leads to the receiver's path whatever the token", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80 }), (tail) => {
        const raw = `${origin}/receiver/${tail}`;
        if (isOwnReceiver(raw, origin)) expect(new URL(raw).pathname).toBe(`/receiver/${tail}`);
      }),
    );
  });
});

describe("what a refusal tells", () => {
  it("names a literal address, which the tenant wrote", () => {
    expect(() => checkUrl("http://2130706433/", nothing, { http: "everywhere" })).toThrow(
      "The address 127.0.0.1 is not a public address.",
    );
  });

  it("has the code EGRESS_DENIED", () => {
    expect(() => checkUrl("", nothing, { http: "everywhere" })).toThrow(
      expect.objectContaining({ code: "EGRESS_DENIED" }),
    );
  });
});
