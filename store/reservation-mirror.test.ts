import { describe, expect, it } from "vitest";
import type { Bar } from "@/lib/contracts/calendar";
import { changeBars, newerReservation, removeBars } from "@/store/reservation-mirror";
import { reservationOf } from "@/store/testing";

function barOf(changes: Partial<Bar> = {}): Bar {
  return {
    id: "bar_1",
    kind: "mine",
    reservation_id: "res_1",
    status: "confirmed",
    held: false,
    title: "Training",
    by: "Olga",
    pool_id: "pool_1",
    gpu_count: 8,
    starts_at: "2026-12-01T08:00:00.000Z",
    ends_at: "2026-12-02T08:00:00.000Z",
    units: [],
    version: 1,
    ...changes,
  };
}

describe("newerReservation", () => {
  it("goes by the version, whatever came first", () => {
    const [older, newer] = [reservationOf({ version: 1 }), reservationOf({ version: 2, title: "Moved" })];
    expect(newerReservation(older, newer).title).toBe("Moved");
    expect(newerReservation(newer, older)).toBe(newer);
  });

  it("lets what has been used up only grow", () => {
    const [less, more] = [reservationOf({ captured_micros: 5 }), reservationOf({ captured_micros: 9 })];
    expect(newerReservation(less, more).captured_micros).toBe(9);
    expect(newerReservation(more, less).captured_micros).toBe(9);
  });

  it("keeps whose it is", () => {
    const held = reservationOf({ mine: true });
    expect(newerReservation(held, reservationOf({ version: 2, mine: false })).mine).toBe(true);
  });
});

describe("changeBars", () => {
  it("moves the one bar of the reservation and leaves the others", () => {
    const bars = [barOf(), barOf({ id: "bar_2", reservation_id: "res_2" })];
    changeBars(bars, "res_1", { starts_at: "2026-12-01T10:00:00.000Z", gpu_count: 4 });
    expect(bars[0]).toMatchObject({ starts_at: "2026-12-01T10:00:00.000Z", ends_at: "2026-12-02T08:00:00.000Z" });
    expect(bars[0]?.gpu_count).toBe(4);
    expect(bars[1]).toEqual(barOf({ id: "bar_2", reservation_id: "res_2" }));
  });

  it("waits for the answer where a reservation has several parts", () => {
    const bars = [barOf(), barOf({ starts_at: "2026-12-03T08:00:00.000Z" })];
    const before = structuredClone(bars);
    changeBars(bars, "res_1", { gpu_count: 4 });
    expect(bars).toEqual(before);
  });
});

describe("removeBars", () => {
  it("takes every part of the reservation away", () => {
    const bars = [barOf(), barOf({ reservation_id: null, kind: "maintenance" }), barOf()];
    removeBars(bars, "res_1");
    expect(bars.map(({ kind }) => kind)).toEqual(["maintenance"]);
  });
});
