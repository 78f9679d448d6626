import type { EventNews, ListedEvent } from "@/lib/contracts/events";
import { api } from "@/store/api";
import { matchesEventFilter } from "@/store/event-filter";
import { type EventListArg, type EventPage, eventsApi } from "@/store/events-api";
import type { Mirror } from "@/store/live-mirror";
import { eventsSeen } from "@/store/live-slice";

/** Pages read again after a gap, at most, for one list: 1,000 rows. */
const RECONCILED_PAGES = 20;

/**
 * Takes in events that are new or whose deliveries went on: their counts change in place in every cached list, and the
 * verdicts on them are read again. A list without any row is read again, since nothing in it could move.
 */
export function takeInEvents(mirror: Mirror, news: EventNews[]): void {
  mirror.dispatch(eventsSeen(news));
  for (const { originalArgs, data, status } of eventLists(mirror)) {
    if (data === undefined) continue;
    replaceOlderCounts(mirror, originalArgs, data.pages, news);
    const empty = data.pages.every((page) => page.data.length === 0);
    if (empty && status !== "pending" && news.some((event) => matchesEventFilter(event, originalArgs.filter))) {
      readListAgain(mirror, originalArgs);
    }
  }
  mirror.dispatch(api.util.invalidateTags(news.map(({ id }) => ({ type: "Verdict", id }))));
}

/** A page was read before a change whose message came first: brings its counts up to what the stream has shown. */
export function takeInEventPages(mirror: Mirror, arg: EventListArg): void {
  const { data } = eventsApi.endpoints.listEvents.select(arg)(mirror.getState());
  if (data) replaceOlderCounts(mirror, arg, data.pages, Object.values(mirror.getState().live.seenEvents));
}

/**
 * Something may have been missed: lists are compared page by page, so that counts change in place and new events wait
 * to be asked for.
 */
export async function resyncEvents(mirror: Mirror, signal: AbortSignal): Promise<void> {
  mirror.dispatch(api.util.invalidateTags(["Verdict"]));
  for (const { data, originalArgs } of eventLists(mirror)) {
    if (signal.aborted) return;
    if (data === undefined || data.pages.every((page) => page.data.length === 0)) readListAgain(mirror, originalArgs);
    else await reconcile(mirror, originalArgs, data.pages, signal);
  }
}

async function reconcile(mirror: Mirror, arg: EventListArg, pages: EventPage[], signal: AbortSignal) {
  const lastId = pages.at(-1)?.data.at(-1)?.id ?? "";
  let cursor: string | null = null;
  let readTo = "";
  for (let count = 0; count < RECONCILED_PAGES; count += 1) {
    const answer: { data?: EventPage | undefined } = await mirror.dispatch(
      eventsApi.endpoints.readEventPage.initiate({ ...arg, cursor }, { forceRefetch: true, subscribe: false }),
    );
    const page = answer.data;
    if (!page || signal.aborted) return;
    const news = page.data.map((event) => newsOf(event, arg));
    mirror.dispatch(eventsSeen(news));
    replaceOlderCounts(mirror, arg, pages, news);
    readTo = page.data.at(-1)?.id ?? "";
    cursor = page.next_cursor;
    if (cursor === null || readTo <= lastId) return;
  }
  // Below this point nothing was compared; those rows are dropped and come again, fresh, when asked for.
  mirror.dispatch(
    eventsApi.util.updateQueryData("listEvents", arg, (draft) => {
      const kept = draft.pages.filter((page) => (page.data.at(-1)?.id ?? "") >= readTo).length;
      draft.pages.splice(kept);
      draft.pageParams.splice(kept);
    }),
  );
}

function replaceOlderCounts(mirror: Mirror, arg: EventListArg, pages: readonly EventPage[], news: EventNews[]): void {
  const newest = new Map(news.map((event) => [event.id, event.delivery_counts]));
  const isOlder = ({ id, delivery_counts }: ListedEvent) => (newest.get(id)?.revision ?? 0) > delivery_counts.revision;
  if (!pages.some((page) => page.data.some(isOlder))) return;
  mirror.dispatch(
    eventsApi.util.updateQueryData("listEvents", arg, (draft) => {
      for (const event of draft.pages.flatMap((page) => page.data)) {
        const counts = newest.get(event.id);
        if (counts && isOlder(event)) event.delivery_counts = counts;
      }
    }),
  );
}

/** A row as the stream would tell it; that it is in a list tells its outcome where the list asks for one. */
function newsOf({ id, type, correlation_id, delivery_counts }: ListedEvent, { filter }: EventListArg): EventNews {
  const { pending, delivered, failed, cancelled } = delivery_counts;
  const filtered = filter.outcome ? filter.outcome === "filtered" : pending + delivered + failed + cancelled === 0;
  return { id, type, correlation_id, filtered, delivery_counts };
}

function readListAgain({ dispatch }: Mirror, arg: EventListArg): void {
  dispatch(eventsApi.endpoints.listEvents.initiate(arg, { forceRefetch: true, subscribe: false }));
}

function eventLists({ getState }: Mirror) {
  return eventsApi.util.selectEntriesForEndpoint(getState(), "listEvents");
}
