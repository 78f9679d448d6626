import { expect, test } from "vitest";
import { type ReleaseValues, readRelease, releaseValues } from "./release-values";
import { poolOf, reservationOf, segmentOf } from "./testing";

const WORLD = { zone: "UTC", now: new Date("2026-11-22T10:20:00Z"), pool: poolOf() };
const moment = (date: string, time: string) => ({ date, time, which: "" as const });

function read(changes: Partial<ReleaseValues>, reservation = reservationOf()) {
  return readRelease({ ...releaseValues(reservation, WORLD), ...changes }, reservation, WORLD);
}

test("opens with one GPU for all the time that is left", () => {
  expect(read({}).body).toEqual({
    version: 3,
    gpu_count: 1,
    starts_at: "2026-12-01T09:00:00.000Z",
    ends_at: "2026-12-02T09:00:00.000Z",
  });
  const active = reservationOf({ segments: [segmentOf("2026-11-22T09:00:00.000Z", "2026-11-24T09:00:00.000Z")] });
  expect(read({}, active).body, "what has passed is used").toMatchObject({ starts_at: "2026-11-22T11:00:00.000Z" });
});

test("says what is wrong beside its field", () => {
  expect(read({ gpu_count: "9" }).errors).toEqual({ gpu_count: "It has 8 GPUs then" });
  expect(read({ gpu_count: "" }).errors.gpu_count).toContain("whole number");
  expect(read({ end: moment("2026-12-01", "09:00") }).errors.end).toContain("after the start");
  expect(read({ end: moment("2026-12-03", "09:00") }).errors.end).toContain("The reservation is from");
  expect(read({ start: moment("2026-11-30", "09:00") }).errors.start).toContain("The reservation is from");
  expect(read({ start: moment("2026-12-01", "09:30") }).errors.start).toContain("09:00 or");
  const active = reservationOf({ segments: [segmentOf("2026-11-22T09:00:00.000Z", "2026-11-24T09:00:00.000Z")] });
  expect(read({ start: moment("2026-11-22", "10:00") }, active).errors.start).toContain("What has passed is used");
});

test("opens with the part that was marked, as far as it is still to come", () => {
  const part = { startsAt: "2026-12-01T12:00:00.000Z", endsAt: "2026-12-01T18:00:00.000Z", gpuCount: 3 };
  const marked = (reservation = reservationOf(), given = part) =>
    readRelease(releaseValues(reservation, WORLD, given), reservation, WORLD).body;
  expect(marked()).toMatchObject({ gpu_count: 3, starts_at: part.startsAt, ends_at: part.endsAt });
  const active = reservationOf({ segments: [segmentOf("2026-11-22T09:00:00.000Z", "2026-11-24T09:00:00.000Z")] });
  const begun = { startsAt: "2026-11-22T09:00:00.000Z", endsAt: "2026-11-23T09:00:00.000Z", gpuCount: 1 };
  expect(marked(active, begun)).toMatchObject({ starts_at: "2026-11-22T11:00:00.000Z", ends_at: begun.endsAt });
});
