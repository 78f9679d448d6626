import { Context } from "mingo/core";
import { $and, $exists, $nor, $not, $or, $size } from "mingo/operators/query";
import { Query } from "mingo/query";
import type { AnyObject, Options } from "mingo/types";
import { isEqual, resolve } from "mingo/util";
import { isJsonObject, isOperators, PAYLOAD_FILTER_LIMITS, type PayloadFilter } from "@/lib/contracts/payload-filter";
import { filterSchema, type WebhookFilter } from "@/lib/contracts/webhooks";
import { storedJson } from "@/lib/webhooks/stored-json";

type Operator<Operand = unknown> = (path: string, operand: Operand, options: Options) => (event: AnyObject) => boolean;

/**
 * What a filter can do, and nothing else: an operator that is not here does not exist for it, whatever was stored.
 * The comparisons are our own: mingo's go through lists of any length and take null for the number 0.
 */
const OPERATORS = {
  $and,
  $or,
  $nor,
  $not,
  $exists,
  $size,
  $eq: some(isSame),
  $ne: none(isSame),
  $gt: some((value, operand) => order(value, operand) > 0),
  $gte: some((value, operand) => order(value, operand) >= 0),
  $lt: some((value, operand) => order(value, operand) < 0),
  $lte: some((value, operand) => order(value, operand) <= 0),
  $in: some(isOneOf),
  $nin: none(isOneOf),
  $startsWith: some((value, text) => typeof value === "string" && value.startsWith(String(text))),
  $endsWith: some((value, text) => typeof value === "string" && value.endsWith(String(text))),
  $mod: some((value, mod) => typeof value === "number" && Array.isArray(mod) && value % mod[0] === mod[1]),
  $type: (path, names) => (event) => [names].flat().some((name) => isOfType(read(event, path), name)),
  $all: (path, list: readonly unknown[]) => (event) => {
    const present = candidates(event, path);
    return Array.isArray(read(event, path)) && list.every((value) => present.includes(value));
  },
  $elemMatch,
} satisfies Record<string, Operator<never>>;

// mingo's type of an operator is the intersection of all its own, which no single function meets.
const context = Context.init({ query: OPERATORS as never });

const compiled = new WeakMap<PayloadFilter, Query>();

/**
 * Whether an event passes. The filter is compiled at the first call with this very object.
 * @param event the body as the receiver gets it, parsed
 * @throws only for a filter that payloadFilterSchema refuses; no event makes it throw
 */
export function matchesPayload(filter: PayloadFilter, event: AnyObject): boolean {
  let query = compiled.get(filter);
  if (!query) {
    query = compile(filter);
    compiled.set(filter, query);
  }
  return query.test(event);
}

/** A webhook's filter from the text that the database keeps; parsed once, so its payload clause is compiled once too. */
export const storedFilter = storedJson<WebhookFilter>((value) => filterSchema.parse(value));

/** The value at a path; several where the path leads through a list, undefined where there is none. */
export function read(event: AnyObject, path: string): unknown {
  return resolve(event, path, { unwrapArray: true });
}

export function compile(filter: AnyObject, options: Partial<Options> = { context, scriptEnabled: false }): Query {
  return new Query(filter, options);
}

/** An operator that holds when it holds for the value or, where that is a list, for one of its elements. */
function some(holds: (value: unknown, operand: unknown) => boolean): Operator {
  return (path, operand) => (event) => candidates(event, path).some((value) => holds(value, operand));
}

function none(holds: (value: unknown, operand: unknown) => boolean): Operator {
  return (path, operand) => (event) => !candidates(event, path).some((value) => holds(value, operand));
}

/** What a comparison is tried with: the value itself and, where it is a list, its elements and theirs. */
function candidates(event: AnyObject, path: string): unknown[] {
  const value = read(event, path);
  if (!Array.isArray(value)) return [value];
  const { elements } = PAYLOAD_FILTER_LIMITS;
  const inside = value.slice(0, elements);
  return [
    value,
    ...inside,
    ...inside
      .filter(Array.isArray)
      .flatMap((list) => list.slice(0, elements))
      .slice(0, elements),
  ];
}

/** null is the same as absent. */
function isSame(value: unknown, operand: unknown): boolean {
  return isEqual(value ?? null, operand);
}

/**
 * Less than 0, 0 or more than 0; NaN, for which no comparison holds, where there is no order. A number is also compared
 * with a text that is one: amounts come as decimal strings.
 */
function order(value: unknown, operand: unknown): number {
  if (typeof operand === "number") {
    if (typeof value === "number") return value - operand;
    return typeof value === "string" && /^-?\d{1,30}(\.\d{1,30})?$/.test(value) ? Number(value) - operand : Number.NaN;
  }
  if (typeof value !== "string" || typeof operand !== "string") return Number.NaN;
  return value < operand ? -1 : value > operand ? 1 : 0;
}

/** null in the list stands for an absent value too, as in `$eq`. */
function isOneOf(value: unknown, list: unknown): boolean {
  return Array.isArray(list) && list.includes(value ?? null);
}

function isOfType(value: unknown, name: unknown): boolean {
  switch (name) {
    case "array":
      return Array.isArray(value);
    case "object":
      return isJsonObject(value);
    case "null":
      return value === null;
    case "int":
      return Number.isInteger(value);
    case "bool":
      return typeof value === "boolean";
    default:
      return typeof value === name;
  }
}

/** Conditions on values or on fields of the elements; a text or a number has no fields. */
function $elemMatch(path: string, conditions: AnyObject, options: Options) {
  const onValue = isOperators(conditions);
  const query = compile(onValue ? { value: conditions } : conditions, options);
  return (event: AnyObject) => {
    const list = read(event, path);
    if (!Array.isArray(list)) return false;
    return list
      .slice(0, PAYLOAD_FILTER_LIMITS.elements)
      .some((element) => (onValue ? query.test({ value: element }) : isJsonObject(element) && query.test(element)));
  };
}
