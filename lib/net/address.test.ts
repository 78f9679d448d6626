import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEgressPolicy, EgressPolicyError, isPublicAddress } from "@/lib/net/address";

/**
 * The second opinion: its own parser and the ranges as first and last address, written down from the IANA
 * special-purpose registries and not derived from the tables under test.
 */
const NOT_PUBLIC_IPV4 = [
  ["0.0.0.0", "0.255.255.255"],
  ["10.0.0.0", "10.255.255.255"],
  ["100.64.0.0", "100.127.255.255"],
  ["127.0.0.0", "127.255.255.255"],
  ["168.63.129.16", "168.63.129.16"],
  ["169.254.0.0", "169.254.255.255"],
  ["172.16.0.0", "172.31.255.255"],
  ["192.0.0.0", "192.0.0.255"],
  ["192.0.2.0", "192.0.2.255"],
  ["192.88.99.0", "192.88.99.255"],
  ["192.168.0.0", "192.168.255.255"],
  ["198.18.0.0", "198.19.255.255"],
  ["198.51.100.0", "198.51.100.255"],
  ["203.0.113.0", "203.0.113.255"],
  ["224.0.0.0", "255.255.255.255"],
] as const;

function ipv4Value(text: string): number {
  return text.split(".").reduce((value, octet) => value * 256 + Number(octet), 0);
}

const notPublicIpv4 = NOT_PUBLIC_IPV4.map(([first, last]) => [ipv4Value(first), ipv4Value(last)] as const);

function isPublicIpv4(value: number): boolean {
  return !notPublicIpv4.some(([first, last]) => value >= first && value <= last);
}

function isPublicIpv6(groups: readonly number[]): boolean {
  const [a = 0, b = 0] = groups;
  const isAllocated = a >= 0x2000 && a <= 0x3fff;
  const isProtocolAssignment = a === 0x2001 && b <= 0x01ff;
  const isDocumentation = (a === 0x2001 && b === 0x0db8) || (a === 0x3fff && b <= 0x0fff);
  return isAllocated && !isProtocolAssignment && !isDocumentation && a !== 0x2002;
}

const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
/** Addresses at and beside the borders, where a wrong prefix length would show. */
const borders = fc
  .constantFrom(...NOT_PUBLIC_IPV4.flat())
  .chain((edge) =>
    fc.integer({ min: -2, max: 2 }).map((step) => Math.min(Math.max(ipv4Value(edge) + step, 0), 2 ** 32 - 1)),
  );
const ipv4 = fc.oneof(
  octets.map((parts) => ipv4Value(parts.join("."))),
  borders,
);
const group = fc.oneof(
  fc.nat(0xffff),
  fc.constantFrom(0, 1, 0x64, 0x1ff, 0x200, 0xdb7, 0xdb8, 0xdb9, 0xfff, 0x1000, 0x7f00, 0xa9fe, 0xff9b),
  fc.constantFrom(0x1fff, 0x2000, 0x2001, 0x2002, 0x2003, 0x3ffe, 0x3fff, 0x4000, 0xfc00, 0xfe80, 0xff02, 0xffff),
);
const ipv6 = fc.array(group, { minLength: 8, maxLength: 8 });

function dotted(value: number): string {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join(".");
}

