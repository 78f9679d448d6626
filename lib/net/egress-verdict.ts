import { isIP } from "node:net";
import type { EgressPolicy } from "@/lib/net/address";
import { checkUrl, EgressDenied, type HttpRule, hostOf, portOf } from "@/lib/net/egress-url";
import { createGuardedLookup, LookupFailed } from "@/lib/net/guarded-lookup";
import type { Resolve, ResolvedAddress } from "@/lib/net/resolver";

export interface VerdictOptions {
  policy: EgressPolicy;
  http: HttpRule;
}

/**
 * What the guard does with one line `<url as JSON string, quoted or not><TAB><answers>`: "allow" or
 * "block <layer>: <reason>", on one line. Runs the checks of a delivery with the given answers in place of DNS and
 * without connecting. Never rejects: a line that cannot be read is blocked.
 *
 * Answers: "-" (none needed), or those of one look-up, separated by commas; of several look-ups, separated by "|", each
 * as if for a new connection, of which any can block. EMPTY, NXDOMAIN and TIMEOUT stand for a look-up that gives none.
 */
export async function verdictOfLine(line: string, options: VerdictOptions): Promise<string> {
  const [urlField, answersField, ...rest] = line.split("\t");
  if (urlField === undefined || answersField === undefined || rest.length > 0) {
    return block("parse", "the line is not <url><TAB><answers>");
  }
  const url = parseJsonString(urlField);
  if (url === undefined) return block("parse", "the URL is not a JSON string");
  return verdict(url, answersField.trim(), options);
}

async function verdict(raw: string, answers: string, { policy, http }: VerdictOptions): Promise<string> {
  try {
    const url = checkUrl(raw, policy, { http });
    const hostname = hostOf(url);
    // A literal is not looked up: checkUrl has said what the connector says about it.
    if (isIP(hostname) !== 0) return "allow";
    const lookups = answers.split("|");
    const lookup = createGuardedLookup({ policy, port: portOf(url), resolve: answering(lookups) });
    for (const _ of lookups) {
      await new Promise<void>((resolve, reject) => {
        lookup(hostname, { all: true }, (error) => (error === null ? resolve() : reject(error)));
      });
    }
    return "allow";
  } catch (error) {
    if (error instanceof EgressDenied) return block(error.layer, error.detail);
    if (error instanceof LookupFailed) return block("dns", error.message);
    return block("parse", String(error));
  }
}

/** A resolver that gives each answer once, in order. */
function answering(lookups: readonly string[]): Resolve {
  const left = lookups.values();
  return async () => {
    const { value = "-" } = left.next();
    if (value === "-") throw Object.assign(new Error("no answer was given"), { code: "ENODATA" });
    if (value === "NXDOMAIN") throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    if (value === "TIMEOUT") throw Object.assign(new Error("no answer in time"), { code: "ETIMEOUT" });
    return value === "EMPTY" ? [] : value.split(",").map(toAddress);
  };
}

function toAddress(text: string): ResolvedAddress {
  const address = text.trim();
  return { address, family: isIP(address) };
}

function parseJsonString(field: string): string | undefined {
  const quoted = field.startsWith('"') && field.endsWith('"') && field.length > 1 ? field : `"${field}"`;
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the promise of one line, whatever the URL or an answer contains. */
function block(layer: string, reason: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return `block ${layer}: ${reason.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ")}`;
}
