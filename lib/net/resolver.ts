import { lookup, Resolver } from "node:dns/promises";
import type { EgressPolicy } from "@/lib/net/address";
import { isInternalName } from "@/lib/net/egress-url";

export interface ResolvedAddress {
  address: string;
  family: number;
}

/**
 * Looks up a host name for a connection to `port`. May reject with an error that has a `code`, as node:dns does; the
 * answers are checked by the caller.
 */
export type Resolve = (hostname: string, port: number) => Promise<ResolvedAddress[]>;

/** One try of one query, in ms; the connect timeout bounds the whole. */
const QUERY_TIMEOUT_MS = 2_000;
/** How long IPv4 answers wait for IPv6 answers that are late (RFC 8305 §3 calls it the resolution delay), in ms. */
const RESOLUTION_DELAY_MS = 200;
/** The servers in the system's configuration are read again after this many ms. */
const CONFIGURATION_AGE_MS = 30_000;

/**
 * Resolves by queries of its own instead of the system's getaddrinfo, because that one occupies one of libuv's four
 * threads per look-up: four host names with a silent name server would stop the look-ups of everyone else. It also
 * ignores search domains and the hosts file, where internal names live. Names that the operator allows do go to the
 * system, and so does everything when no name server can be reached at all.
 * @param servers name servers to ask instead of the system's, as `address:port`.
 */
export function createResolver(policy: EgressPolicy, servers?: readonly string[]): Resolve {
  let resolver = createQueries(servers);
  let configuredAt = performance.now();

  return async (hostname, port) => {
    if (isInternalName(hostname) || policy.hostAllowance(hostname, port) !== "none") return systemLookup(hostname);
    if (performance.now() - configuredAt > CONFIGURATION_AGE_MS) {
      resolver = createQueries(servers);
      configuredAt = performance.now();
    }
    try {
      return await query(resolver, hostname);
    } catch (error) {
      const code = errorCode(error) ?? "";
      if (code === "ECONNREFUSED") return systemLookup(hostname);
      // The hosts file may know a name that leads into a range that the operator allows. Never after a silence: a
      // tenant's own name server could cause one at will.
      if (!policy.hasRanges || !(code === "ENOTFOUND" || code === "ENODATA")) throw error;
      return systemLookup(hostname).catch(() => {
        throw error;
      });
    }
  };
}

/** The `code` of an error of node:dns, node:net or undici, if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function createQueries(servers: readonly string[] | undefined): Resolver {
  const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return resolver;
}

function systemLookup(hostname: string): Promise<ResolvedAddress[]> {
  return lookup(hostname, { all: true, order: "verbatim" });
}

/** Both families at once, IPv4 first; one family is enough. */
async function query(resolver: Resolver, hostname: string): Promise<ResolvedAddress[]> {
  const late = new AbortController();
  const four = resolver.resolve4(hostname);
  const six = resolver.resolve6(hostname).catch((error: unknown) => toError(error));
  try {
    const ipv4 = await four.catch((error: unknown) => toError(error));
    const ipv6 = await (ipv4 instanceof Error ? six : Promise.race([six, delay(RESOLUTION_DELAY_MS, late.signal)]));
    if (ipv4 instanceof Error && ipv6 instanceof Error) throw ipv4;
    return [...withFamily(ipv4, 4), ...withFamily(ipv6, 6)];
  } finally {
    late.abort();
  }
}

function withFamily(answer: string[] | Error, family: number): ResolvedAddress[] {
  return answer instanceof Error ? [] : answer.map((address) => ({ address, family }));
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Answers like a family without addresses after `ms`. */
function delay(ms: number, cancelled: AbortSignal): Promise<string[]> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, []);
    cancelled.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}
