import { describe, expect, test } from "vitest";
import { searchBody } from "@/lib/contracts/availability";
import { readSearchText, withText } from "./search-text-values";
import { inOtherZone, NEW_SEARCH, readSearch, type SearchValues, startingSearch } from "./search-values";
import { H100, poolOf } from "./testing";

const NOW = new Date("2026-11-22T10:20:00.000Z");
const A100 = { ...H100, id: "gpt_2", name: "A100" };
const POOLS = [
  poolOf(),
  poolOf({
    id: "pol_2",
    name: "Oslo A100",
    region: "eu-north",
    gpu_type: { id: "gpt_2", name: "A100", memory_gb: 40 },
  }),
  poolOf({ id: "pol_3", name: "Berlin H100" }),
];
const WORLD = { zone: "Europe/Berlin", pools: POOLS, types: [H100, A100], now: NOW };
const moment = (date: string, time: string) => ({ date, time, which: "" as const });
const read = (changes: Partial<SearchValues>) => readSearch({ ...NEW_SEARCH, ...changes }, WORLD);

describe("a search in one's own words", () => {
  test("fills the fields", () => {
    const { fields, unread } = readSearchText(
      "8 H100 for 72 hours, any time before 1 December, one node if possible",
      WORLD,
    );
    expect(unread).toEqual([]);
    expect(fields).toMatchObject({
      gpu_count: "8",
      type: "gpt_1",
      length: "72",
      unit: "hours",
      topology: "prefer_single_node",
      finish_by: moment("2026-12-01", "00:00"),
    });
  });

  test("tells what it does not understand", () => {
    expect(readSearchText("8 H100 with unicorns", WORLD).unread.join(" ")).toContain("unicorns");
  });

  test("takes back what is no longer said, and leaves what was set by hand", () => {
    const byHand = { ...NEW_SEARCH, topology: "single_node" as const };
    const first = readSearchText("8 H100 for 5 days", WORLD);
    const typed = withText(byHand, null, first);
    expect(typed).toMatchObject({ type: "gpt_1", length: "5", unit: "days", topology: "single_node" });
    const then = withText(typed, first, readSearchText("8", WORLD));
    expect(then).toMatchObject({ type: "any", length: "24", unit: "hours", topology: "single_node" });
  });
});

describe("the fields of a search", () => {
  test("become what the API takes", () => {
    const { body, errors } = read({
      type: "gpt_1",
      where: "region:eu-central",
      length: "1,5",
      unit: "days",
      not_before: moment("2026-12-01", "09:00"),
      finish_by: moment("2026-12-10", ""),
    });
    expect(errors).toEqual({});
    expect(searchBody.parse(body)).toMatchObject({
      gpu_type: "gpt_1",
      pool_ids: ["pol_1", "pol_3"],
      gpu_count: 8,
      duration_minutes: 2160,
      not_before: "2026-12-01T08:00:00.000Z",
      near: "2026-12-01T08:00:00.000Z",
      finish_by: "2026-12-09T23:00:00.000Z",
    });
    expect(read({}).body).toEqual({ gpu_count: 8, duration_minutes: 1440, topology: "any" });
    expect(read({ where: "pool:pol_2" }).body).toMatchObject({ pool_ids: ["pol_2"] });
  });

  test.each<[string, Partial<SearchValues>, object]>([
    ["no number", { gpu_count: "" }, { gpu_count: expect.any(String) }],
    ["too many", { gpu_count: "1025" }, { gpu_count: "One booking has at most 1024 GPUs" }],
    ["no length", { length: "" }, { length: "Enter a number of hours, such as 24 or 1.5" }],
    ["a length of nothing", { length: "0" }, { length: expect.any(String) }],
    ["a type that is gone", { type: "gpt_9" }, { type: "Choose a GPU type" }],
    ["a pool that is gone", { where: "pool:pol_9" }, { where: "Choose a pool or a region" }],
    ["a time without a day", { near: moment("", "09:00") }, { near: "Enter a date" }],
    ["a skipped time", { not_before: moment("2027-03-28", "02:30") }, { not_before: expect.stringContaining("03:30") }],
    [
      "an end that has passed",
      { finish_by: moment("2026-11-01", "00:00") },
      { finish_by: expect.stringContaining("after") },
    ],
    [
      "too little time",
      { finish_by: moment("2026-11-22", "20:00") },
      { finish_by: expect.stringContaining("less time") },
    ],
  ])("say what is wrong with %s", (_name, changes, expected) => {
    expect(read(changes)).toMatchObject({ errors: expected, body: null });
  });

  test("open with what was drawn on the calendar, and follow the zone", () => {
    const draft = { poolId: "pol_1", gpuCount: 4, startsAt: "2026-12-01T08:00:00Z", endsAt: "2026-12-08T08:00:00Z" };
    const values = startingSearch(draft, "Europe/Berlin");
    expect(values).toMatchObject({
      where: "pool:pol_1",
      gpu_count: "4",
      length: "7",
      unit: "days",
      not_before: moment("2026-12-01", "09:00"),
    });
    expect(inOtherZone(values, "Europe/Berlin", "UTC").not_before).toEqual(moment("2026-12-01", "08:00"));
  });
});
