import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { z } from "zod";
import type { FileError } from "@/lib/contracts/admin";
import { type FileWebhook, fileWebhookSchema, WEBHOOKS_FILE_LIMITS } from "@/lib/webhooks/file/schema";

type Path = readonly (string | number)[];

/** Finds the line of a place in the file. */
type Lines = (path: Path, key?: string) => number | null;

const ROOT = "webhooks";

/**
 * Reads the text of a webhooks' file: a list of webhooks, or a mapping with that list under `webhooks`. Everything that
 * is wrong is told, each with its line.
 * @param checkUrl what is wrong with a URL under this installation's rules; null for nothing
 * @returns the entries that hold in themselves; they may be put into force only if there are no errors
 */
export function parseWebhooksFile(
  text: string,
  { checkUrl }: { checkUrl: (url: string) => string | null },
): { webhooks: FileWebhook[]; errors: FileError[] } {
  const bytes = Buffer.byteLength(text);
  if (bytes > WEBHOOKS_FILE_LIMITS.bytes) return refused(tooLarge(bytes));
  const lineCounter = new LineCounter();
  const document = read(text, lineCounter);
  if (!document) return refused({ line: null, field: ROOT, message: "The file is nested too deeply" });
  const syntax = syntaxErrors(document, lineCounter);
  if (syntax.length > 0) return { webhooks: [], errors: limited(syntax) };

  const root: unknown = document.toJS({ maxAliasCount: 0 });
  const prefix: Path = Array.isArray(root) ? [] : [ROOT];
  const lines = linesOf(document, lineCounter);
  const list = listOf(root, lines);
  if ("errors" in list) return { webhooks: [], errors: list.errors };
  const parsed = list.entries.map((entry, index) => parseEntry(entry, [...prefix, index], { lines, checkUrl }));
  const webhooks = parsed.flatMap(({ webhook }) => webhook ?? []);
  return {
    webhooks,
    errors: limited([...parsed.flatMap(({ errors }) => errors), ...duplicates(list.entries, prefix, lines)]),
  };
}

export function tooLarge(bytes: number): FileError {
  return {
    line: null,
    field: ROOT,
    message: `The file has ${bytes} bytes; at most ${WEBHOOKS_FILE_LIMITS.bytes} are read`,
  };
}

/** @returns undefined when it is nested more deeply than can be followed */
function read(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, merge: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Aliases are refused, not merely counted: a webhook must say by itself what it is, and small files must stay small. */
function syntaxErrors(document: Document, lineCounter: LineCounter): FileError[] {
  const errors: FileError[] = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    line: lineCounter.linePos(pos[0]).line,
    field: ROOT,
    message: `Not valid YAML: ${message}`,
  }));
  const refuse = (node: Node, message: string) =>
    errors.push({ line: lineOf(node, lineCounter), field: ROOT, message });
  visit(document, {
    Alias: (_key, node) => void refuse(node, `Aliases (*${node.source}) are not accepted; write it out`),
    Node: (_key, node) => {
      if ("anchor" in node && node.anchor) refuse(node, `Anchors (&${node.anchor}) are not accepted; write it out`);
    },
  });
  return errors;
}

function listOf(root: unknown, lines: Lines): { entries: unknown[] } | { errors: FileError[] } {
  if (root === null || root === undefined) {
    const message = `The file is empty. To have no webhooks in it, write "${ROOT}: []"`;
    return { errors: [{ line: null, field: ROOT, message }] };
  }
  const errors: FileError[] = [];
  if (typeof root === "object" && !Array.isArray(root)) {
    for (const key of Object.keys(root)) {
      if (key !== ROOT)
        errors.push({ line: lines([], key), field: key, message: `Unknown key. The list is called "${ROOT}"` });
    }
  }
  const entries: unknown = Array.isArray(root) ? root : Reflect.get(Object(root), ROOT);
  if (!Array.isArray(entries)) {
    errors.push({ line: lines([ROOT]), field: ROOT, message: "Must be a list of webhooks" });
    return { errors };
  }
  if (entries.length > WEBHOOKS_FILE_LIMITS.webhooks) {
    const message = `${entries.length} webhooks; at most ${WEBHOOKS_FILE_LIMITS.webhooks} are accepted`;
    errors.push({ line: null, field: ROOT, message });
  }
  return errors.length > 0 ? { errors } : { entries };
}

