import { z } from "zod";
import { isStorable } from "@/lib/contracts/common";

/**
 * The language of `filter.payload`: conditions in MongoDB's notation on the event as the receiver gets it. What is not
 * listed here is refused, so that a filter can neither run code nor take long, whatever the event holds.
 */
export type PayloadFilter = { [key: string]: z.core.util.JSONType };

export const PAYLOAD_FILTER_LIMITS = {
  /** Of the filter as JSON. */
  bytes: 8 * 1024,
  /** Objects and lists inside one another. */
  depth: 12,
  /** Comparisons in all. */
  conditions: 50,
  /** Values in one list. */
  values: 200,
  pathLength: 200,
  /** Of a list in an event, so many elements are compared, from the first. */
  elements: 1000,
} as const;

/** How many mistakes are told at once. */
const PROBLEMS_TOLD = 10;

/** What an event consists of: where every path begins. */
const EVENT_FIELDS = ["id", "type", "timestamp", "correlation_id", "sequence", "event_type", "artifact", "data"];

const TYPE_NAMES = ["string", "number", "int", "bool", "object", "array", "null"];

/** Names through which a program could be reached instead of the event's data. */
const UNSAFE_NAMES = new Set(["__proto__", "constructor", "prototype"]);

const REFUSED: Readonly<Record<string, string>> = {
  $regex: 'A regular expression can take for ever. Use "$startsWith", "$endsWith", or "$in" with the values.',
  $options: 'It belongs to "$regex", which there is not. Use "$startsWith", "$endsWith", or "$in" with the values.',
  $text: 'There is no search. Use "$startsWith", "$endsWith", or "$in" with the values.',
  $where: 'A filter runs no code. Write conditions, such as {"data.gpu_count": {"$gte": 8}}.',
  $function: 'A filter runs no code. Write conditions, such as {"data.gpu_count": {"$gte": 8}}.',
  $expr: 'A filter compares with fixed values only. Write conditions, such as {"data.gpu_count": {"$gte": 8}}.',
  $jsonSchema: 'Write conditions instead, such as {"data.node": {"$type": "string"}}.',
};

type Json = z.core.util.JSONType;
type Problem = { path: (string | number)[]; message: string };
type OperandRule = (operand: unknown) => string | null;

const oneOf = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
const isScalar = (value: unknown) => value === null || ["string", "number", "boolean"].includes(typeof value);
const isText = (value: unknown) => typeof value === "string" && value !== "";

const comparable: OperandRule = (operand) =>
  typeof operand === "number" || typeof operand === "string" ? null : "Compare with a number or a text.";
const listOfScalars: OperandRule = (operand) => {
  if (!Array.isArray(operand) || operand.length === 0 || !operand.every(isScalar)) {
    return "Give a list of texts, numbers, true, false or null, with at least one value.";
  }
  return operand.length <= PAYLOAD_FILTER_LIMITS.values
    ? null
    : `At most ${PAYLOAD_FILTER_LIMITS.values} values; there are ${operand.length}.`;
};
const beginning: OperandRule = (operand) => (isText(operand) ? null : "Give a text of at least one character.");

/** The operators that stand behind a path: what they mean, and what they can be given. */
export const FIELD_OPERATORS = {
  $eq: { meaning: "is this value; the same as giving the value alone", rule: () => null },
  $ne: { meaning: "is not this value, or is absent", rule: () => null },
  $gt: { meaning: "is greater", rule: comparable },
  $gte: { meaning: "is greater or equal", rule: comparable },
  $lt: { meaning: "is less", rule: comparable },
  $lte: { meaning: "is less or equal", rule: comparable },
  $in: { meaning: "is one of these values", rule: listOfScalars },
  $nin: { meaning: "is none of these values, or is absent", rule: listOfScalars },
  $startsWith: { meaning: "is a text that begins so", rule: beginning },
  $endsWith: { meaning: "is a text that ends so", rule: beginning },
  $exists: {
    meaning: "is there (true) or is absent (false)",
    rule: (operand) => (typeof operand === "boolean" ? null : "Give true or false."),
  },
  $type: {
    meaning: `is of this type: ${TYPE_NAMES.join(", ")}`,
    rule: (operand) => {
      const names = Array.isArray(operand) ? operand : [operand];
      const known = names.length > 0 && names.every((name) => TYPE_NAMES.includes(name));
      return known ? null : `Give a type or a list of types: ${oneOf(TYPE_NAMES)}.`;
    },
  },
  $mod: {
    meaning: "divided by the first number leaves the second",
    rule: (operand) =>
      Array.isArray(operand) && operand.length === 2 && operand.every(Number.isSafeInteger) && operand[0] !== 0
        ? null
        : "Give two whole numbers, [divisor, remainder]; the divisor is not 0.",
  },
  $all: { meaning: "is a list that has all these values", rule: listOfScalars },
  $size: {
    meaning: "is a list of this length",
    rule: (operand) => (Number.isSafeInteger(operand) && Number(operand) >= 0 ? null : "Give a whole number from 0."),
  },
  $elemMatch: { meaning: "is a list with one element for which all these conditions hold", rule: null },
  $not: { meaning: "the conditions given do not hold", rule: null },
} as const satisfies Record<string, { meaning: string; rule: OperandRule | null }>;

