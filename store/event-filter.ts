import type { EventNews, EventOutcome } from "@/lib/contracts/events";

/** What the list of events is narrowed to. An absent clause always holds. */
export type EventFilter = {
  type?: string | undefined;
  /** The whole id. */
  correlation_id?: string | undefined;
  outcome?: EventOutcome | undefined;
};

/** Whether an event belongs to a filtered list. */
export function matchesEventFilter(event: EventNews, { type, correlation_id, outcome }: EventFilter): boolean {
  return (
    (!type || type === event.type) &&
    (!correlation_id || correlation_id === event.correlation_id) &&
    (!outcome || (outcome === "filtered") === event.filtered)
  );
}

/**
 * How many events the stream has shown that belong to a list and are not in it. Events older than the last row of a list
 * that goes on are further down, not new.
 */
export function countNewEvents({
  seen,
  rows,
  filter,
  hasMore,
}: {
  seen: readonly EventNews[];
  rows: readonly { id: string }[];
  filter: EventFilter;
  hasMore: boolean;
}): number {
  const held = new Set(rows.map(({ id }) => id));
  const last = rows.at(-1)?.id ?? "";
  return seen.filter(
    (event) => !held.has(event.id) && (!hasMore || event.id > last) && matchesEventFilter(event, filter),
  ).length;
}
