import { isIP } from "node:net";
import { type EgressPolicy, isPublicAddress, withoutTrailingDot } from "@/lib/net/address";
import { isOwnReceiver } from "@/lib/net/own-receiver";

/** The check that refused a destination. */
export type EgressLayer =
  | "parse"
  | "length"
  | "control"
  | "scheme"
  | "credentials"
  | "port"
  | "hostname"
  | "ip-literal"
  | "dns"
  | "peer";

/**
 * A destination that deliveries may not reach. `message` may be shown to the tenant and never contains an address that
 * was looked up, or the form for webhooks would be a window on the internal DNS; `detail` is for the operator's log.
 */
export class EgressDenied extends Error {
  override name = "EgressDenied";
  readonly code = "EGRESS_DENIED";
  readonly layer: EgressLayer;
  readonly detail: string;

  constructor({ layer, reason, detail = reason }: { layer: EgressLayer; reason: string; detail?: string }) {
    super(reason);
    this.layer = layer;
    this.detail = detail;
  }
}

/** Where http:// is accepted beside https://; "allowed-only" means the destinations that the operator lists. */
export type HttpRule = "everywhere" | "allowed-only" | "nowhere";

export interface UrlRules {
  http: HttpRule;
  /** Origin of this console; its test receiver is allowed although it is internal (see isOwnReceiver). */
  selfOrigin?: string | undefined;
}

const MAX_URL_LENGTH = 2048;

const RESERVED_SUFFIXES = [
  "arpa",
  "corp",
  "home",
  "internal",
  "intranet",
  "lan",
  "local",
  "localdomain",
  "localhost",
  "onion",
  "private",
  "svc",
];

/** Ports from 1024 up where data stores and control planes listen; nobody receives webhooks there. */
const REFUSED_PORTS = new Set([
  1025, 1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5672, 5900, 5984, 6000, 6379, 6443,
  9042, 9092, 9200, 9300, 10250, 10255, 11211, 15672, 27017, 27018, 27019,
]);

/**
 * Decides from the text alone whether a webhook may point at `raw`; run when it is saved and again before each request.
 * What a name resolves to is decided by the guarded connector.
 * @returns the parsed URL; use this one and never parse the text again, so that two parsers cannot disagree.
 * @throws EgressDenied
 */
export function checkUrl(raw: string, policy: EgressPolicy, { http, selfOrigin }: UrlRules): URL {
  const url = parse(raw);
  if (selfOrigin !== undefined && isOwnReceiver(raw, selfOrigin)) return url;
  checkScheme(url, policy, http);
  // A userinfo that is empty vanishes in parsing, hence the look at the text as well.
  if (url.username !== "" || url.password !== "" || /^[a-z]+:[\\/]*[^\\/?#]*@/i.test(raw.trimStart())) {
    throw new EgressDenied({
      layer: "credentials",
      reason: "The URL must not contain a user name or password; use a custom header instead.",
    });
  }
  const host = hostOf(url);
  const port = portOf(url);
  checkPort({ host, port, policy });
  if (isIP(host) !== 0) checkLiteral({ address: host, port, policy });
  else checkHostname({ hostname: host, port, policy });
  return url;
}

/** @throws EgressDenied when the address is neither public nor allowed by the operator on this port. */
export function checkLiteral({ address, port, policy }: { address: string; port: number; policy: EgressPolicy }): void {
  if (isPublicAddress(address) || policy.rangeAllowance(address, port) !== "none") return;
  throw new EgressDenied({ layer: "ip-literal", reason: `The address ${address} is not a public address.` });
}

/** Whether a host name can only mean something internal: a single label, or below a reserved suffix. */
export function isInternalName(hostname: string): boolean {
  const name = withoutTrailingDot(hostname);
  return !name.includes(".") || RESERVED_SUFFIXES.some((suffix) => name.endsWith(`.${suffix}`));
}

/** The host without the brackets of an IPv6 literal. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
}

export function portOf(url: { port: string; protocol: string }): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

function parse(raw: string): URL {
  const incomplete = "The URL is not complete; write it as https://host/path.";
  if (raw === "") throw new EgressDenied({ layer: "parse", reason: incomplete, detail: "empty" });
  if (raw.length > MAX_URL_LENGTH) {
    throw new EgressDenied({ layer: "length", reason: `The URL is longer than ${MAX_URL_LENGTH} characters.` });
  }
  // The parser drops tabs and line breaks silently, so "local\thost" would become localhost.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(raw)) {
    throw new EgressDenied({ layer: "control", reason: "The URL contains a control character or a line break." });
  }
  if (!URL.canParse(raw)) {
    throw new EgressDenied({ layer: "parse", reason: incomplete, detail: "not an absolute URL" });
  }
  const url = new URL(raw);
  // What is sent is the encoded form, and that can be much longer than the text.
  if (url.href.length > MAX_URL_LENGTH) {
    throw new EgressDenied({
      layer: "length",
      reason: `The URL is longer than ${MAX_URL_LENGTH} characters once encoded.`,
    });
  }
  return url;
}

function checkScheme(url: URL, policy: EgressPolicy, http: HttpRule): void {
  if (url.protocol === "https:" || (url.protocol === "http:" && acceptsHttp(url, policy, http))) return;
  throw new EgressDenied({
    layer: "scheme",
    reason:
      http === "everywhere" ? "The URL must start with https:// or http://." : "The URL must start with https://.",
    detail: `scheme ${url.protocol}`,
  });
}

function acceptsHttp(url: URL, policy: EgressPolicy, http: HttpRule): boolean {
  if (http !== "allowed-only") return http === "everywhere";
  const host = withoutTrailingDot(hostOf(url));
  const port = portOf(url);
  if (isIP(host) !== 0) return policy.rangeAllowance(host, port) !== "none";
  // An internal name under allowed ranges may only resolve into them; the connector sees to that.
  return policy.hostAllowance(host, port) !== "none" || (policy.hasRanges && isInternalName(host));
}

interface Destination {
  host: string;
  port: number;
  policy: EgressPolicy;
}

function checkPort({ host, port, policy }: Destination): void {
  const ordinary = port === 80 || port === 443 || (port >= 1024 && !REFUSED_PORTS.has(port));
  if (ordinary || policy.hostAllowance(host, port) === "this-port") return;
  if (isIP(host) !== 0 && policy.rangeAllowance(host, port) === "this-port") return;
  throw new EgressDenied({
    layer: "port",
    reason: `Port ${port} is not allowed; use 443, 80, or one from 1024 up that is not a data service's.`,
  });
}

function checkHostname({ hostname, port, policy }: Omit<Destination, "host"> & { hostname: string }): void {
  const name = withoutTrailingDot(hostname);
  const labels = name.split(".");
  const wellFormed = name.length <= 253 && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
  if (!wellFormed) {
    throw new EgressDenied({ layer: "hostname", reason: "The host name is malformed.", detail: `malformed ${name}` });
  }
  // With allowed ranges an internal name may pass here: the connector then insists that it resolves into one of them.
  if (!isInternalName(name) || policy.hasRanges || policy.hostAllowance(name, port) !== "none") return;
  throw new EgressDenied({ layer: "hostname", reason: `The host name ${name} is reserved for internal use.` });
}
