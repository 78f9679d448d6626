import { isLogicalOperator, type PayloadFilter } from "@/lib/contracts/payload-filter";
import { clauseWords, conditionWords, members, operatorsOf, valueWords } from "@/lib/contracts/payload-words";
import { compile, matchesPayload, read } from "@/lib/webhooks/payload-filter";
import { type MatchedEvent, type MatchVerdict, matchEvent, type Subscription } from "@/lib/webhooks/policy";

type Event = Record<string, unknown>;

/** How many alternatives of an `$or` are told one by one. */
const ALTERNATIVES_TOLD = 3;

/**
 * What `matchEvent` decides, and why in words.
 * @returns detail: null for a match; else what the event has where the deciding clause looks
 */
export function explainMatch(
  subscription: Subscription,
  event: MatchedEvent,
): { verdict: MatchVerdict; detail: string | null } {
  const verdict = matchEvent(subscription, event);
  return { verdict, detail: detailOf(verdict, subscription, event) };
}

/**
 * The first clause of a payload filter that says no, with what the event has there: `data.gpu_count $gte 8: it is 4`.
 * @param event the body as the receiver gets it, parsed
 * @returns null when the event passes
 */
export function explainPayload(filter: PayloadFilter, event: Event): string | null {
  for (const [key, value] of Object.entries(filter)) {
    const reason = isLogicalOperator(key) ? explainList(key, members(value), event) : explainField(key, value, event);
    if (reason !== null) return reason;
  }
  return null;
}

function detailOf(verdict: MatchVerdict, { eventTypes, filter }: Subscription, event: MatchedEvent): string | null {
  switch (verdict) {
    case "match":
      return null;
    case "disabled":
      return "The webhook is disabled.";
    case "type":
      return `${event.type} is not among the types (${some(eventTypes)}).`;
    case "application":
      return `The application is ${event.application ?? "not given"}, not ${some(filter?.applications ?? [])}.`;
    case "environment":
      return `The environment is ${event.environment ?? "not given"}, not ${some(filter?.environments ?? [])}.`;
    case "labels": {
      const wrong = Object.entries(filter?.labels ?? {}).find(([name, value]) => event.labels[name] !== value);
      if (!wrong) return null;
      const [name, value] = wrong;
      return `The label ${name} is ${Object.hasOwn(event.labels, name) ? event.labels[name] : "not given"}, not ${value}.`;
    }
    case "payload":
      return filter?.payload ? explainPayload(filter.payload, event.body) : null;
  }
}

function explainField(path: string, value: unknown, event: Event): string | null {
  for (const [operator, operand] of operatorsOf(value)) {
    if (compile({ [path]: { [operator]: operand } }).test(event)) continue;
    return `${conditionWords(path, operator, operand)}: it is ${valueWords(read(event, path))}`;
  }
  return null;
}

function explainList(operator: "$and" | "$or" | "$nor", list: PayloadFilter[], event: Event): string | null {
  if (operator === "$and") {
    for (const member of list) {
      const reason = explainPayload(member, event);
      if (reason !== null) return reason;
    }
    return null;
  }
  const holding = list.find((member) => matchesPayload(member, event));
  if (operator === "$nor") {
    return holding ? `$nor: this holds: ${clauseWords(holding).join(" and ")}` : null;
  }
  if (holding) return null;
  const reasons = list.slice(0, ALTERNATIVES_TOLD).map((member) => explainPayload(member, event));
  const rest = list.length - reasons.length;
  return `$or: none of ${list.length} holds (${reasons.join("; ")}${rest > 0 ? `; and ${rest} more` : ""})`;
}

function some(values: readonly string[]): string {
  const shown = values.slice(0, ALTERNATIVES_TOLD).join(", ");
  return values.length > ALTERNATIVES_TOLD ? `${shown} and ${values.length - ALTERNATIVES_TOLD} more` : shown;
}
