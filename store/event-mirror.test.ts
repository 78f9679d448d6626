import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventNews, ListedEvent } from "@/lib/contracts/events";
import { countNewEvents } from "@/store/event-filter";
import { resyncEvents, takeInEvents } from "@/store/event-mirror";
import { EVENT_PAGE, type EventListArg, eventsApi } from "@/store/events-api";
import { selectSeenEvents, streamStarted, streamStopped } from "@/store/live-slice";
import { type AppStore, makeStore } from "@/store/make-store";

const PROJECT = "prj_1";
const all: EventListArg = { projectId: PROJECT, filter: {} };

/** The server's rows; the API's list is answered from them with keyset pages as the real one does. */
let rows: ListedEvent[];
let store: AppStore;
let asked: string[];

beforeEach(() => {
  rows = [];
  asked = [];
  vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: true }));
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return answer(new URL(path, "http://localhost"));
  });
  store = makeStore();
  store.dispatch(streamStarted(PROJECT));
});

afterEach(() => {
  store.dispatch(streamStopped());
  vi.unstubAllGlobals();
});

describe("a list of events in the store", () => {
  it("changes its counts in place and only counts what is new", async () => {
    rows = [eventOf(1), eventOf(2)];
    await open(all);
    takeInEvents(store, [newsOf(1, { delivered: 1, revision: 3 }), newsOf(3)]);
    expect(listed(all).map(({ id, delivery_counts }) => [id, delivery_counts.delivered])).toEqual([
      [eventOf(2).id, 0],
      [eventOf(1).id, 1],
    ]);
    expect(unlisted(all)).toBe(1);
  });

  it("ignores a message that is older than the row, before and after the row was read", async () => {
    rows = [eventOf(1, { delivered: 1, revision: 3 })];
    const opening = open(all);
    takeInEvents(store, [newsOf(1, { failed: 1, revision: 5 })]);
    await opening;
    expect(listed(all)[0]?.delivery_counts).toMatchObject({ failed: 1, revision: 5 });
    takeInEvents(store, [newsOf(1, { pending: 1, revision: 1 })]);
    expect(listed(all)[0]?.delivery_counts).toMatchObject({ failed: 1, revision: 5 });
  });

  it("fills by itself while it is empty, if the event belongs to it", async () => {
    const filtered: EventListArg = { projectId: PROJECT, filter: { outcome: "filtered" } };
    await open(filtered);
    rows = [eventOf(1), eventOf(2, { pending: 0, revision: 0 })];
    takeInEvents(store, [newsOf(1)]);
    expect(asked).toHaveLength(1);
    takeInEvents(store, [newsOf(2, { pending: 0, revision: 0 })]);
    await vi.waitFor(() => expect(listed(filtered).map(({ id }) => id)).toEqual([eventOf(2).id]));
  });

  it("is compared with the server after a gap, page by page", async () => {
    rows = Array.from({ length: EVENT_PAGE + 20 }, (_, n) => eventOf(n));
    await open(all);
    await store.dispatch(eventsApi.endpoints.listEvents.initiate(all, { direction: "forward" }));
    const before = listed(all).map(({ id }) => id);
    expect(before).toHaveLength(EVENT_PAGE + 20);
    rows[0] = eventOf(0, { delivered: 1, revision: 9 });
    rows.push(eventOf(EVENT_PAGE + 20));
    await resyncEvents(store, new AbortController().signal);
    expect(listed(all).map(({ id }) => id)).toEqual(before);
    expect(listed(all).at(-1)?.delivery_counts.revision).toBe(9);
    expect(unlisted(all)).toBe(1);
  });
});

describe("countNewEvents", () => {
  it("counts only what belongs to the list and would stand above its last row", () => {
    const count = (filter: EventListArg["filter"], hasMore: boolean) =>
      countNewEvents({ seen: [newsOf(1), newsOf(3), newsOf(5)], rows: [eventOf(4), eventOf(2)], filter, hasMore });
    expect(count({}, true)).toBe(2);
    expect(count({}, false)).toBe(3);
    expect(count({ type: "user.login" }, true)).toBe(0);
    expect(count({ correlation_id: newsOf(5).correlation_id }, true)).toBe(1);
    expect(count({ outcome: "filtered" }, true)).toBe(0);
  });
});

type Counts = ListedEvent["delivery_counts"];

function newsOf(n: number, counts: Partial<Counts> = {}): EventNews {
  const id = `evt_${String(n).padStart(6, "0")}`;
  const delivery_counts = { pending: 1, delivered: 0, failed: 0, cancelled: 0, revision: 1, ...counts };
  const filtered = delivery_counts.revision === 0;
  return { id, type: "instance.started", correlation_id: id, filtered, delivery_counts };
}

function eventOf(n: number, counts: Partial<Counts> = {}): ListedEvent {
  const { filtered: _, ...news } = newsOf(n, counts);
  const at = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
  const rest = { source: "api", sequence: null, labels: {}, application: null, environment: null, body: "{}" } as const;
  return { ...news, ...rest, occurred_at: at, created_at: at };
}

function open(arg: EventListArg) {
  return store.dispatch(eventsApi.endpoints.listEvents.initiate(arg));
}

function listed(arg: EventListArg): ListedEvent[] {
  const { data } = eventsApi.endpoints.listEvents.select(arg)(store.getState());
  return data?.pages.flatMap((page) => page.data) ?? [];
}

function unlisted(arg: EventListArg): number {
  const seen = Object.values(selectSeenEvents(store.getState()));
  return countNewEvents({ seen, rows: listed(arg), filter: arg.filter, hasMore: false });
}

function answer({ pathname, searchParams }: URL): Response {
  expect(pathname).toBe(`/api/v1/projects/${PROJECT}/events`);
  const cursor = searchParams.get("cursor") ?? "~";
  const limit = Number(searchParams.get("limit"));
  const matching = rows
    .filter(({ id }) => id < cursor)
    .filter(({ delivery_counts }) => searchParams.get("outcome") !== "filtered" || delivery_counts.revision === 0)
    .toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const data = matching.slice(0, limit);
  return Response.json({ data, next_cursor: matching.length > limit ? (data.at(-1)?.id ?? null) : null });
}
