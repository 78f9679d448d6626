import { memoize } from "@/lib/memoize";

/** What stands in the place of a value that must not be shown. */
export const MASK = "••••••";

export interface HeaderProblem {
  name: string;
  /** Says what is wrong and how to mend it; never contains the value. */
  message: string;
}

const MAX_HEADERS = 20;
const MAX_NAME_LENGTH = 256;
const MAX_VALUE_LENGTH = 4096;

/** Written by us for every delivery; a custom header must not replace them. */
const OURS = new Set([
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "user-agent",
  "webhook-id",
  "webhook-signature",
  "webhook-timestamp",
]);
const OUR_PREFIXES = ["x-webhook-"];

/** Belong to one connection (RFC 9110 §7.6.1) or change how the request is framed or answered. */
const OF_THE_CONNECTION = new Set([
  "connection",
  "expect",
  "http2-settings",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const CONNECTION_PREFIXES = ["proxy-"];

const SENSITIVE_NAMES = new Set(["authorization", "cookie", "proxy-authorization", "set-cookie"]);
const SENSITIVE_PATTERN = /token|secret|password|api[-_]?key|credential|(^|[-_])(auth|key)$/i;

/**
 * What is wrong with the custom headers of a webhook, in their order; an empty list means that they can be sent as they
 * are. Names are compared without regard to case.
 */
export function checkCustomHeaders(headers: Readonly<Record<string, string>>): HeaderProblem[] {
  const problems: HeaderProblem[] = [];
  const seen = new Set<string>();
  const entries = Object.entries(headers);
  for (const [name, value] of entries) {
    const lower = name.toLowerCase();
    const message = nameProblem(lower) ?? (seen.has(lower) ? "Is given more than once." : valueProblem(value));
    seen.add(lower);
    if (message !== undefined) problems.push({ name, message });
  }
  const [excess] = entries.slice(MAX_HEADERS);
  if (excess)
    problems.push({ name: excess[0], message: `Is one too many; at most ${MAX_HEADERS} headers are possible.` });
  return problems;
}

/** The same headers in the same order, with MASK in place of the values that are credentials by their name. */
export function maskSensitiveHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  if (!Object.keys(headers).some(isSensitiveHeader)) return { ...headers };
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSensitiveHeader(name) ? MASK : value]),
  );
}

const NAMES_REMEMBERED = 1_000;

/** Asked ten times and more for every request, of the same names. */
const isSensitiveHeader = memoize(
  NAMES_REMEMBERED,
  (name) => SENSITIVE_NAMES.has(name.toLowerCase()) || SENSITIVE_PATTERN.test(name),
);

function nameProblem(name: string): string | undefined {
  // RFC 9110 §5.6.2, token. "__proto__" is one, but not a key that an object can be trusted with.
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name) || name === "__proto__") {
    return "Is not a header name; use letters, digits and hyphens.";
  }
  if (name.length > MAX_NAME_LENGTH) return `Is longer than ${MAX_NAME_LENGTH} characters.`;
  if (OURS.has(name) || OUR_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    return "Is set by Dumont on every delivery and cannot be replaced; choose another name.";
  }
  if (OF_THE_CONNECTION.has(name) || CONNECTION_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    return "Controls the connection and cannot be set; remove it.";
  }
  return undefined;
}

function valueProblem(value: string): string | undefined {
  if (value.length > MAX_VALUE_LENGTH) return `Its value is longer than ${MAX_VALUE_LENGTH} characters.`;
  // RFC 9110 §5.5 without obs-text: visible ASCII, space and tab.
  if (!/^[\t\x20-\x7e]*$/.test(value)) {
    return "Its value may contain only printable ASCII characters, and no line breaks.";
  }
  return undefined;
}
