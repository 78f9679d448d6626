import { isLogicalOperator, type PayloadFilter } from "@/lib/contracts/payload-filter";
import { clauseWords, conditionWords, members, operatorsOf, valueWords } from "@/lib/contracts/payload-words";
import type { EventVerdict } from "@/lib/contracts/verdicts";
import { compile, matchesPayload, read } from "@/lib/webhooks/payload-filter";
import { type MatchedEvent, type MatchVerdict, matchEvent, type Subscription } from "@/lib/webhooks/policy";

type Event = Record<string, unknown>;

/** How many alternatives of an `$or` are told one by one. */
const ALTERNATIVES_TOLD = 3;

export type Explanation = { verdict: MatchVerdict; detail: string; clause: EventVerdict["clause"] };

/**
 * What `matchEvent` decides, and the clause that decided, in plain language.
 * @param verb "asked" at the event's time, "asks" now
 * @returns an empty detail for a match, and where the webhook is disabled
 */
export function explainMatch(subscription: Subscription, event: MatchedEvent, verb: "asked" | "asks"): Explanation {
  const verdict = matchEvent(subscription, event);
  const filter = subscription.filter ?? {};
  const no = (field: string, what: string, wanted: readonly string[], had: string | null): Explanation => ({
    verdict,
    detail: `It ${verb} for ${what} ${wanted.join(" or ")}; the event has ${had === null ? `no ${what}` : `${what} ${had}`}.`,
    clause: { field, wanted: wanted.join(", "), had },
  });
  switch (verdict) {
    case "match":
    case "disabled":
      return { verdict, detail: "", clause: null };
    case "type":
      return {
        verdict,
        detail: `It ${verb} for ${subscription.eventTypes.join(", ")}; the event is ${event.type}.`,
        clause: { field: "event_types", wanted: subscription.eventTypes.join(", "), had: event.type },
      };
    case "application":
      return no("filter.applications", "application", filter.applications ?? [], event.application);
    case "environment":
      return no("filter.environments", "environment", filter.environments ?? [], event.environment);
    case "labels": {
      const [name = "", wanted = ""] =
        Object.entries(filter.labels ?? {}).find(([label, value]) => event.labels[label] !== value) ?? [];
      const had = Object.hasOwn(event.labels, name) ? (event.labels[name] ?? null) : null;
      return no(`filter.labels.${name}`, `label ${name}`, [wanted], had);
    }
    case "payload": {
      const reason = (filter.payload && explainPayload(filter.payload, event.body)) ?? "";
      const [wanted = "", had] = reason.split(": it is ");
      return { verdict, detail: reason, clause: { field: "filter.payload", wanted, had: had ?? null } };
    }
  }
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
