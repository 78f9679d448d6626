/** A part of a text, from `start` up to but not including `end`. */
export type Place = { start: number; end: number };

export type JsonScan =
  | { ok: true; value: unknown; placeOf: (path: readonly PropertyKey[]) => Place }
  | { ok: false; place: Place; message: string };

/** Deeper than anything that is read here may be. */
const DEEPEST = 100;
const WORDS = /[A-Za-z_$][\w$]*/y;
const CONSTANT = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in a text
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

class Mistake extends Error {
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/**
 * Reads JSON as JSON.parse does, and knows where everything stands: where the text is wrong, with the mend, or where
 * the value at a path is (its name included). Browsers do not agree on telling that. A name that stands twice in an
 * object is a mistake here: JSON.parse would drop the first.
 */
export function scanJson(text: string): JsonScan {
  const places = new Map<string, Place>();
  let at = 0;

  const fail = (message: string, start = at, end = start + 1): never => {
    throw new Mistake(message, { start, end: Math.min(end, text.length) });
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const next = (): string => {
    take(SPACE);
    return text.charAt(at);
  };

  const readText = (what: string): string => {
    const start = at;
    if (text.charAt(at) === "'") fail("Texts stand in double quotes.");
    const found = take(TEXT);
    if (found !== null) return JSON.parse(found);
    if (text.charAt(at) === '"') return fail("This text does not end, or has a character that must be escaped.");
    const word = take(WORDS);
    return fail(
      word === null ? `${what} is missing here.` : `Put ${word} in double quotes.`,
      start,
      at + (word ? 0 : 1),
    );
  };

  const readMembers = (close: "}" | "]", member: (index: number) => void): void => {
    at += 1;
    if (next() === close) {
      at += 1;
      return;
    }
    for (let index = 0; ; index += 1) {
      member(index);
      const mark = next();
      const place = at;
      if (mark === "") fail(`The text ends before its ${close}.`);
      if (mark !== close && mark !== ",") fail(`A comma or ${close} is missing before this.`);
      at += 1;
      if (mark === close) return;
      if (next() === close) fail("This comma is one too many.", place);
    }
  };

  const readObject = (path: PropertyKey[], depth: number): void => {
    const names = new Set<string>();
    readMembers("}", () => {
      next();
      const start = at;
      const name = readText("A name in double quotes");
      if (names.has(name)) fail(`"${name}" stands here twice. Join the two.`, start, at);
      names.add(name);
      if (next() !== ":") fail(`A colon is missing after "${name}".`);
      at += 1;
      readValue([...path, name], depth + 1, start);
    });
  };

  const readValue = (path: PropertyKey[], depth: number, nameAt?: number): void => {
    const mark = next();
    const start = nameAt ?? at;
    if (depth > DEEPEST) fail("This is nested too deeply.");
    if (mark === "{") readObject(path, depth);
    else if (mark === "[") readMembers("]", (index) => readValue([...path, index], depth + 1));
    else if (mark === "-" || (mark >= "0" && mark <= "9")) {
      if (take(NUMBER) === null) fail("This is not a number.");
    } else if (take(CONSTANT) === null) readText("A value");
    places.set(JSON.stringify(path), { start, end: at });
  };

  try {
    readValue([], 0);
    if (next() !== "") fail("The text goes on after its end.", at, text.length);
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, place: error.place, message: error.message };
    throw error;
  }
  return {
    ok: true,
    value: JSON.parse(text),
    placeOf: (path) => places.get(JSON.stringify(path)) ?? { start: 0, end: text.length },
  };
}

/** The line of a character, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