describe("isPublicAddress", () => {
  it("agrees with an independent predicate on IPv4", () => {
    fc.assert(
      fc.property(ipv4, (value) => {
        expect(isPublicAddress(dotted(value))).toBe(isPublicIpv4(value));
      }),
      { numRuns: 5_000 },
    );
  });

  it("agrees with an independent predicate on IPv6, however it is written", () => {
    fc.assert(
      fc.property(ipv6, (groups) => {
        const expected = isPublicIpv6(groups);
        const plain = groups.map((value) => value.toString(16)).join(":");
        const padded = groups.map((value) => value.toString(16).padStart(4, "0").toUpperCase()).join(":");
        const compressed = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
        for (const text of [plain, padded, compressed]) expect(isPublicAddress(text)).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it("agrees with it on a million random addresses", () => {
    const ipv4 = crypto.getRandomValues(new Uint32Array(16_384));
    const ipv6 = new Uint16Array(8 * 4_096);
    const differences: string[] = [];
    for (let round = 0; round < 50; round += 1) {
      for (const value of crypto.getRandomValues(ipv4)) {
        if (isPublicAddress(dotted(value)) !== isPublicIpv4(value)) differences.push(dotted(value));
      }
      crypto.getRandomValues(ipv6);
      for (let start = 0; start < ipv6.length; start += 8) {
        const groups = [...ipv6.subarray(start, start + 8)];
        // Half of them within what is allocated, where the exceptions are.
        if (start % 16 === 0) groups[0] = 0x2000 | ((groups[0] ?? 0) & 0x1fff);
        const text = groups.map((value) => value.toString(16)).join(":");
        if (isPublicAddress(text) !== isPublicIpv6(groups)) differences.push(text);
      }
    }
    expect(differences).toEqual([]);
  });

  it("refuses every way to carry an IPv4 address in IPv6, public or not", () => {
    fc.assert(
      fc.property(ipv4, (value) => {
        const high = (value >>> 16).toString(16);
        const low = (value & 0xffff).toString(16);
        const carriers = [
          `::ffff:${dotted(value)}`,
          `::${dotted(value)}`,
          `::ffff:0:${high}:${low}`,
          `64:ff9b::${dotted(value)}`,
          `64:ff9b:1::${high}:${low}`,
          `2002:${high}:${low}::1`,
          `2001:0:${high}:${low}::1`,
        ];
        for (const carrier of carriers) expect(isPublicAddress(carrier)).toBe(false);
      }),
    );
  });

  it.each([
    "",
    "localhost",
    "example.com",
    "1.2.3",
    "1.2.3.4.5",
    "[2600::1]",
    "2600::1%eth0",
    "8.8.8.8 ",
    "0x08080808",
  ])("is false for %j, which is not an address", (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});

describe("createEgressPolicy", () => {
  it("allows nothing when nothing is listed", () => {
    const policy = createEgressPolicy([]);
    expect(policy.hasRanges).toBe(false);
    expect(policy.rangeAllowance("127.0.0.1", 80)).toBe("none");
    expect(policy.hostAllowance("localhost", 80)).toBe("none");
  });

  it.each([
    ["127.0.0.0/8", "127.9.9.9", 1, "any-port"],
    ["127.0.0.0/8", "128.0.0.1", 1, "none"],
    ["10.1.2.3", "10.1.2.3", 1, "any-port"],
    ["10.1.2.3", "10.1.2.4", 1, "none"],
    ["10.0.0.0/8:8080", "10.1.2.3", 8080, "this-port"],
    ["10.0.0.0/8:8080", "10.1.2.3", 8081, "none"],
    ["fd00::/8", "fd12::1", 1, "any-port"],
    ["fd00::1", "fd00::1", 1, "any-port"],
    ["[fd00::1]", "fd00::1", 1, "any-port"],
    ["[fd00::1]:8080", "fd00::1", 8080, "this-port"],
    ["[fd00::1]:8080", "fd00::1", 8081, "none"],
    ["[fd00::/8]:8080", "fd12::1", 8080, "this-port"],
    ["[fd00::]/8:8080", "fd12::1", 8080, "this-port"],
    ["fd00::/8", "fe80::1", 1, "none"],
    ["0.0.0.0/0", "::1", 1, "none"],
    ["fe80::/10", "fe80::1%eth0", 1, "none"],
  ] as const)("%s: %s on port %i is %s", (entry, address, port, expected) => {
    const policy = createEgressPolicy([entry]);
    expect(policy.hasRanges).toBe(true);
    expect(policy.rangeAllowance(address, port)).toBe(expected);
  });

  it.each([
    ["hooks.internal", "hooks.internal", 1, "any-port"],
    ["Hooks.Internal.", "hooks.internal", 1, "any-port"],
    ["hooks.internal", "hooks.internal.", 1, "any-port"],
    ["hooks.internal", "x.hooks.internal", 1, "none"],
    ["hooks.internal:8080", "hooks.internal", 8080, "this-port"],
    ["hooks.internal:8080", "hooks.internal", 8081, "none"],
    ["bücher.internal", "xn--bcher-kva.internal", 1, "any-port"],
    ["localhost", "localhost", 1, "any-port"],
  ] as const)("%s: %s on port %i is %s", (entry, hostname, port, expected) => {
    const policy = createEgressPolicy([entry]);
    expect(policy.hasRanges).toBe(false);
    expect(policy.hostAllowance(hostname, port)).toBe(expected);
  });

  it("names every entry that cannot be read and says what is wrong with it", () => {
    const wrong = {
      "10.0.0.0/33": "length must be from 0 to 32",
      "fd00::/129": "length must be from 0 to 128",
      "10.0.0.0/": "length must be from 0 to 32",
      "10.0.0.0/8/8": "length must be from 0 to 32",
      "10.0.0.0/8:0": "port must be from 1 to 65535",
      "hooks.internal:65536": "port must be from 1 to 65535",
      "http://hooks.internal": "without a scheme",
      "*.internal": "wildcards are not supported",
      "hooks.internal/8": "a CIDR is",
      "127.1": "write the address in full: 127.0.0.1",
      "2130706433": "write the address in full: 127.0.0.1",
      "user@hooks.internal": "not a CIDR",
      "fe80::1%eth0": "not a CIDR",
      "a b": "not a CIDR",
      "": "not a CIDR",
    };
    const read = (): unknown => createEgressPolicy(["127.0.0.1", ...Object.keys(wrong)]);
    expect(read).toThrow(EgressPolicyError);
    const lines = errorText(read).split("\n").slice(1);
    expect(lines).toEqual(
      Object.entries(wrong).map(([entry, problem]) =>
        expect.stringMatching(`^  "${quoted(entry)}": .*${quoted(problem)}`),
      ),
    );
  });
});

function errorText(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return "";
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
