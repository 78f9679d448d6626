import type { DeliveryStatus } from "@/lib/contracts/deliveries";
import type { DeliveryFilter } from "@/store/delivery-mirror";
import { statusWord } from "./status-words";
import { resolveRange, type TimeRange, timeRangeWords } from "./time-range";

/** What the log's URL says, without the delivery that is open beside it. */
export type LogFilter = TimeRange & {
  webhook_id: string | null;
  event_type: string | null;
  status: readonly DeliveryStatus[];
  q: string;
};

export const NO_FILTER: LogFilter = {
  webhook_id: null,
  event_type: null,
  status: [],
  q: "",
  range: null,
  from: null,
  to: null,
};

/** A chip over the list. Its key is what removing it clears. */
export type FilterChip = {
  key: "webhook_id" | "event_type" | "status" | "time" | "q";
  field: string;
  operator: string;
  value: string;
};

/** How many clauses are active; the two bounds of a time range are one. */
export function countClauses(filter: LogFilter): number {
  const clauses = [
    filter.webhook_id !== null,
    filter.event_type !== null,
    filter.status.length > 0,
    filter.range !== null || filter.from !== null || filter.to !== null,
    filter.q.trim() !== "",
  ];
  return clauses.filter(Boolean).length;
}

/** The filter as the store asks and counts by it. @param now what relative ranges are relative to, Unix ms */
export function toDeliveryFilter(filter: LogFilter, now: number): DeliveryFilter {
  return {
    ...(filter.webhook_id === null ? {} : { webhook_id: filter.webhook_id }),
    ...(filter.event_type === null ? {} : { event_type: filter.event_type }),
    ...(filter.status.length === 0 ? {} : { status: [...filter.status] }),
    ...resolveRange(filter, now),
    ...(filter.q.trim() === "" ? {} : { q: filter.q.trim() }),
  };
}

/** The active clauses in words, in the order in which the controls stand. */
export function filterChips(
  filter: LogFilter,
  words: { webhookName: (id: string) => string; now: number; offsetAt: (ms: number) => number },
): FilterChip[] {
  const chips: FilterChip[] = [];
  if (filter.q.trim() !== "") chips.push({ key: "q", field: "Id", operator: "begins with", value: filter.q.trim() });
  if (filter.webhook_id !== null) {
    chips.push({ key: "webhook_id", field: "Webhook", operator: "is", value: words.webhookName(filter.webhook_id) });
  }
  if (filter.event_type !== null) {
    chips.push({ key: "event_type", field: "Event type", operator: "is", value: filter.event_type });
  }
  if (filter.status.length > 0) {
    const value = filter.status.map(statusWord).join(", ");
    chips.push({ key: "status", field: "Status", operator: filter.status.length === 1 ? "is" : "is any of", value });
  }
  if (filter.range !== null || filter.from !== null || filter.to !== null) {
    const value = timeRangeWords(filter, words.now, words.offsetAt);
    chips.push({ key: "time", field: "Created", operator: filter.range === null ? "is" : "in the", value });
  }
  return chips;
}

/** What the URL has to change to when a chip goes. */
export function withoutChip(key: FilterChip["key"]): Partial<LogFilter> {
  if (key === "time") return { range: null, from: null, to: null };
  if (key === "status") return { status: [] };
  return { [key]: NO_FILTER[key] };
}
