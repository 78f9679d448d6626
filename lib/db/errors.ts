import { DatabaseUrlError } from "@/lib/db/url";

/**
 * The one place that knows how database errors look. Three shapes occur, and none of them is documented as stable, so
 * errors.db.test.ts holds each of them against a live server:
 * - pg's own error: `code` is the SQLSTATE, `constraint` the name;
 * - Prisma's request error (`P2002`, `P2010`, `P2034`, `P2039`, ...): the driver's answer is in
 *   `meta.driverAdapterError.cause`;
 * - the driver adapter's bare error, as at COMMIT: the answer is in `cause`, and there is no `code`.
 */

/** SQLSTATEs that say that the server is not there, not ready, full, or going down. */
const UNAVAILABLE_STATES = /^(08...|57P0[123]|53300)$/;

/** What Node.js says when there is no way to the server. */
const UNAVAILABLE_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** What the driver adapter and Prisma call the same. P2028 is handled apart: it has other meanings too. */
const UNAVAILABLE_KINDS = new Set(["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout", "TooManyConnections"]);
const UNAVAILABLE_PRISMA = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2037"]);

/** pg and pg-pool give these no code. */
const UNAVAILABLE_MESSAGE =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|connection error and is not queryable|Client was closed and is not queryable|Unable to start a transaction in the given time/;

/** The SQLSTATE of a PostgreSQL error, for example "23505", in whichever shape it arrives. */
export function sqlState(error: unknown): string | undefined {
  for (const link of chain(error)) {
    if (typeof link.originalCode === "string") return link.originalCode;
    if (typeof link.severity === "string" && typeof link.code === "string") return link.code;
  }
  return undefined;
}

/** The name of the constraint or unique index that was violated. */
export function constraintName(error: unknown): string | undefined {
  for (const link of chain(error)) {
    if (typeof link.constraint === "string") return link.constraint;
    if (isRecord(link.constraint) && typeof link.constraint.index === "string") return link.constraint.index;
    if (typeof link.originalCode === "string" && typeof link.originalMessage === "string") {
      const quoted = /constraint "([^"]+)"/.exec(link.originalMessage)?.[1];
      if (quoted !== undefined) return quoted;
    }
  }
  return undefined;
}

/** Whether the two transactions got into each other's way: repeating the whole of one is the cure. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return state === "40001" || state === "40P01";
  return chain(error).some((link) => link.code === "P2034" || link.kind === "TransactionWriteConflict");
}

/** Whether a unique constraint was violated; of that name, if one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return sqlState(error) === "23505" && (constraint === undefined || constraintName(error) === constraint);
}

/** Whether the database cannot be reached or takes no more connections: nothing is wrong with the request itself. */
export function isUnavailable(error: unknown): boolean {
  return chain(error).some(
    (link) =>
      link instanceof DatabaseUrlError ||
      matches(link.originalCode, (code) => UNAVAILABLE_STATES.test(code)) ||
      matches(link.code, (code) => UNAVAILABLE_CODES.has(code) || UNAVAILABLE_PRISMA.has(code)) ||
      (typeof link.severity === "string" && matches(link.code, (code) => UNAVAILABLE_STATES.test(code))) ||
      matches(link.kind, (kind) => UNAVAILABLE_KINDS.has(kind)) ||
      matches(link.message, (message) => UNAVAILABLE_MESSAGE.test(message)),
  );
}

type Link = Record<string, unknown>;

/** The error and everything that is said to have caused it, outermost first. */
function chain(error: unknown): Link[] {
  const links: Link[] = [];
  const waiting: unknown[] = [error];
  while (waiting.length > 0) {
    const next = waiting.shift();
    if (!isRecord(next) || links.includes(next)) continue;
    links.push(next);
    waiting.push(next.cause, isRecord(next.meta) ? next.meta.driverAdapterError : undefined);
    // Node.js tries every address of a host and reports all the failures.
    if (Array.isArray(next.errors)) waiting.push(...next.errors);
  }
  return links;
}

function isRecord(value: unknown): value is Link {
  return typeof value === "object" && value !== null;
}

function matches(value: unknown, test: (text: string) => boolean): boolean {
  return typeof value === "string" && test(value);
}
