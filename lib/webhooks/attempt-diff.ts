import { diffLines } from "diff";
import { type AttemptChange, DIFF_LIMITS, type DiffSection } from "@/lib/contracts/attempts";
import { isVolatileHeader, isVolatileKey, looksVolatile } from "@/lib/webhooks/diff-volatile";
import { leavesOf, parseJson, shapeOf } from "@/lib/webhooks/json-shape";

/** One attempt, as far as it is compared. */
export type DiffSide = {
  url: string;
  eventType: string;
  remoteAddress: string | null;
  requestHeaders: Readonly<Record<string, string>>;
  requestBody: string;
  httpStatus: number | null;
  errorCode: string | null;
  /** null when no answer came. */
  response: { headers: Readonly<Record<string, string>>; body: string } | null;
  timings: Readonly<Record<string, number>>;
};

type Kind = AttemptChange["kind"];

/** A duration counts as changed when it differs by this factor and by this many ms; less is weather. */
const NOTABLE = { factor: 2, ms: 20 } as const;

/** Texts that differ by more lines than this are not laid against each other line by line. */
const MAX_EDITED_LINES = 500;

/**
 * What is different between the last success and an attempt. Of the request the values are left alone, for another
 * event has other ones: its shape is compared. What differs every time is told too, but as "expected".
 */
export function diffAttempts(before: DiffSide, after: DiffSide): DiffSection[] {
  return [
    section("request", requestChanges(before, after)),
    section("response", responseChanges(before, after)),
    section("timings", timingChanges(before.timings, after.timings)),
  ];
}

function section(name: DiffSection["name"], changes: AttemptChange[]): DiffSection {
  // The ones that matter first, in their own order.
  const sorted = [...changes.filter((it) => it.kind !== "expected"), ...changes.filter((it) => it.kind === "expected")];
  return {
    name,
    changes: sorted.slice(0, DIFF_LIMITS.changes),
    left_off: Math.max(sorted.length - DIFF_LIMITS.changes, 0),
  };
}

function requestChanges(before: DiffSide, after: DiffSide): AttemptChange[] {
  const [sizeBefore, sizeAfter] = [Buffer.byteLength(before.requestBody), Buffer.byteLength(after.requestBody)];
  return [
    ...compare("url", before.url, after.url),
    ...compare("event type", before.eventType, after.eventType),
    ...compare("address", before.remoteAddress, after.remoteAddress),
    ...headerChanges(before.requestHeaders, after.requestHeaders),
    ...compare(
      "body size",
      `${sizeBefore} bytes`,
      `${sizeAfter} bytes`,
      Math.max(sizeBefore, sizeAfter) < NOTABLE.factor * Math.min(sizeBefore, sizeAfter),
    ),
    ...mapChanges(shapeOf(parseJson(before.requestBody), "body"), shapeOf(parseJson(after.requestBody), "body")),
  ];
}

function responseChanges(before: DiffSide, after: DiffSide): AttemptChange[] {
  const outcome = [
    ...compare("status", text(before.httpStatus), text(after.httpStatus)),
    ...(after.httpStatus === null ? compare("error", null, after.errorCode) : []),
  ];
  // Without an answer there is nothing to lay beside the other.
  if (before.response === null || after.response === null) return outcome;
  return [
    ...outcome,
    ...headerChanges(before.response.headers, after.response.headers),
    ...bodyChanges(before.response.body, after.response.body),
  ];
}

function headerChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): AttemptChange[] {
  const lower = (headers: Readonly<Record<string, string>>) =>
    new Map(Object.entries(headers).map(([name, value]) => [`header ${name.toLowerCase()}`, value]));
  return mapChanges(lower(before), lower(after), (path) => isVolatileHeader(path.slice("header ".length)));
}

function bodyChanges(before: string, after: string): AttemptChange[] {
  const [left, right] = [parseJson(before), parseJson(after)];
  if (left === undefined || right === undefined) return textChanges(before, after);
  const keyOf = (path: string) => /([^.[\]]+)(?:\[\d*\])*$/.exec(path)?.[1] ?? path;
  return mapChanges(leavesOf(left, "body"), leavesOf(right, "body"), (path, a, b) => {
    const bothLook = a !== null && b !== null && looksVolatile(a) && looksVolatile(b);
    return bothLook || (a !== null && b !== null && isVolatileKey(keyOf(path)));
  });
}

/** Line by line; a path names the line of the newer text. */
function textChanges(before: string, after: string): AttemptChange[] {
  const parts = diffLines(before, after, { maxEditLength: MAX_EDITED_LINES, timeout: 200 });
  if (parts === undefined) return compare("body", before, after);
  const changes: AttemptChange[] = [];
  let line = 1;
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    if (part.removed) {
      const replacement = next?.added ? next.value : null;
      changes.push(change(`body line ${line}`, part.value, replacement, replacement === null ? "removed" : "changed"));
    } else if (part.added && !parts[index - 1]?.removed) {
      changes.push(change(`body line ${line}`, null, part.value, "added"));
    }
    if (!part.removed) line += part.count;
  });
  return changes;
}

const PHASES = [
  ["dns_ms", "look-up"],
  ["connect_ms", "connect"],
  ["tls_ms", "tls"],
  ["first_byte_ms", "first byte"],
  ["total_ms", "total"],
  ["queue_ms", "queue wait"],
] as const;

function timingChanges(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): AttemptChange[] {
  return PHASES.flatMap(([key, path]) => {
    const [a, b] = [before[key], after[key]];
    const ms = (value: number | undefined) => (value === undefined ? null : `${value} ms`);
    // A phase is absent where a kept-alive connection was used.
    const isNotable = a !== undefined && b !== undefined && isFarFrom(a, b);
    return compare(path, ms(a), ms(b), !isNotable);
  });
}

function isFarFrom(a: number, b: number): boolean {
  return Math.abs(a - b) >= NOTABLE.ms && Math.max(a, b) >= NOTABLE.factor * Math.min(a, b);
}

type IsExpected = (path: string, before: string | null, after: string | null) => boolean;

/** The entries of two maps that differ, in the order of the older one and then of the newer one. */
function mapChanges(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  isExpected: IsExpected = () => false,
): AttemptChange[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].flatMap((path) => {
    const [a, b] = [before.get(path) ?? null, after.get(path) ?? null];
    return compare(path, a, b, isExpected(path, a, b));
  });
}

function compare(path: string, before: string | null, after: string | null, isExpected = false): AttemptChange[] {
  if (before === after) return [];
  const kind = before === null ? "added" : after === null ? "removed" : "changed";
  return [change(path, before, after, isExpected ? "expected" : kind)];
}

function change(path: string, before: string | null, after: string | null, kind: Kind): AttemptChange {
  return { path, before: shortened(before), after: shortened(after), kind };
}

function shortened(value: string | null): string | null {
  if (value === null || value.length <= DIFF_LIMITS.valueLength) return value;
  return `${value.slice(0, DIFF_LIMITS.valueLength)}…`;
}

function text(value: number | null): string | null {
  return value === null ? null : String(value);
}
