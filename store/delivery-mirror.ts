import type { Delivery, DeliveryDetail, DeliveryStatus } from "@/lib/contracts/deliveries";

/** What the delivery log is narrowed to. An absent clause always holds. */
export type DeliveryFilter = {
  webhook_id?: string | undefined;
  event_type?: string | undefined;
  status?: DeliveryStatus[] | undefined;
  /** Created at or after, ISO 8601. */
  from?: string | undefined;
  /** Created before, ISO 8601. */
  to?: string | undefined;
  /** The beginning of a delivery, event or webhook id, or a whole correlation id. */
  q?: string | undefined;
};

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
 * Whether a delivery belongs to a filtered list, as far as the browser can tell. A search for a correlation id cannot
 * be answered from the row, so such rows count as not belonging.
 */
export function matchesFilter(delivery: Delivery, filter: DeliveryFilter): boolean {
  const createdAt = Date.parse(delivery.created_at);
  return (
    (!filter.webhook_id || filter.webhook_id === delivery.webhook_id) &&
    (!filter.event_type || filter.event_type === delivery.event_type) &&
    (!filter.status?.length || filter.status.includes(delivery.status)) &&
    (!filter.from || createdAt >= Date.parse(filter.from)) &&
    (!filter.to || createdAt < Date.parse(filter.to)) &&
    (!filter.q || [delivery.id, delivery.event_id, delivery.webhook_id].some((id) => id.startsWith(filter.q ?? "")))
  );
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