function parseEntry(
  entry: unknown,
  path: Path,
  { lines, checkUrl }: { lines: Lines; checkUrl: (url: string) => string | null },
): { webhook?: FileWebhook; errors: FileError[] } {
  const result = fileWebhookSchema.safeParse(entry);
  const errors = result.success ? [] : result.error.issues.flatMap((issue) => issueErrors(issue, path, lines));
  const { url, ordering, order_key } = rulesSchema.safeParse(entry).data ?? {};
  const refuse = (field: string, message: string) =>
    errors.push({ line: lines([...path, field]), field: fieldOf([...path, field]), message });
  const wrongUrl = url ? checkUrl(url) : null;
  if (wrongUrl !== null) refuse("url", wrongUrl);
  if (order_key && ordering !== "strict") {
    refuse("order_key", 'An order key has a meaning only with "ordering: strict"');
  }
  return result.success && errors.length === 0
    ? { webhook: { ...result.data, line: lines(path) ?? 1 }, errors }
    : { errors };
}

/** What the rules beyond the shape look at, read also from an entry that is wrong elsewhere: all errors are told at once. */
const rulesSchema = z.object({
  url: z.string().optional().catch(undefined),
  ordering: z.unknown().optional(),
  order_key: z.string().nullish().catch(undefined),
});

function issueErrors(issue: z.core.$ZodIssue, path: Path, lines: Lines): FileError[] {
  const place = [...path, ...issue.path.map((part) => (typeof part === "number" ? part : String(part)))];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      line: lines(place, key),
      field: fieldOf([...place, key]),
      message: "Unknown key. Check its spelling, or remove it",
    }));
  }
  const missing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
  return [{ line: lines(place), field: fieldOf(place), message: missing ? "This is required" : issue.message }];
}

/** Told at the second one, whatever else is wrong with it. */
function duplicates(entries: readonly unknown[], prefix: Path, lines: Lines): FileError[] {
  const first = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const id: unknown = typeof entry === "object" && entry !== null ? Reflect.get(entry, "id") : undefined;
    if (typeof id !== "string") return [];
    const before = first.get(id);
    first.set(id, before ?? index);
    if (before === undefined) return [];
    const place = [...prefix, index, "id"];
    return [{ line: lines(place), field: fieldOf(place), message: `The id is taken by ${fieldOf([ROOT, before])}` }];
  });
}

/** `webhooks[2].events[0]`, also where the list stands at the top. */
function fieldOf(path: Path): string {
  return (path[0] === ROOT ? path : [ROOT, ...path])
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

function linesOf(document: Document, lineCounter: LineCounter): Lines {
  return (path, key) => {
    // Of what is missing, the line of what it is missing in.
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true);
      if (key !== undefined && isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
        if (isScalar(pair?.key)) return lineOf(pair.key, lineCounter);
      }
      if (isNodeWithRange(node)) return lineOf(node, lineCounter);
    }
    return null;
  };
}

function isNodeWithRange(node: unknown): node is Node {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}

function lineOf(node: Node, lineCounter: LineCounter): number | null {
  return node.range ? lineCounter.linePos(node.range[0]).line : null;
}

function refused(error: FileError) {
  return { webhooks: [], errors: [error] };
}

function limited(errors: FileError[]): FileError[] {
  if (errors.length <= WEBHOOKS_FILE_LIMITS.errors) return errors;
  const rest = errors.length - WEBHOOKS_FILE_LIMITS.errors;
  return [...errors.slice(0, WEBHOOKS_FILE_LIMITS.errors), { line: null, field: ROOT, message: `and ${rest} more` }];
}
