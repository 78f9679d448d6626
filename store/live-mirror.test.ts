import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Delivery } from "@/lib/contracts/deliveries";
import { type DeliveryListArg, deliveriesApi } from "@/store/deliveries-api";
import { resync, takeInDeliveries } from "@/store/live-mirror";
import { selectSeen, streamStarted, streamStopped } from "@/store/live-slice";
import { type AppStore, makeStore } from "@/store/make-store";
import { deliveryOf } from "@/store/testing";

const PROJECT = "prj_1";
const all: DeliveryListArg = { projectId: PROJECT, filter: {} };

/** The server's rows; the API's list is answered from them with keyset pages as the real one does. */
let rows: Delivery[];
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

describe("a delivery list in the store", () => {
  it("changes its rows in place and only counts what is new", async () => {
    rows = [deliveryOf(1), deliveryOf(2)];
    await open(all);
    takeInDeliveries(store, [deliveryOf(1, { revision: 2, status: "delivered" }), deliveryOf(3)]);
    expect(listed(all).map(({ id, status }) => [id, status])).toEqual([
      [deliveryOf(2).id, "pending"],
      [deliveryOf(1).id, "delivered"],
    ]);
    expect(Object.keys(selectSeen(store.getState()))).toContain(deliveryOf(3).id);
  });

  it("ignores a message that is older than the row", async () => {
    rows = [deliveryOf(1, { revision: 4, status: "delivered" })];
    await open(all);
    takeInDeliveries(store, [deliveryOf(1, { revision: 3, status: "delivering" })]);
    expect(listed(all)[0]?.status).toBe("delivered");
  });

  it("brings a page up to date that was read before a message but arrived after it", async () => {
    rows = [deliveryOf(1)];
    const opening = open(all);
    takeInDeliveries(store, [deliveryOf(1, { revision: 2, status: "delivered" })]);
    await opening;
    expect(listed(all)[0]?.status).toBe("delivered");
  });

  it("is read again by itself while it has no row, once something would be in it", async () => {
    const failed: DeliveryListArg = { projectId: PROJECT, filter: { status: ["failed"] } };
    await open(failed);
    asked = [];
    takeInDeliveries(store, [deliveryOf(1)]);
    expect(asked).toEqual([]);
    rows = [deliveryOf(1, { revision: 2, status: "failed" })];
    takeInDeliveries(store, rows);
    await vi.waitFor(() => expect(listed(failed)).toHaveLength(1));
  });

  it("after a gap: rows change in place, new ones are counted, loaded pages stay", async () => {
    rows = Array.from({ length: 250 }, (_, n) => deliveryOf(n + 1));
    await open(all);
    await store.dispatch(deliveriesApi.endpoints.listDeliveries.initiate(all, { direction: "forward" }));
    expect(listed(all)).toHaveLength(200);

    rows = [...rows.map((row) => ({ ...row, revision: 2, status: "delivered" as const })), deliveryOf(251)];
    await resync(store, new AbortController().signal);
    expect(listed(all)).toHaveLength(200);
    expect(listed(all).every(({ status }) => status === "delivered")).toBe(true);
    expect(listed(all)[0]?.id).toBe(deliveryOf(250).id);
    expect(selectSeen(store.getState())[deliveryOf(251).id]).toBeDefined();
  });

  it("starts again from the top when asked for what is new", async () => {
    rows = Array.from({ length: 150 }, (_, n) => deliveryOf(n + 1));
    await open(all);
    await store.dispatch(deliveriesApi.endpoints.listDeliveries.initiate(all, { direction: "forward" }));
    rows = [...rows, deliveryOf(151)];
    await store.dispatch(deliveriesApi.endpoints.listDeliveries.initiate(all, { forceRefetch: true }));
    expect(listed(all)).toHaveLength(100);
    expect(listed(all)[0]?.id).toBe(deliveryOf(151).id);
  });
});

function open(arg: DeliveryListArg) {
  return store.dispatch(deliveriesApi.endpoints.listDeliveries.initiate(arg));
}

function listed(arg: DeliveryListArg): Delivery[] {
  const { data } = deliveriesApi.endpoints.listDeliveries.select(arg)(store.getState());
  return data?.pages.flatMap((page) => page.data) ?? [];
}

function answer(url: URL): Response {
  if (!url.pathname.endsWith("/deliveries")) return Response.json({}, { status: 404 });
  const status = url.searchParams.get("status")?.split(",");
  const cursor = url.searchParams.get("cursor");
  const limit = Number(url.searchParams.get("limit"));
  const matching = rows
    .filter((row) => (!status || status.includes(row.status)) && (cursor === null || row.id < cursor))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  const data = matching.slice(0, limit);
  return Response.json({ data, next_cursor: matching.length > limit ? data.at(-1)?.id : null });
}
