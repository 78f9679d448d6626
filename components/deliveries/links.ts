export const DELIVERIES = "/app/deliveries";
export const EVENTS = "/app/events";
export const WEBHOOKS = "/app/settings/webhooks";

/** A link among words: told from them by its colour where it stands alone, by its line where it stands in a sentence. */
/** Within a sentence a link must be told without its colour. */
export const inlineLinkClass = "text-accent underline underline-offset-4 hover:text-accent-hover";

export const textLinkClass = "text-accent underline-offset-4 hover:text-accent-hover hover:underline";

/** The page of a delivery; its id comes from the server, but may as well come from an address someone typed. */
export function deliveryHref(id: string): string {
  return `${DELIVERIES}/${encodeURIComponent(id)}`;
}

export function eventHref(id: string): string {
  return `${EVENTS}/${encodeURIComponent(id)}`;
}

export function webhookHref(id: string): string {
  return `${WEBHOOKS}/${encodeURIComponent(id)}`;
}

/** The list of events narrowed to what these clauses say, in the names that its URL uses. */
export function eventsHref(filter: { type?: string; correlation_id?: string; outcome?: "sent" | "filtered" }): string {
  const search = new URLSearchParams(filter).toString();
  return search === "" ? EVENTS : `${EVENTS}?${search}`;
}

/** The log narrowed to what these clauses say, in the names that its URL uses. */
export function deliveriesHref(filter: {
  webhook_id?: string;
  event_type?: string;
  status?: string;
  range?: string;
  q?: string;
}): string {
  const search = new URLSearchParams(filter).toString();
  return search === "" ? DELIVERIES : `${DELIVERIES}?${search}`;
}
