import { formatNumber } from "@/components/ui/format";
import { groupOf } from "@/lib/contracts/event-types";
import { clauseWords } from "@/lib/contracts/payload-words";
import type { Webhook, WebhookFilter } from "@/lib/contracts/webhooks";

const NAMES_SHOWN = 3;

/** What a webhook is called: its description, or the host of its URL. */
export function nameOf({ description, url }: Pick<Webhook, "description" | "url">): string {
  return description === "" ? hostOf(url) : description;
}

/** Host and port of a URL; the text itself where it is none. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host || url;
}

/** Names in little room: `Orders, Billing and 3 more`. */
export function namesTogether(names: readonly string[]): string {
  const [shown, hidden] = [names.slice(0, NAMES_SHOWN), names.length - NAMES_SHOWN];
  return hidden > 0 ? `${shown.join(", ")} and ${formatNumber(hidden)} more` : shown.join(", ");
}

/** The webhooks in whose name, URL or event types every word of the query occurs. */
export function searchWebhooks<W extends Pick<Webhook, "url" | "description" | "event_types">>(
  webhooks: readonly W[],
  query: string,
): readonly W[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return webhooks;
  return webhooks.filter(({ url, description, event_types }) => {
    const text = [url, description, ...event_types].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A subscription pattern as people read it: `All events`, `instance.*`. */
export function patternWords(pattern: string): string {
  return pattern === "*" ? "All events" : pattern;
}

/** What a pattern covers, for a tooltip. */
export function patternMeaning(pattern: string): string {
  if (pattern === "*") return "Every event, future types included";
  if (pattern.endsWith(".*")) return `All ${groupOf(pattern)} events, future types included`;
  return pattern;
}

/** The clauses of a filter, one line each; empty when every event passes. */
export function filterWords(filter: WebhookFilter | null): string[] {
  const labels = Object.entries(filter?.labels ?? {}).map(([name, value]) => `${name} = ${value}`);
  return [
    ...(filter?.applications ? [`Application: ${filter.applications.join(" or ")}`] : []),
    ...(filter?.environments ? [`Environment: ${filter.environments.join(" or ")}`] : []),
    ...(labels.length > 0 ? [`Labels: ${labels.join(" and ")}`] : []),
    ...clauseWords(filter?.payload ?? {}).map((clause) => `Payload: ${clause}`),
  ];
}

/** How fast a webhook is sent to, one line per limit of its own; empty when it has none. */
export function limitWords({ max_in_flight, rate_limit }: Pick<Webhook, "max_in_flight" | "rate_limit">): string[] {
  return [
    ...(max_in_flight === null
      ? []
      : [`At most ${max_in_flight} ${max_in_flight === 1 ? "request" : "requests"} at once`]),
    ...(rate_limit === null ? [] : [`At most ${rate_limit} ${rate_limit === 1 ? "request" : "requests"} a second`]),
  ];
}
