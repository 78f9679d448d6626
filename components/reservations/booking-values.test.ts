import { describe, expect, test } from "vitest";
import { createReservationBody } from "@/lib/contracts/reservations";
import { type BookingValues, type BookingWorld, fieldOf, inZone, readBooking, startingValues } from "./booking-values";
import { H100, poolOf } from "./testing";

const NOW = new Date("2026-11-22T10:20:00.000Z");
const WORLD: BookingWorld = { zone: "Europe/Berlin", pools: [poolOf()], types: [H100], now: NOW };
const moment = (date: string, time: string) => ({ date, time, which: "" as const });

function valuesOf(changes: Partial<BookingValues> = {}): BookingValues {
  return { ...startingValues({ poolId: "pol_1", gpuCount: 8 }, WORLD), ...changes };
}

describe("the form of a booking", () => {
  test("opens with the next full hour for a day, by the clock of the zone", () => {
    expect(startingValues({}, WORLD)).toMatchObject({
      place: "pool:pol_1",
      gpu_count: "1",
      start: moment("2026-11-22", "12:00"),
      end: moment("2026-11-23", "12:00"),
    });
    const several = { ...WORLD, pools: [poolOf(), poolOf({ id: "pol_2" })] };
    expect(startingValues({}, several).place, "where there is a choice it is the reader's").toBe("");
  });

  test("opens with what was drawn on the calendar", () => {
    const draft = { poolId: "pol_1", gpuCount: 4, startsAt: "2026-12-01T08:00:00Z", endsAt: "2026-12-01T20:00:00Z" };
    expect(startingValues(draft, WORLD)).toMatchObject({
      gpu_count: "4",
      start: moment("2026-12-01", "09:00"),
      end: moment("2026-12-01", "21:00"),
    });
  });

  test("becomes what the API takes", () => {
    const { body, errors, asked } = readBooking(
      valuesOf({ title: " Training ", config: " base ", environment: " ", hold: true }),
      WORLD,
    );
    expect(errors).toEqual({});
    expect(createReservationBody.parse(body)).toMatchObject({
      pool_id: "pol_1",
      gpu_count: 8,
      starts_at: "2026-11-22T11:00:00.000Z",
      ends_at: "2026-11-23T11:00:00.000Z",
      title: "Training",
      config: "base",
      hold: true,
    });
    expect(body).not.toHaveProperty("environment");
    expect(asked).toMatchObject({ gpuCount: 8, poolId: "pol_1", gpuType: "H100" });
  });

  test("brings a webhook along when one is typed, and says beside its field what is wrong with it", () => {
    const secret = "0123456789abcdef";
    const { body } = readBooking(valuesOf({ webhook_url: " https://example.com/a ", webhook_secret: secret }), WORLD);
    expect(createReservationBody.parse(body).webhook).toEqual({ url: "https://example.com/a", secret });
    expect(readBooking(valuesOf(), WORLD).body).not.toHaveProperty("webhook");
    const { errors, body: none } = readBooking(valuesOf({ webhook_url: "example.com" }), WORLD);
    expect(errors).toEqual({ webhook_url: expect.stringContaining("https://") });
    expect(none).toBeNull();
  });

  test("of any pool of a type names the type and leaves the pool's rules to the server", () => {
    const { body, pool } = readBooking(valuesOf({ place: "type:gpt_1", start: moment("2026-11-22", "12:07") }), WORLD);
    expect(body).toMatchObject({ gpu_type: "gpt_1" });
    expect(body).not.toHaveProperty("pool_id");
    expect(pool).toBeNull();
  });

  test.each<[string, Partial<BookingValues>, object]>([
    ["no place", { place: "" }, { place: "Choose a pool or a GPU type" }],
    ["a place that is gone", { place: "pool:pol_9" }, { place: "Choose a pool or a GPU type" }],
    ["no number", { gpu_count: "" }, { gpu_count: "Enter a whole number of GPUs, 1 or more" }],
    ["none", { gpu_count: "0" }, { gpu_count: "Enter a whole number of GPUs, 1 or more" }],
    ["a fraction", { gpu_count: "1.5" }, { gpu_count: "Enter a whole number of GPUs, 1 or more" }],
    ["too many", { gpu_count: "2000" }, { gpu_count: expect.stringContaining("at most 1024 GPUs") }],
    ["an end before the start", { end: moment("2026-11-22", "11:00") }, { end: expect.stringContaining("later end") }],
    ["the past", { start: moment("2026-11-21", "12:00") }, { start: expect.stringContaining("in the past") }],
    ["times off the grid", { start: moment("2026-11-22", "12:30") }, { start: expect.stringContaining("1 hour") }],
    ["beyond the horizon", { end: moment("2028-01-01", "12:00") }, { end: expect.stringContaining("180 days ahead") }],
    [
      "more than one machine has",
      { gpu_count: "16", topology: "single_node" },
      { gpu_count: expect.stringContaining("largest node") },
    ],
    ["a title that cannot be stored", { title: "\u0000" }, { title: expect.any(String) }],
    ["a time that the clock skips", { end: moment("2027-03-28", "02:30") }, { end: expect.stringContaining("03:30") }],
    ["a time that it shows twice", { end: moment("2027-10-31", "02:30") }, { end: expect.stringContaining("twice") }],
  ])("says what is wrong with %s beside its field", (_name, changes, expected) => {
    const { errors, body } = readBooking(valuesOf(changes), WORLD);
    expect(errors).toMatchObject(expected);
    expect(body).toBeNull();
  });

  test("a closed pool is refused beside the place", () => {
    const { errors } = readBooking(valuesOf(), { ...WORLD, pools: [poolOf({ open: false })] });
    expect(errors.place).toContain("takes no new bookings");
  });
});

test("times of a message are told by the clock of the zone", () => {
  const message = "The latest end is 2026-12-01T10:00:00Z, or 2026-07-01T10:00:00.000Z.";
  expect(inZone(message, "Europe/Berlin")).toBe("The latest end is Tue 1 Dec 2026, 11:00, or Wed 1 Jul 2026, 12:00.");
});

test("the API's fields find the form's", () => {
  expect(fieldOf("pool_id")).toBe("place");
  expect(fieldOf("gpu_type")).toBe("place");
  expect(fieldOf("starts_at")).toBe("start");
  expect(fieldOf("segments[0].ends_at")).toBe("end");
  expect(fieldOf("title")).toBe("title");
  expect(fieldOf("webhook.url")).toBe("webhook_url");
  expect(fieldOf("webhook.secret")).toBe("webhook_secret");
  expect(fieldOf("quote_id")).toBeNull();
});
