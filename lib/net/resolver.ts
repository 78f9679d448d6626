import { randomBytes } from "node:crypto";
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
/** The control question to each name server, in ms. It adds to the time that a failed connection took already. */
const CONTROL_TIMEOUT_MS = 1_000;

/** Codes of node:dns by which a name server answers that there is nothing. */
const NOTHING_CODES = new Set(["ENOTFOUND", "ENODATA"]);

/**
 * Resolves by queries of its own instead of the system's getaddrinfo, because that one occupies one of libuv's four
 * threads per look-up: four host names with a silent name server would stop the look-ups of everyone else. It also
 * ignores search domains and the hosts file, where internal names live. Names that the operator allows do go to the
 * system, and so does everything when no name server can be reached at all.
 * @param servers name servers to ask instead of the system's, as `address:port`
 * @param onAnswer called whenever one of them has answered, be it that there is no such name
 */
export function createResolver(
  policy: EgressPolicy,
  { servers, onAnswer }: { servers?: readonly string[] | undefined; onAnswer?: () => void } = {},
): Resolve {
  let resolver = createQueries(servers);
  let configuredAt = performance.now();

  return async (hostname, port) => {
    if (isInternalName(hostname) || policy.hostAllowance(hostname, port) !== "none") return systemLookup(hostname);
    if (performance.now() - configuredAt > CONFIGURATION_AGE_MS) {
      resolver = createQueries(servers);
      configuredAt = performance.now();
    }
    try {
      const addresses = await query(resolver, hostname);
      onAnswer?.();
      return addresses;
    } catch (error) {
      const code = errorCode(error) ?? "";
      if (NOTHING_CODES.has(code)) onAnswer?.();
      if (code === "ECONNREFUSED") return systemLookup(hostname);
      // The hosts file may know a name that leads into a range that the operator allows. Never after a silence: a
      // tenant's own name server could cause one at will.
      if (!policy.hasRanges || !NOTHING_CODES.has(code)) throw error;
      return systemLookup(hostname).catch(() => {
        throw error;
      });
    }
  };
}

/**
 * The control question: whether any name server answers at all. It asks for a name in the zone of the root's own
 * operators that nobody has, so that neither a receiver's server nor a cache decides; that there is no such name is the
 * answer. Never rejects.
 * @param servers as for createResolver
 */
export async function nameServersAnswer(servers?: readonly string[]): Promise<boolean> {
  const resolver = createQueries(servers, { timeout: CONTROL_TIMEOUT_MS, tries: 1 });
  return resolver.resolve4(`${randomBytes(8).toString("hex")}.arpa`).then(
    () => true,
    (error: unknown) => NOTHING_CODES.has(errorCode(error) ?? ""),
  );
}

/** The `code` of an error of node:dns, node:net or undici, if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function createQueries(
  servers: readonly string[] | undefined,
  patience = { timeout: QUERY_TIMEOUT_MS, tries: 2 },
): Resolver {
  const resolver = new Resolver(patience);
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
