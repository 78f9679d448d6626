/** Steps from the root of a JSON value to one inside it: keys of objects and indexes of arrays. */
export type JsonPath = readonly (string | number)[];

/** A path as one writes it in a program or in jq: `data.items[0].id`, `headers["content-type"]`; "" for the root. */
export function formatJsonPath(path: JsonPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** The entries of an object or array in the order in which they are shown; none for anything else. */
export function jsonEntries(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (typeof value === "object" && value !== null) return Object.entries(value);
  return [];
}

/** The value at a path; undefined when the path leads nowhere. */
export function jsonAt(root: unknown, path: JsonPath): unknown {
  let value = root;
  for (const step of path) {
    const found = jsonEntries(value).find(([key]) => key === step);
    if (found === undefined) return undefined;
    value = found[1];
  }
  return value;
}

/** The paths of all entries whose key or plain value contains the text, whatever the case, in document order, at most `limit`. */
export function findInJson(root: unknown, text: string, limit = 1000): JsonPath[] {
  const needle = text.toLowerCase();
  const found: JsonPath[] = [];
  if (needle === "") return found;
  const visit = (value: unknown, path: JsonPath) => {
    for (const [key, child] of jsonEntries(value)) {
      if (found.length >= limit) return;
      const childPath = [...path, key];
      const inKey = typeof key === "string" && key.toLowerCase().includes(needle);
      if (inKey || plainText(child)?.toLowerCase().includes(needle)) found.push(childPath);
      visit(child, childPath);
    }
  };
  if (plainText(root)?.toLowerCase().includes(needle)) found.push([]);
  visit(root, []);
  return found;
}

/** How many entries a value has at all depths, counted up to the limit. */
export function countJson(root: unknown, limit: number): number {
  let count = 0;
  const pending: unknown[] = [root];
  while (pending.length > 0 && count < limit) {
    const entries = jsonEntries(pending.pop());
    count += entries.length;
    for (const [, child] of entries) pending.push(child);
  }
  return Math.min(count, limit);
}

/** A value as text to copy: plain text for strings, else indented JSON. */
export function jsonText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
}

function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  return undefined;
}
