import { describe, expect, it } from "vitest";
import { joinWaitlistBody } from "@/lib/contracts/waitlist";
import { fieldsAt } from "../wall-fields";
import { type JoinValues, placeErrors, readJoin, startingValues } from "./join-values";

const NOW = new Date("2026-11-22T12:00:00Z");
const ZONE = "Europe/Berlin";

const read = (changes: Partial<JoinValues> = {}) =>
  readJoin({ ...startingValues({}, ZONE), place: "pool:pool_1", ...changes }, { zone: ZONE, now: NOW });

describe("the form to join the waiting list", () => {
  it("starts with what a refused booking asked for, and means the same", () => {
    const criteria = {
      pool_ids: ["pool_1"],
      gpu_count: 8,
      duration_minutes: 90,
      not_before: "2026-12-01T08:00:00.000Z",
      finish_by: "2026-12-05T08:00:00.000Z",
      topology: "single_node" as const,
    };
    const { body, errors } = readJoin(startingValues(criteria, ZONE), { zone: ZONE, now: NOW });
    expect(errors).toEqual({});
    expect(joinWaitlistBody.parse(body)).toEqual({ ...criteria, until: "2026-12-22T12:00:00.000Z" });
    expect(startingValues({ gpu_type: "gpu_1" }, ZONE).place).toBe("type:gpu_1");
  });

  it("leaves out times that are not asked for", () => {
    const { body } = read({ place: "type:gpu_1" });
    expect(body).toEqual({
      gpu_type: "gpu_1",
      gpu_count: 1,
      duration_minutes: 1440,
      topology: "any",
      until: "2026-12-22T12:00:00.000Z",
    });
  });

  it("names what is wrong beside its field", () => {
    expect(Object.keys(read({ place: "" }).errors)).toEqual(["place"]);
    expect(Object.keys(read({ gpuCount: "0" }).errors)).toEqual(["gpuCount"]);
    expect(Object.keys(read({ gpuCount: "1025" }).errors)).toEqual(["gpuCount"]);
    for (const hours of ["", "0", "-1", "x", "1e9"]) expect(Object.keys(read({ hours }).errors)).toEqual(["hours"]);
    expect(Object.keys(read({ hasStart: true }).errors)).toEqual(["notBefore"]);
    const tomorrow = fieldsAt(NOW.getTime() + 86_400_000, ZONE);
    expect(read({ hasEnd: true, finishBy: tomorrow }).errors, "exactly fits").toEqual({});
    expect(Object.keys(read({ hasEnd: true, finishBy: tomorrow, hours: "25" }).errors)).toEqual(["finishBy"]);
    const skipped = { date: "2027-03-28", time: "02:30", which: "" as const };
    expect(read({ hasEnd: true, finishBy: skipped }).errors.finishBy).toContain("there is no 02:30");
  });

  it("places the API's errors", () => {
    const errors = placeErrors([
      { field: "pool_ids[0]", message: "none" },
      { field: "until", message: "too long" },
      { field: "elsewhere", message: "x" },
    ]);
    expect(errors).toEqual({ place: "none", days: "too long" });
  });
});