/** The operators that stand before lists of conditions. */
export const LOGICAL_OPERATORS = {
  $and: "all of these hold",
  $or: "at least one of these holds",
  $nor: "none of these holds",
} as const;

export type FieldOperator = keyof typeof FIELD_OPERATORS;

export function isFieldOperator(name: string): name is FieldOperator {
  return Object.hasOwn(FIELD_OPERATORS, name);
}

export function isLogicalOperator(name: string): name is keyof typeof LOGICAL_OPERATORS {
  return Object.hasOwn(LOGICAL_OPERATORS, name);
}

export function isJsonObject(value: unknown): value is PayloadFilter {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether an object holds conditions on one value ({"$gte": 8}) rather than on fields ({"gpu_count": {"$gte": 8}}). */
export function isOperators(value: unknown): value is PayloadFilter {
  return isJsonObject(value) && Object.keys(value).some(isFieldOperator);
}

/** For the OpenAPI document, which cannot tell what a schema of our own looks like. */
const ANY_OBJECT = { override: { type: "object", additionalProperties: true } } as const;

export const payloadFilterSchema = z
  .custom<PayloadFilter>(isJsonObject, 'Give an object of conditions, such as {"data.gpu_count": {"$gte": 8}}')
  .meta(ANY_OBJECT)
  .superRefine((value, context) => {
    for (const { path, message } of problemsOf(value)) context.addIssue({ code: "custom", path, message });
  })
  .meta({
    ...ANY_OBJECT,
    description:
      'Conditions on the event as it is sent, in MongoDB\'s notation: `{"data.gpu_count": {"$gte": 8}}`. See docs/filters.md.',
  });

/** What is wrong with a filter, each with its place; empty when it can be used. Safe for any value. */
function problemsOf(filter: PayloadFilter): Problem[] {
  const problems: Problem[] = [];
  const report = (path: Problem["path"], message: string) => {
    if (problems.length < PROBLEMS_TOLD) problems.push({ path, message });
  };
  // First of all: what follows calls itself once per level.
  if (!checkValues(filter, [], 1, report)) return problems;
  const bytes = new TextEncoder().encode(JSON.stringify(filter)).length;
  if (bytes > PAYLOAD_FILTER_LIMITS.bytes) {
    report([], `At most ${PAYLOAD_FILTER_LIMITS.bytes} bytes as JSON; this has ${bytes}. Shorten lists or values.`);
  }
  const conditions = checkQuery(filter, [], "event", report);
  if (conditions > PAYLOAD_FILTER_LIMITS.conditions) {
    report([], `At most ${PAYLOAD_FILTER_LIMITS.conditions} conditions; this has ${conditions}. Join some with "$in".`);
  }
  return problems;
}

type Report = (path: Problem["path"], message: string) => void;

/** Names and values wherever they stand. @returns whether the rest can be checked: depth and values are as JSON has them */
function checkValues(value: unknown, path: Problem["path"], depth: number, report: Report): boolean {
  if (typeof value === "string") {
    if (isStorable(value)) return true;
    report(path, "This text has a character that cannot be stored (NUL, or half of a pair). Leave it out.");
    return false;
  }
  if (typeof value !== "object" || value === null) {
    if (typeof value !== "number" || Number.isFinite(value)) return true;
    report(path, "This number is too large. Use one that JSON can carry.");
    return false;
  }
  if (depth > PAYLOAD_FILTER_LIMITS.depth) {
    report(path, `At most ${PAYLOAD_FILTER_LIMITS.depth} levels of objects and lists. Flatten the filter.`);
    return false;
  }
  let sound = true;
  for (const [key, child] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    const name = key.split(".").find((part) => UNSAFE_NAMES.has(part));
    if (name !== undefined) {
      report(place, `"${name}" cannot stand in a filter. Choose another field.`);
      sound = false;
    } else if (!isStorable(key)) {
      report(path, "A name here has a character that cannot be stored (NUL, or half of a pair). Leave it out.");
      sound = false;
    } else if (!checkValues(child, place, depth + 1, report)) {
      sound = false;
    }
  }
  return sound;
}

/** Conditions on fields. @param of whose fields: the event's, or those of an element of a list. @returns how many */
function checkQuery(query: PayloadFilter, path: Problem["path"], of: "event" | "element", report: Report): number {
  const keys = Object.keys(query);
  if (keys.length === 0) report(path, "Give at least one condition, or leave this out.");
  let conditions = 0;
  for (const key of keys) {
    const value = query[key];
    const place = [...path, key];
    if (isLogicalOperator(key)) {
      if (!Array.isArray(value) || value.length === 0) {
        report(place, `Give a list of conditions, such as {"${key}": [{"type": "instance.started"}]}.`);
        continue;
      }
      value.forEach((member, index) => {
        if (isJsonObject(member)) conditions += checkQuery(member, [...place, index], of, report);
        else report([...place, index], 'Give an object of conditions, such as {"type": "instance.started"}.');
      });
    } else if (key.startsWith("$")) {
      report(
        place,
        isFieldOperator(key)
          ? `An operator stands behind a path: {"data.gpu_count": {"${key}": …}}.`
          : (REFUSED[key] ?? unknownOperator(key)),
      );
    } else {
      checkPath(key, place, of, report);
      conditions += checkField(key, value, place, report);
    }
  }
  return conditions;
}

function checkPath(key: string, place: Problem["path"], of: "event" | "element", report: Report): void {
  const parts = key.split(".");
  const first = parts[0] ?? "";
  if (key.length > PAYLOAD_FILTER_LIMITS.pathLength) {
    report(place, `A path has at most ${PAYLOAD_FILTER_LIMITS.pathLength} characters.`);
  } else if (parts.includes("")) {
    report(place, 'A path is names joined by single dots, such as "data.gpu_count".');
  } else if (parts.some((part) => part.startsWith("$"))) {
    report(place, "A name in a path cannot begin with $. Put operators behind the path.");
  } else if (of === "event" && !EVENT_FIELDS.includes(first)) {
    report(place, `An event has ${EVENT_FIELDS.join(", ")}. Did you mean "data.${key}"?`);
  }
}

/** What a path is compared with. @returns how many conditions that is */
function checkField(key: string, value: Json | undefined, place: Problem["path"], report: Report): number {
  if (Array.isArray(value)) {
    report(
      place,
      'Say what the list means: {"$in": […]} one of these, {"$all": […]} has all, {"$eq": […]} is this list.',
    );
    return 1;
  }
  if (!isJsonObject(value)) return 1;
  const names = Object.keys(value);
  if (names.length > 0 && !names.some((name) => name.startsWith("$"))) {
    report(place, `Write the path, "${key}.${names[0]}", or {"$eq": {…}} to compare the whole object.`);
    return 1;
  }
  return checkOperators(value, place, report);
}

function checkOperators(operators: PayloadFilter, place: Problem["path"], report: Report): number {
  const names = Object.keys(operators);
  if (names.length === 0) report(place, 'Give at least one operator, such as {"$gte": 8}.');
  let conditions = 0;
  for (const name of names) {
    const operand = operators[name];
    const at = [...place, name];
    if (!isFieldOperator(name)) {
      report(at, misplaced(name));
      continue;
    }
    if (name === "$not") {
      if (isJsonObject(operand)) conditions += checkOperators(operand, at, report);
      else report(at, 'Give the operators that must not hold, such as {"$not": {"$gte": 8}}. For a value use "$ne".');
      continue;
    }
    if (name === "$elemMatch") {
      if (!isJsonObject(operand)) report(at, 'Give conditions on the element, such as {"$elemMatch": {"name": "a"}}.');
      else if (isOperators(operand)) conditions += checkOperators(operand, at, report);
      else conditions += checkQuery(operand, at, "element", report);
      continue;
    }
    conditions += 1;
    const problem = FIELD_OPERATORS[name].rule(operand) ?? literalProblem(operand);
    if (problem !== null) report(at, problem);
  }
  return conditions;
}

function misplaced(name: string): string {
  if (isLogicalOperator(name)) return `"${name}" stands outside: {"${name}": [{"data.gpu_count": 8}, …]}.`;
  if (name.startsWith("$")) return REFUSED[name] ?? unknownOperator(name);
  return 'Operators and fields do not mix. Write the whole path, such as "data.gpu_count", before the operators.';
}

/** A value is compared as it is: an operator inside it would not be one. */
function literalProblem(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  const entries = Object.entries(value);
  if (!Array.isArray(value) && entries.some(([name]) => name.startsWith("$"))) {
    return "A value to compare with cannot hold operators. Move them behind the path.";
  }
  for (const [, child] of entries) {
    const problem = literalProblem(child);
    if (problem !== null) return problem;
  }
  return null;
}

function unknownOperator(name: string): string {
  const known = [...Object.keys(FIELD_OPERATORS), ...Object.keys(LOGICAL_OPERATORS)];
  return `There is no operator "${name}". Use ${known.join(", ")}.`;
}
