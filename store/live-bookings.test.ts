import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { streamStarted, streamStopped } from "@/store/live-slice";
import { type AppStore, makeStore } from "@/store/make-store";
import { reservationsApi } from "@/store/reservations-api";
import { seriesApi } from "@/store/series-api";
import { reservationOf } from "@/store/testing";

const PROJECT = "prj_1";
const RANGE = { projectId: PROJECT, from: "2026-12-01T00:00:00Z", to: "2026-12-31T00:00:00Z" };

/** The stream as a browser has it, fed by the test. */
class Source extends EventTarget {
  static last: Source;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  constructor() {
    super();
    Source.last = this;
  }
  close() {}
  send(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

let store: AppStore;
let asked: string[];
/** Answers come once this has come. */
let slow: Promise<void> | undefined;

beforeEach(async () => {
  vi.useFakeTimers();
  asked = [];
  slow = undefined;
  vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("fetch", async (path: string) => {
    const { pathname } = new URL(path, "http://localhost");
    asked.push(pathname.split("/").slice(3).join("/"));
    await slow;
    if (pathname.endsWith("/calendar")) return Response.json({ ...RANGE, bars: [], truncated: false });
    return Response.json({ data: [], next_cursor: null });
  });
  store = makeStore();
  store.dispatch(streamStarted(PROJECT));
});

afterEach(() => {
  store.dispatch(streamStopped());
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const booked = { kind: "reservations", reservations: [reservationOf()] };
const elsewhere = { kind: "pools_changed", pool_ids: ["pool_1"] };
const times = (path: string) => asked.filter((each) => each.endsWith(path)).length;

describe("when the stream opens", () => {
  it("reads again what was asked for before, and only that", async () => {
    store.dispatch(reservationsApi.endpoints.listPools.initiate());
    await vi.advanceTimersByTimeAsync(1000);
    Source.last.onopen?.();
    store.dispatch(reservationsApi.endpoints.getCalendar.initiate(RANGE));
    await vi.advanceTimersByTimeAsync(1000);
    expect(times("pools")).toBe(2);
    expect(times("/calendar")).toBe(1);
  });

  it("reads again what was asked for before and came after", async () => {
    slow = new Promise((resolve) => setTimeout(resolve, 3000));
    store.dispatch(reservationsApi.endpoints.listPools.initiate());
    await vi.advanceTimersByTimeAsync(1000);
    Source.last.onopen?.();
    await vi.advanceTimersByTimeAsync(3000);
    expect(times("pools")).toBe(2);
  });

  it("reads everything again when the server says that something may have been missed", async () => {
    Source.last.onopen?.();
    store.dispatch(reservationsApi.endpoints.getCalendar.initiate(RANGE));
    await vi.advanceTimersByTimeAsync(100);
    Source.last.send({ kind: "resync" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(times("/calendar")).toBe(2);
  });
});

describe("what shows bookings", () => {
  it("is read again soon after one, and not with each of many", async () => {
    store.dispatch(reservationsApi.endpoints.getCalendar.initiate(RANGE));
    store.dispatch(reservationsApi.endpoints.listPools.initiate());
    await vi.advanceTimersByTimeAsync(1000);
    asked = [];
    Source.last.send(booked);
    await vi.advanceTimersByTimeAsync(500);
    expect(times("/calendar")).toBe(1);
    // Others book all the time.
    for (let i = 0; i < 100; i += 1) {
      Source.last.send(elsewhere);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(times("/calendar")).toBeGreaterThan(3);
    expect(times("/calendar")).toBeLessThan(8);
    expect(times("pools")).toBeLessThan(8);
    // The last of them is not forgotten.
    await vi.advanceTimersByTimeAsync(5000);
    const before = times("/calendar");
    Source.last.send(elsewhere);
    await vi.advanceTimersByTimeAsync(5000);
    expect(times("/calendar")).toBe(before + 1);
  });

  it("is also the list of series, which counts their reservations", async () => {
    store.dispatch(seriesApi.endpoints.listSeries.initiate({ projectId: PROJECT }));
    await vi.advanceTimersByTimeAsync(1000);
    asked = [];
    Source.last.send(booked);
    await vi.advanceTimersByTimeAsync(500);
    expect(times("/reservation-series")).toBe(1);
  });
});
