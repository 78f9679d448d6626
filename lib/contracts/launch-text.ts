import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, stringify, visit } from "yaml";
import type { z } from "zod";
import { type LaunchTemplate, launchTemplateSchema } from "@/lib/contracts/launch-template";

/**
 * Launch templates as people write them. The server and the console's editor read them by the same code, so that what the
 * editor accepts the server accepts.
 */

export const LAUNCH_TEXT_LIMITS = {
  /** Of the text, as UTF-8. */
  bytes: 64 * 1024,
  /** Of them, so many are told. */
  problems: 50,
} as const;

export const TEXT_FORMATS = ["yaml", "json"] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];

export type TextProblem = {
  /** Path of the field, such as `ports[0]` or `env.PORT`; empty for the text as a whole. */
  field: string;
  message: string;
  /** Counted from 1; null where it has no place. */
  line: number | null;
  /** The place in the text, as offsets; what is meant lies between them. */
  from: number;
  to: number;
};

export type LaunchText = { template: LaunchTemplate; problems: [] } | { template: null; problems: TextProblem[] };

type Path = readonly (string | number)[];
type Place = Pick<TextProblem, "line" | "from" | "to">;
/** Finds what stands at a path; with a key, the key itself. */
type Locate = (path: Path, key?: string) => Place;

const NOWHERE: Place = { line: null, from: 0, to: 0 };

/** Reads a launch template; tells everything that is wrong, each with its place. Never throws. */
export function readLaunchText(source: string, format: TextFormat): LaunchText {
  const bytes = new TextEncoder().encode(source).length;
  if (bytes > LAUNCH_TEXT_LIMITS.bytes) {
    return refused([whole(`The text has ${bytes} bytes; at most ${LAUNCH_TEXT_LIMITS.bytes} are accepted`)]);
  }
  if (source.trim() === "") return refused([whole("The text is empty. Write at least an image")]);
  const read = format === "yaml" ? readYaml(source) : readJson(source);
  return "problems" in read ? refused(read.problems) : check(read.value, read.locate);
}

/** A launch template as text, as the editor writes it. */
export function writeLaunchText(value: unknown, format: TextFormat): string {
  return format === "json"
    ? `${JSON.stringify(value, null, 2)}\n`
    : stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/**
 * The same content in the other format, without what only the text holds (comments, order of quotes).
 * @returns null for a text that cannot be read
 */
export function convertLaunchText(source: string, from: TextFormat, to: TextFormat): string | null {
  const read = from === "yaml" ? readYaml(source) : readJson(source);
  return "problems" in read || typeof read.value !== "object" || read.value === null
    ? null
    : writeLaunchText(read.value, to);
}

type Read = { value: unknown; locate: Locate } | { problems: TextProblem[] };

/** Aliases are refused, not counted: a template says by itself what it is, and a small text stays small. */
function readYaml(source: string): Read {
  const lines = new LineCounter();
  const document = parse(source, lines);
  if (!document) return { problems: [whole("The text is nested too deeply")] };
  const place = placer(source, lines);
  const problems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    field: "",
    message: `Not valid YAML: ${message}`,
    ...place(pos[0], pos[1]),
  }));
  const refuse = (node: Node, message: string) =>
    problems.push({ field: "", message, ...place(node.range?.[0] ?? 0, node.range?.[1] ?? 0) });
  visit(document, {
    Alias: (_key, node) => void refuse(node, `Aliases (*${node.source}) are not accepted; write it out`),
    Node: (_key, node) => {
      if ("anchor" in node && node.anchor) refuse(node, `Anchors (&${node.anchor}) are not accepted; write it out`);
    },
  });
  if (problems.length > 0) return { problems };
  return { value: document.toJS({ maxAliasCount: 0 }), locate: locator(document, place) };
}

/** Every JSON text is YAML as well, which tells where things stand; what it holds is what JSON.parse says. */
function readJson(source: string): Read {
  const lines = new LineCounter();
  const document = parse(source, lines);
  const place = placer(source, lines);
  if (!document) return { problems: [whole("The text is nested too deeply")] };
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    const { message } = error as SyntaxError;
    return { problems: [{ field: "", message: `Not valid JSON: ${message}`, ...jsonPlace(source, message, place) }] };
  }
  const twice = document.errors.filter(({ code }) => code === "DUPLICATE_KEY");
  if (twice.length > 0) {
    return {
      problems: twice.map(({ pos }) => ({ field: "", message: "This field is there twice", ...place(pos[0], pos[1]) })),
    };
  }
  return { value, locate: document.errors.length > 0 ? () => NOWHERE : locator(document, place) };
}

