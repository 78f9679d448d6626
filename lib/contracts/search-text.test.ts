import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSearchText, type SearchQuery, type SearchWorld } from "@/lib/contracts/search-text";

/** A Sunday, 08:00 in Berlin. */
const world: SearchWorld = {
  now: new Date("2026-11-22T07:00:00Z"),
  zone: "Europe/Berlin",
  types: [
    { id: "gpu_1", name: "NVIDIA H100 SXM 80GB" },
    { id: "gpu_2", name: "NVIDIA A100 80GB" },
    { id: "gpu_3", name: "L40S" },
  ],
  pools: [
    { id: "pool_1", name: "fra-h100", region: "eu-central" },
    { id: "pool_2", name: "fra-a100", region: "eu-central" },
    { id: "pool_3", name: "Virginia", region: "us-east" },
  ],
};
const H100 = "NVIDIA H100 SXM 80GB";
const A100 = "NVIDIA A100 80GB";

const read = (text: string, at: Partial<SearchWorld> = {}) => parseSearchText(text, { ...world, ...at });
const berlin = (wall: string) => new Date(`${wall}+01:00`).toISOString();

describe("what people ask for", () => {
  it.each<[string, SearchQuery]>([
    [
      "8 H100 for 72 hours, any time before 1 December, one node if possible",
      {
        gpu_count: 8,
        gpu_type: H100,
        duration_minutes: 4320,
        finish_by: berlin("2026-12-01T00:00"),
        topology: "prefer_single_node",
      },
    ],
    ["8xH100 72h", { gpu_count: 8, gpu_type: H100, duration_minutes: 4320 }],
    ["4 × A100s for two weeks", { gpu_count: 4, gpu_type: A100, duration_minutes: 20_160 }],
    [
      "an L40S for half a day tomorrow",
      { gpu_count: 1, gpu_type: "L40S", duration_minutes: 720, near: berlin("2026-11-23T00:00") },
    ],
    ["I need eight GPUs for 1.5 days, please", { gpu_count: 8, duration_minutes: 2160 }],
    ["two for an hour and a day of rest", { gpu_count: 2, duration_minutes: 60 }],
    ["16 gpus for a week on the same machine", { gpu_count: 16, duration_minutes: 10_080, topology: "single_node" }],
    [
      "preferably on one node: 4 A100, 90 minutes",
      { gpu_count: 4, gpu_type: A100, duration_minutes: 90, topology: "prefer_single_node" },
    ],
    [
      "2 A100 on any nodes for 3 days in us-east",
      { gpu_count: 2, gpu_type: A100, duration_minutes: 4320, topology: "any", pool_ids: ["pool_3"] },
    ],
    ["4 gpus for 5h in fra-h100", { gpu_count: 4, duration_minutes: 300, pool_ids: ["pool_1"] }],
    ["4 gpus for 5h in eu-central", { gpu_count: 4, duration_minutes: 300, pool_ids: ["pool_1", "pool_2"] }],
    [
      "8 H100 for 24 hours between 1 Dec and 5 Dec",
      {
        gpu_count: 8,
        gpu_type: H100,
        duration_minutes: 1440,
        not_before: berlin("2026-12-01T00:00"),
        finish_by: berlin("2026-12-06T00:00"),
      },
    ],
    ["1 gpu for 2 hours tomorrow at 9am", { gpu_count: 1, duration_minutes: 120, near: berlin("2026-11-23T09:00") }],
    [
      "1 gpu for 2 hours at 14:30 UTC on Friday",
      { gpu_count: 1, duration_minutes: 120, near: "2026-11-27T14:30:00.000Z" },
    ],
    ["1 gpu for 2 hours around noon", { gpu_count: 1, duration_minutes: 120, near: berlin("2026-11-22T12:00") }],
    ["1 gpu for 2 hours at 7:00", { gpu_count: 1, duration_minutes: 120, near: berlin("2026-11-23T07:00") }],
    ["1 gpu for 2 hours in 3 days", { gpu_count: 1, duration_minutes: 120, near: berlin("2026-11-25T00:00") }],
    ["1 gpu for 2 hours in 3 hours", { gpu_count: 1, duration_minutes: 120, near: "2026-11-22T10:00:00.000Z" }],
    ["1 gpu for 2 hours next Friday", { gpu_count: 1, duration_minutes: 120, near: berlin("2026-11-27T00:00") }],
    [
      "1 gpu for 2 hours after Wednesday",
      { gpu_count: 1, duration_minutes: 120, not_before: berlin("2026-11-26T00:00") },
    ],
    [
      "1 gpu for 2 hours starting 2026-12-03 18:00",
      { gpu_count: 1, duration_minutes: 120, not_before: berlin("2026-12-03T18:00") },
    ],
    [
      "1 gpu for 2 hours from 2026-12-03T18:00Z",
      { gpu_count: 1, duration_minutes: 120, not_before: "2026-12-03T18:00:00.000Z" },
    ],
    [
      "1 gpu for 2 hours by March 3rd, 2027",
      { gpu_count: 1, duration_minutes: 120, finish_by: berlin("2027-03-04T00:00") },
    ],
    ["1 gpu for 2 hours until 3 March", { gpu_count: 1, duration_minutes: 120, finish_by: berlin("2027-03-04T00:00") }],
    [
      "1 gpu for 2 hours in December",
      {
        gpu_count: 1,
        duration_minutes: 120,
        not_before: berlin("2026-12-01T00:00"),
        finish_by: berlin("2027-01-01T00:00"),
      },
    ],
    [
      "1 gpu for 2 hours next week",
      {
        gpu_count: 1,
        duration_minutes: 120,
        not_before: berlin("2026-11-23T00:00"),
        finish_by: berlin("2026-11-30T00:00"),
      },
    ],
    [
      "1 gpu for 10 hours this weekend",
      {
        gpu_count: 1,
        duration_minutes: 600,
        not_before: berlin("2026-11-21T00:00"),
        finish_by: berlin("2026-11-23T00:00"),
      },
    ],
  ])("%s", (text, query) => {
    const reading = read(text);
    expect(reading.query).toEqual(query);
    if (!text.includes("rest")) expect(reading.unread).toEqual([]);
  });

  it("tells the words by which it understood each field", () => {
    expect(read("8 H100 for 72 hours, any time before 1 December, one node if possible").understood).toEqual([
      { text: "8", fields: ["gpu_count"] },
      { text: "H100", fields: ["gpu_type"] },
      { text: "for 72 hours", fields: ["duration_minutes"] },
      { text: "any time before 1 December", fields: ["finish_by"] },
      { text: "one node if possible", fields: ["topology"] },
    ]);
  });

  it("tells what it did not understand, and guesses nothing", () => {
    expect(read("8 B200 for 3 days")).toMatchObject({
      query: { gpu_count: 8, duration_minutes: 4320 },
      unread: ["B200"],
    });
    expect(read("8 H100 for 3 days before 31 February")).toMatchObject({ unread: ["before 31 February"] });
    expect(read("4 GPUs for 3 days near the quantum thing").unread).toEqual(["near", "quantum thing"]);
    expect(read("4 GPUs on 12/1 for 3 days")).toMatchObject({ query: { gpu_count: 4 }, unread: ["12/1"] });
    // Two types have 80 GB: it is not for us to choose.
    expect(read("4 of the 80GB ones").query).toEqual({ gpu_count: 4 });
  });

  it("knows what clocks do in the zone", () => {
    // 29 March 2026: 02:30 does not exist in Berlin, and the day has 23 hours.
    const now = new Date("2026-03-27T12:00:00Z");
    expect(read("at 2:30 on 29 March", { now }).query).toEqual({ near: "2026-03-29T01:30:00.000Z" });
    expect(read("by 29 March", { now }).query).toEqual({ finish_by: "2026-03-29T22:00:00.000Z" });
    expect(read("by 29 March", { now, zone: "America/New_York" }).query).toEqual({
      finish_by: "2026-03-30T04:00:00.000Z",
    });
    expect(read("tomorrow", { now: new Date("2026-03-27T23:30:00Z") }).query).toEqual({
      near: "2026-03-28T23:00:00.000Z",
    });
  });

  it("reads anything without failing, and only ever answers what a search takes", () => {
    const words = fc.constantFrom(
      "8",
      "H100",
      "for",
      "3",
      "days",
      "before",
      "on",
      "1",
      "December",
      "9:00",
      "pm",
      "one",
      "node",
      "in",
      "next",
      "Friday",
      "25:99",
      "x",
      ",",
      "UTC",
      "80GB",
      "-4",
      "0",
      "1e9",
      "2026-13-45",
    );
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(words, { maxLength: 12 }).map((list) => list.join(" ")),
    );
    fc.assert(
      fc.property(text, (asked) => {
        const { query } = read(asked);
        for (const field of ["not_before", "finish_by", "near"] as const) {
          if (query[field] !== undefined) expect(Number.isNaN(Date.parse(query[field]))).toBe(false);
        }
        if (query.gpu_count !== undefined) expect(Number.isInteger(query.gpu_count) && query.gpu_count >= 1).toBe(true);
        if (query.duration_minutes !== undefined) expect(query.duration_minutes).toBeGreaterThanOrEqual(1);
      }),
      { seed: 20_261_122, numRuns: 3000 },
    );
  });
});
