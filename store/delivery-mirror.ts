import {
  type Delivery,
  type DeliveryClauses,
  type DeliveryDetail,
  HTTP_CLASSES,
  type HttpClass,
} from "@/lib/contracts/deliveries";
import { isOperationalType } from "@/lib/contracts/event-types";

/** What the delivery log is narrowed to, in the API's names. An absent clause always holds. */
export type DeliveryFilter = Partial<DeliveryClauses>;

/** The filter as the API's query takes it: several values of a clause separated by commas. */
export function toQuery(filter: DeliveryFilter) {
  const { webhook_id, event_type, status, http, error_code, trigger, ...single } = filter;
  const lists = { webhook_id, event_type, status, http, error_code, trigger };
  const joined = Object.entries(lists).flatMap(([name, values]) =>
    values === undefined || values.length === 0 ? [] : [[name, values.join(",")] as const],
  );
  return { ...single, ...(Object.fromEntries(joined) as { [name in keyof typeof lists]?: string }) };
}

type Page = { data: Delivery[] };
type Place = { page: number; row: number; delivery: Delivery };

/**
 * Where the loaded pages hold an older copy of these deliveries. Rows that the pages do not hold are left out: a list
 * never gains a row by itself, because that would move what the reader is looking at.
 */
export function olderCopies(pages: readonly Page[], deliveries: readonly Delivery[]): Place[] {
  const newest = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  const places: Place[] = [];
  pages.forEach(({ data }, page) => {
    data.forEach((held, row) => {
      const delivery = newest.get(held.id);
      if (delivery && delivery.revision > held.revision) places.push({ page, row, delivery });
    });
  });
  return places;
}

/** A refetched detail, unless the copy held is newer; attempts are only ever added, so the longer list is the newer. */
export function newerDetail(held: DeliveryDetail, received: DeliveryDetail): DeliveryDetail {
  if (received.revision >= held.revision) return received;
  return { ...held, attempts: received.attempts.length > held.attempts.length ? received.attempts : held.attempts };
}

/**
 * Which of the deliveries that the stream has just brought were given up since they were last seen. The same count as
 * for delivery.exhausted: not tests, nor what tells about webhooks itself, nor what a request brought along.
 */
export function newlyGivenUp(seen: Readonly<Record<string, Delivery>>, deliveries: readonly Delivery[]): Delivery[] {
  return deliveries.filter((delivery) => {
    const { id, status, trigger, event_type, of_request, attempt_count } = delivery;
    if (status !== "failed" || trigger === "test" || of_request || isOperationalType(event_type)) return false;
    const held = seen[id];
    return held?.status !== "failed" || held.attempt_count < attempt_count;
  });
}

/**
 * Whether a delivery belongs to a filtered list, as far as the browser can tell. A search for a correlation id cannot
 * be answered from the row, so such rows count as not belonging.
 */
export function matchesFilter(delivery: Delivery, filter: DeliveryFilter): boolean {
  const createdAt = Date.parse(delivery.created_at);
  return (
    isAmong(filter.webhook_id, delivery.webhook_id) &&
    isAmong(filter.event_type, delivery.event_type) &&
    isAmong(filter.status, delivery.status) &&
    isAmong(filter.http, httpClassOf(delivery)) &&
    isAmong(filter.error_code, delivery.error_code) &&
    isAmong(filter.trigger, delivery.trigger) &&
    delivery.attempt_count >= (filter.min_attempts ?? 0) &&
    (!filter.replay_id || filter.replay_id === delivery.replay_id) &&
    (!filter.from || createdAt >= Date.parse(filter.from)) &&
    (!filter.to || createdAt < Date.parse(filter.to)) &&
    (!filter.q || [delivery.id, delivery.event_id, delivery.webhook_id].some((id) => id.startsWith(filter.q ?? "")))
  );
}

function isAmong<T>(values: readonly T[] | undefined, value: T | null): boolean {
  return values === undefined || values.length === 0 || values.some((wanted) => wanted === value);
}

function httpClassOf({ http_status }: Delivery): HttpClass | null {
  if (http_status === null) return "none";
  return HTTP_CLASSES.find((known) => known.startsWith(String(Math.floor(http_status / 100)))) ?? null;
}

/**
 * How many of the deliveries seen on the stream would be in this list if it were read again: they match, are not among
 * its rows, and do not lie below its last loaded row, where scrolling will find them. Ids sort by time of creation.
 */
export function countUnlisted({
  seen,
  rows,
  filter,
  hasMore,
}: {
  seen: Iterable<Delivery>;
  rows: readonly Delivery[];
  filter: DeliveryFilter;
  hasMore: boolean;
}): number {
  const listed = new Set(rows.map(({ id }) => id));
  const last = hasMore ? rows.at(-1)?.id : undefined;
  let count = 0;
  for (const delivery of seen) {
    if (listed.has(delivery.id) || (last !== undefined && delivery.id < last)) continue;
    if (matchesFilter(delivery, filter)) count += 1;
  }
  return count;
}