/** @returns undefined when it is nested more deeply than can be followed */
function parse(source: string, lineCounter: LineCounter): Document | undefined {
  try {
    return parseDocument(source, { lineCounter, prettyErrors: false, stringKeys: true, merge: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Engines tell the place of a mistake in different words, or not at all. */
function jsonPlace(source: string, message: string, place: (from: number, to: number) => Place): Place {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return place(Number(position), Number(position) + 1);
  const found = /line (\d+) column (\d+)/.exec(message);
  if (!found) return NOWHERE;
  const before = source.split("\n").slice(0, Number(found[1]) - 1);
  const from = before.reduce((sum, line) => sum + line.length + 1, 0) + Number(found[2]) - 1;
  return place(from, from + 1);
}

function check(value: unknown, locate: Locate): LaunchText {
  const result = launchTemplateSchema.safeParse(value);
  const problems = [
    ...(result.success ? [] : result.error.issues.flatMap((issue) => issueProblems(issue, locate))),
    ...unsafeKeys(value, locate),
  ];
  if (result.success && problems.length === 0) return { template: result.data, problems: [] };
  return refused(problems);
}

function issueProblems(issue: z.core.$ZodIssue, locate: Locate): TextProblem[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: fieldOf([...path, key]),
      message: `There is no field "${key}"; check its spelling or leave it out`,
      ...locate(path, key),
    }));
  }
  if (issue.code === "invalid_key") {
    const message = issue.issues[0]?.message ?? "This name is not accepted";
    return [{ field: fieldOf(path), message, ...locate(path.slice(0, -1), String(path.at(-1))) }];
  }
  return [{ field: fieldOf(path), message: words(issue), ...locate(path) }];
}

const TYPES: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  array: "a list",
  record: "a mapping",
  object: "a mapping",
};

function words(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_small" && issue.message.startsWith("Too small"))
    return `At least ${issue.minimum}${unit(issue.origin)}`;
  if (issue.code === "too_big" && issue.message.startsWith("Too big"))
    return `At most ${issue.maximum}${unit(issue.origin)}`;
  if (issue.code !== "invalid_type") return issue.message;
  if (issue.message.endsWith("received undefined")) return "This is required";
  if (issue.expected === "string" && issue.path[0] === "env") {
    return "Values of environment variables are text; put it into quotes";
  }
  return `This must be ${TYPES[issue.expected] ?? issue.expected}`;
}

function unit(origin: string): string {
  return origin === "string" ? " characters" : origin === "array" ? " entries" : "";
}

/** `__proto__` is no name for anything, and would be passed over in silence. */
function unsafeKeys(value: unknown, locate: Locate): TextProblem[] {
  const env: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "env") : undefined;
  if (typeof env !== "object" || env === null || !Object.hasOwn(env, "__proto__")) return [];
  const message = "A variable cannot be called __proto__; choose another name";
  return [{ field: "env.__proto__", message, ...locate(["env"], "__proto__") }];
}

function fieldOf(path: Path): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

function placer(source: string, lines: LineCounter) {
  return (from: number, to: number): Place => {
    const start = Math.min(Math.max(from, 0), source.length);
    return { line: lines.linePos(start).line, from: start, to: Math.min(Math.max(to, start), source.length) };
  };
}

function locator(document: Document, place: (from: number, to: number) => Place): Locate {
  return (path, key) => {
    // Of what is missing, the place of what it is missing in.
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true);
      if (key !== undefined && isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
        if (isScalar(pair?.key) && pair.key.range) return place(pair.key.range[0], pair.key.range[1]);
      }
      if (!hasRange(node)) continue;
      // The beginning of a mapping stands for all of it, or the whole text would be marked.
      return isMap(node) ? place(node.range[0], node.range[0] + 1) : place(node.range[0], node.range[1]);
    }
    return NOWHERE;
  };
}

function hasRange(node: unknown): node is Node & { range: [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}

function whole(message: string): TextProblem {
  return { field: "", message, ...NOWHERE };
}

function refused(problems: TextProblem[]): LaunchText {
  const most = LAUNCH_TEXT_LIMITS.problems;
  if (problems.length <= most) return { template: null, problems };
  return { template: null, problems: [...problems.slice(0, most), whole(`and ${problems.length - most} more`)] };
}
