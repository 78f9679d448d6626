import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import { env } from "@/lib/env";

/** How far the operator has allowed a destination: not at all, on every ordinary port, or on exactly this port. */
export type Allowance = "none" | "any-port" | "this-port";

/** What the operator lets deliveries reach although it is internal. Everything else must be a public address. */
export interface EgressPolicy {
  /** Whether any CIDR or address is allowed; without one, internal names can be refused before they are looked up. */
  readonly hasRanges: boolean;
  /** @param hostname as the URL parser gives it: lower case, punycode, with or without a trailing dot. */
  hostAllowance(hostname: string, port: number): Allowance;
  /** @param address an IPv4 or IPv6 address without brackets. */
  rangeAllowance(address: string, port: number): Allowance;
}

export class EgressPolicyError extends Error {
  override name = "EgressPolicyError";
}

/** Special-purpose IPv4 blocks of the IANA registry that are not globally reachable, and Azure's wire server. */
const IPV4_DENIED = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

/** Blocks inside 2000::/3 that are protocol assignments, documentation, or carry an IPv4 address (Teredo, 6to4). */
const IPV6_DENIED = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const denied = new BlockList();
for (const [network, prefix] of IPV4_DENIED) denied.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of IPV6_DENIED) denied.addSubnet(network, prefix, "ipv6");

const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/**
 * Whether an address is globally reachable unicast. Default deny: of IPv6 only 2000::/3 can pass, which refuses
 * loopback, mapped, translated, NAT64, unique local, link-local, multicast and unallocated addresses without naming
 * them. Anything that is not a plain address (a name, a zone id, brackets) is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !denied.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  return globalUnicast.check(address, "ipv6") && !denied.check(address, "ipv6");
}

/**
 * Reads the operator's exceptions: CIDRs, addresses and host names, each optionally with `:port` (IPv6 with a port in
 * brackets: `[fd00::1]:8080`, `[fd00::/8]:8080`). A host name allows whatever it resolves to; a CIDR or address allows
 * itself as a literal and names that resolve into it. An entry with a port allows only that port, but then even one
 * that is refused otherwise, such as a database's.
 * @throws EgressPolicyError with one line per entry that cannot be read.
 */
export function createEgressPolicy(entries: readonly string[]): EgressPolicy {
  const hosts = new Map<string, Set<number | undefined>>();
  const ranges = new Map<number | undefined, BlockList>();
  const problems: string[] = [];
  for (const entry of entries) {
    const parsed = parseEntry(entry.trim());
    if ("problem" in parsed) problems.push(`  "${entry}": ${parsed.problem}`);
    else if ("host" in parsed) hosts.set(parsed.host, (hosts.get(parsed.host) ?? new Set()).add(parsed.port));
    else {
      const list = ranges.get(parsed.port) ?? new BlockList();
      list.addSubnet(parsed.network, parsed.prefix, isIPv4(parsed.network) ? "ipv4" : "ipv6");
      ranges.set(parsed.port, list);
    }
  }
  if (problems.length > 0) throw new EgressPolicyError(`EGRESS_ALLOW is not usable:\n${problems.join("\n")}`);

  const inRange = (address: string, port: number | undefined): boolean =>
    ranges.get(port)?.check(address, isIPv4(address) ? "ipv4" : "ipv6") ?? false;

  return {
    hasRanges: ranges.size > 0,
    hostAllowance(hostname, port) {
      const ports = hosts.get(withoutTrailingDot(hostname));
      if (ports?.has(port)) return "this-port";
      return ports?.has(undefined) ? "any-port" : "none";
    },
    rangeAllowance(address, port) {
      if (isIP(address) === 0 || address.includes("%")) return "none";
      if (inRange(address, port)) return "this-port";
      return inRange(address, undefined) ? "any-port" : "none";
    },
  };
}

let configured: EgressPolicy | undefined;

/**
 * The policy of this installation, from the variable EGRESS_ALLOW; read once.
 * @throws EgressPolicyError; call it at start, so that a wrong entry stops the process.
 */
export function egressPolicy(): EgressPolicy {
  configured ??= createEgressPolicy(env.EGRESS_ALLOW);
  return configured;
}

/** A fully qualified `example.com.` is the same host as `example.com`. */
export function withoutTrailingDot(hostname: string): string {
  return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
}

type Entry =
  | { host: string; port: number | undefined }
  | { network: string; prefix: number; port: number | undefined }
  | { problem: string };

function parseEntry(entry: string): Entry {
  if (entry.includes("//")) return { problem: "write only the host, without a scheme or path" };
  if (entry.includes("*")) return { problem: "wildcards are not supported; list each host, or the CIDR it is in" };
  const { rest, port } = splitPort(entry);
  if (port !== undefined && (port < 1 || port > 65_535)) return { problem: "the port must be from 1 to 65535" };

  const [network = "", prefixText, ...more] = rest.split("/");
  const family = isIP(network);
  if (family === 0 || network.includes("%")) {
    if (prefixText !== undefined) return { problem: "a CIDR is an IPv4 or IPv6 address, a slash and a length" };
    return parseHost(rest, port);
  }
  const longest = family === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? longest : /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : -1;
  if (more.length > 0 || prefix < 0 || prefix > longest) return { problem: `the length must be from 0 to ${longest}` };
  return { network, prefix, port };
}

/** Separates `:port` from an entry; a bare IPv6 address has colons of its own, so there the brackets decide. */
function splitPort(entry: string): { rest: string; port: number | undefined } {
  const bracketed = /^\[([^\]]*)\](\/\d+)?(?::(\d{1,6}))?$/.exec(entry);
  if (bracketed) return { rest: `${bracketed[1] ?? ""}${bracketed[2] ?? ""}`, port: toPort(bracketed[3]) };
  const plain = /^([^:]*):(\d{1,6})$/.exec(entry);
  return plain ? { rest: plain[1] ?? "", port: toPort(plain[2]) } : { rest: entry, port: undefined };
}

function toPort(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

/** Normalises a host name with the URL parser, so that it compares equal to the one of a delivery's URL. */
function parseHost(text: string, port: number | undefined): Entry {
  const problem = "not a CIDR, an IP address or a host name";
  if (!/^[^\s/?#@:\\[\]%]+$/.test(text) || !URL.canParse(`http://${text}/`)) return { problem };
  const host = withoutTrailingDot(new URL(`http://${text}/`).hostname);
  if (isIP(host) !== 0) return { problem: `write the address in full: ${host}` };
  return host === "" ? { problem } : { host, port };
}
