import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Calendar } from "@/lib/contracts/calendar";
import type { Reservation } from "@/lib/contracts/reservations";
import { streamStarted, streamStopped } from "@/store/live-slice";
import { type AppStore, makeStore } from "@/store/make-store";
import { takeInReservations } from "@/store/reservation-stream";
import { type CalendarArg, reservationsApi } from "@/store/reservations-api";
import { reservationOf } from "@/store/testing";

const PROJECT = "prj_1";
const RANGE: CalendarArg = { projectId: PROJECT, from: "2026-12-01T00:00:00Z", to: "2026-12-31T00:00:00Z" };
const LIST = { projectId: PROJECT, filter: {} };
const ONE = { projectId: PROJECT, reservationId: "res_1" };

let store: AppStore;
/** What the server has. */
let reservation: Reservation;
/** Set to refuse the next change, or to keep its answer back. */
let change: () => Promise<Response>;

beforeEach(() => {
  reservation = reservationOf();
  change = async () => Response.json(reservation);
  vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: true }));
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    if (init.method === "PATCH") return change();
    const { pathname } = new URL(path, "http://localhost");
    if (pathname.endsWith("/calendar")) return Response.json(calendarOf(reservation));
    if (pathname.endsWith("/reservations")) return Response.json({ data: [reservation], next_cursor: null });
    return Response.json(reservation);
  });
  store = makeStore();
  store.dispatch(streamStarted(PROJECT));
});

afterEach(() => {
  store.dispatch(streamStopped());
  vi.unstubAllGlobals();
});

const { getCalendar, getReservation, listReservations, updateReservation } = reservationsApi.endpoints;
const shownBar = () => getCalendar.select(RANGE)(store.getState()).data?.bars[0];
const shownOne = () => getReservation.select(ONE)(store.getState()).data;
const shownRow = () => listReservations.select(LIST)(store.getState()).data?.pages[0]?.data[0];

describe("a reservation in the store", () => {
  it("follows the stream in its page and in the list, and ignores what is older", async () => {
    await store.dispatch(getReservation.initiate(ONE));
    await store.dispatch(listReservations.initiate(LIST));
    takeInReservations(store, [reservationOf({ version: 3, title: "Renamed" })]);
    expect([shownOne()?.title, shownRow()?.title]).toEqual(["Renamed", "Renamed"]);
    takeInReservations(store, [reservationOf({ version: 2, title: "Older" })]);
    expect([shownOne()?.title, shownRow()?.title]).toEqual(["Renamed", "Renamed"]);
  });

  it("is shown where it is moved to before the server has answered", async () => {
    await store.dispatch(getCalendar.initiate(RANGE));
    let answer = (_response: Response) => {};
    change = () => new Promise((resolve) => (answer = resolve));
    const starts_at = "2026-12-05T08:00:00.000Z";
    const moving = store.dispatch(updateReservation.initiate({ ...ONE, body: { version: 1, starts_at } }));
    expect(shownBar()?.starts_at).toBe(starts_at);
    reservation = reservationOf({ version: 2, starts_at });
    answer(Response.json(reservation));
    await moving;
    expect(shownBar()?.starts_at).toBe(starts_at);
  });

  it("goes back to where it was when the move is refused", async () => {
    await store.dispatch(getCalendar.initiate(RANGE));
    change = async () => Response.json({}, { status: 409 });
    const starts_at = "2026-12-05T08:00:00.000Z";
    const { error } = await store.dispatch(updateReservation.initiate({ ...ONE, body: { version: 1, starts_at } }));
    expect(error).toMatchObject({ status: 409 });
    expect(shownBar()?.starts_at).toBe(reservation.starts_at);
  });
});

function calendarOf({ id, starts_at, ends_at, version, title }: Reservation): Calendar {
  const bar = { id: "bar_1", kind: "mine", reservation_id: id, status: "confirmed", held: false } as const;
  return {
    from: RANGE.from,
    to: RANGE.to,
    bars: [{ ...bar, title, by: "Olga", pool_id: "pool_1", gpu_count: 8, starts_at, ends_at, units: [], version }],
    truncated: false,
  };
}
