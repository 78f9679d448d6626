import { describe, expect, test } from "vitest";
import { type ChangeValues, changeValues, readChange } from "./change-values";
import { poolOf, reservationOf, segmentOf } from "./testing";

const WORLD = {
  zone: "UTC",
  pools: [poolOf(), poolOf({ id: "pol_2", open: false })],
  now: new Date("2026-11-22T10:20:00Z"),
};
const moment = (date: string, time: string) => ({ date, time, which: "" as const });

function read(changes: Partial<ChangeValues>, reservation = reservationOf()) {
  return readChange({ ...changeValues(reservation, {}, "UTC"), ...changes }, reservation, WORLD);
}

describe("the form of a change", () => {
  test("sends only what differs, with the version that was read", () => {
    expect(read({})).toMatchObject({ isSame: true, body: null, errors: {} });
    expect(read({ gpu_count: "4" }).body).toEqual({ version: 3, gpu_count: 4 });
    expect(read({ end: moment("2026-12-03", "09:00"), title: "Longer" }).body).toEqual({
      version: 3,
      ends_at: "2026-12-03T09:00:00.000Z",
      title: "Longer",
    });
    expect(read({ config: "base", pinned: true }).body).toEqual({ version: 3, config: "base", pinned: true });
    expect(read({ config: " " }, reservationOf({ config: "base" })).body).toEqual({ version: 3, config: null });
  });

  test("opens with what was dragged", () => {
    const values = changeValues(reservationOf(), { startsAt: "2026-12-05T09:00:00Z", gpuCount: 2 }, "UTC");
    expect(values).toMatchObject({ start: moment("2026-12-05", "09:00"), gpu_count: "2" });
  });

  test("says what is wrong by the rules of the pool that it is to be in", () => {
    expect(read({ end: moment("2026-12-01", "08:00") }).errors.end).toContain("later end");
    expect(read({ start: moment("2026-12-01", "09:30") }).errors.start).toContain("1 hour");
    expect(read({ gpu_count: "x" })).toMatchObject({ errors: { gpu_count: expect.any(String) }, body: null });
    expect(read({ place: "pool:pol_2" }).errors.place).toContain("takes no new bookings");
  });

  test("leaves a reservation in a closed pool be, and what has started its start", () => {
    const closed = reservationOf({ pool_id: "pol_2" });
    expect(read({ gpu_count: "4" }, closed).body).toEqual({ version: 3, gpu_count: 4 });
    const active = reservationOf({
      status: "active",
      segments: [segmentOf("2026-11-22T09:00:00.000Z", "2026-11-24T09:00:00.000Z")],
    });
    expect(read({ end: moment("2026-11-23", "09:00") }, active)).toMatchObject({
      errors: {},
      body: { version: 3, ends_at: "2026-11-23T09:00:00.000Z" },
    });
  });

  test("texts may change whatever the times are by now", () => {
    const past = reservationOf({ segments: [segmentOf("2026-11-20T09:00:00.000Z", "2026-11-24T09:00:00.000Z")] });
    expect(read({ title: "New" }, past).body).toEqual({ version: 3, title: "New" });
  });
});
