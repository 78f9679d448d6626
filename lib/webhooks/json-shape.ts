/** Deeper than this a value counts as one: nobody reads further, and a hostile body may be nested without end. */
const MAX_DEPTH = 32;

/** The JSON value in a text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The plain values of a JSON value by their paths (`body.items[0].id`), each written as JSON. */
export function leavesOf(value: unknown, root: string): Map<string, string> {
  const leaves = new Map<string, string>();
  walk(value, root, (path, leaf) => leaves.set(path, leaf), { items: (index) => `[${index}]`, leaf: writeLeaf });
  return leaves;
}

/** The kinds of values of a JSON value by their paths; all items of an array share one: `body.items[].id` → "string". */
export function shapeOf(value: unknown, root: string): Map<string, string> {
  const kinds = new Map<string, Set<string>>();
  const add = (path: string, kind: string) => kinds.set(path, (kinds.get(path) ?? new Set()).add(kind));
  walk(value, root, add, { items: () => "[]", leaf: kindOf });
  return new Map([...kinds].map(([path, found]) => [path, [...found].sort().join(" or ")]));
}

type Writing = { items: (index: number) => string; leaf: (value: unknown) => string };

function walk(
  value: unknown,
  path: string,
  visit: (path: string, leaf: string) => void,
  writing: Writing,
  depth = 0,
): void {
  if (value === undefined) return;
  const entries = entriesOf(value, writing);
  if (entries === null || entries.length === 0) visit(path, writing.leaf(value));
  else if (depth >= MAX_DEPTH) visit(path, "…");
  else for (const [step, child] of entries) walk(child, path + step, visit, writing, depth + 1);
}

function entriesOf(value: unknown, writing: Writing): [string, unknown][] | null {
  if (Array.isArray(value)) return value.map((item, index) => [writing.items(index), item]);
  if (typeof value !== "object" || value === null) return null;
  return Object.entries(value).map(([key, child]) => [
    /^[A-Za-z_$][\w$-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
    child,
  ]);
}

function writeLeaf(value: unknown): string {
  return JSON.stringify(value);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "empty array";
  if (value === null) return "null";
  return typeof value === "object" ? "empty object" : typeof value;
}
