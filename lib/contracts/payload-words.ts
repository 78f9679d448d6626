import { isFieldOperator, isJsonObject, isLogicalOperator, type PayloadFilter } from "@/lib/contracts/payload-filter";

const LONGEST_VALUE = 80;
const ELEMENTS_SHOWN = 5;

/** The clauses of a filter as people read them, one each: `data.gpu_count $gte 8`. All of them must hold. */
export function clauseWords(filter: PayloadFilter): string[] {
  return Object.entries(filter).flatMap(([key, value]) => {
    if (isLogicalOperator(key)) return key === "$and" ? members(value).flatMap(clauseWords) : [listWords(key, value)];
    return operatorsOf(value).map(([operator, operand]) => conditionWords(key, operator, operand));
  });
}

/** The members of $and, $or or $nor. */
export function members(value: unknown): PayloadFilter[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The operators behind a path; a value alone means $eq. */
export function operatorsOf(value: unknown): [operator: string, operand: unknown][] {
  if (!isJsonObject(value) || !Object.keys(value).some(isFieldOperator)) return [["$eq", value]];
  return Object.entries(value);
}

/** `data.gpu_count $gte 8` */
export function conditionWords(path: string, operator: string, operand: unknown): string {
  return `${path} ${operator} ${shorten(JSON.stringify(operand))}`;
}

/** A value of an event in little room. Lists and objects are not gone through: they can be of any size. */
export function valueWords(value: unknown): string {
  if (value === undefined) return "absent";
  if (Array.isArray(value)) {
    const scalars = value.length <= ELEMENTS_SHOWN && value.every((element) => typeof element !== "object");
    return scalars ? shorten(JSON.stringify(value)) : `a list of ${value.length}`;
  }
  return typeof value === "object" && value !== null ? "an object" : shorten(JSON.stringify(value));
}

function listWords(operator: string, value: unknown): string {
  return `${operator} (${members(value)
    .map((member) => clauseWords(member).join(" and "))
    .join("; ")})`;
}

function shorten(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}
