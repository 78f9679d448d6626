import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { type EgressPolicy, isPublicAddress } from "@/lib/net/address";
import { EgressDenied, isInternalName } from "@/lib/net/egress-url";
import { errorCode, type Resolve, type ResolvedAddress } from "@/lib/net/resolver";

/**
 * One text for a name that does not exist and for one that leads inside: told apart, they would show a tenant which
 * names the internal DNS knows.
 */
export const UNRESOLVED = "The host name does not resolve to a public address.";

/** A look-up that gave no answer; that the name has no address is EgressDenied instead. `dnsCode` as of node:dns. */
export class LookupFailed extends Error {
  override name = "LookupFailed";
  readonly code = "LOOKUP_FAILED";
  readonly dnsCode: string;

  constructor(hostname: string, cause: unknown) {
    const dnsCode = errorCode(cause) ?? "unknown";
    super(`looking up ${hostname}: ${dnsCode}`, { cause });
    this.dnsCode = dnsCode;
  }
}

/** Codes of node:dns that say that the name has no address. */
const NO_ADDRESS = new Set(["ENOTFOUND", "ENODATA", "ENONAME", "EBADNAME", "EAI_NONAME", "EAI_NODATA"]);

export interface Destination {
  /** As the URL parser gives it, without brackets. */
  hostname: string;
  port: number;
  policy: EgressPolicy;
}

/**
 * A look-up hook for node:net that fails unless every answer may be reached: a mixed answer is an attack or a broken
 * zone, and happy eyeballs would try each of its addresses. It never answers an empty list, which would throw inside
 * node:net where nobody can catch it. Both forms of the callback are supported. Fails with EgressDenied or LookupFailed.
 */
export function createGuardedLookup({
  policy,
  port,
  resolve,
}: {
  policy: EgressPolicy;
  port: number;
  resolve: Resolve;
}): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, port)
      .then((answers) => checkAnswers(answers, { hostname, port, policy }))
      .then(
        (allowed) => {
          if (options.all) callback(null, allowed);
          else callback(null, allowed[0].address, allowed[0].family);
        },
        (error: unknown) => callback(toLookupError(hostname, error), "", 0),
      );
  };
}

/** Whether a connection made for `hostname` (a name or a literal) may lead to `address`. */
export function mayReach(address: string, { hostname, port, policy }: Destination): boolean {
  if (isIP(address) === 0) return false;
  if (isIP(hostname) === 0 && policy.hostAllowance(hostname, port) !== "none") return true;
  if (policy.rangeAllowance(address, port) !== "none") return true;
  // An internal name is let through checkUrl only for the ranges' sake; a public address behind it is a mistake.
  return isPublicAddress(address) && (isIP(hostname) !== 0 || !isInternalName(hostname));
}

function checkAnswers(
  answers: readonly ResolvedAddress[],
  destination: Destination,
): [ResolvedAddress, ...ResolvedAddress[]] {
  const { hostname } = destination;
  const allowed = answers.filter(({ address }) => mayReach(address, destination));
  const [first, ...others] = allowed;
  // The system gives localhost two addresses, of which the operator may have allowed one.
  const mayDiffer = /(^|\.)localhost\.?$/.test(hostname);
  if (first === undefined || (allowed.length < answers.length && !mayDiffer)) {
    const found = answers.map(({ address }) => address).join(", ");
    throw new EgressDenied({ layer: "dns", reason: UNRESOLVED, detail: `${hostname} -> ${found || "no address"}` });
  }
  return [first, ...others];
}

function toLookupError(hostname: string, error: unknown): EgressDenied | LookupFailed {
  if (error instanceof EgressDenied) return error;
  const code = errorCode(error) ?? "";
  if (!NO_ADDRESS.has(code)) return new LookupFailed(hostname, error);
  return new EgressDenied({ layer: "dns", reason: UNRESOLVED, detail: `${hostname} -> ${code}` });
}
