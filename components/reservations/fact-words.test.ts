import { expect, test } from "vitest";
import { changesOf, factsOf } from "./fact-words";
import { reservationOf, segmentOf } from "./testing";

const WORLD = { zone: "Europe/Berlin", poolName: (id: string) => (id === "pol_1" ? "Frankfurt" : id) };

test("what changed is told in words, in a fixed order", () => {
  const before = reservationOf();
  const after = reservationOf({
    title: "",
    segments: [segmentOf("2026-12-01T09:00:00.000Z", "2026-12-03T09:00:00.000Z", 4)],
    pinned: true,
  });
  expect(changesOf(factsOf(before), factsOf(after), WORLD).map(({ label }) => label)).toEqual([
    "Title",
    "GPUs",
    "End",
    "Keeps its very GPUs",
  ]);
  expect(
    changesOf({ starts_at: "2026-12-01T09:00:00.000Z" }, { starts_at: "2026-12-02T09:00:00.000Z" }, WORLD),
  ).toEqual([{ label: "Start", before: "Tue 1 Dec 2026, 10:00", after: "Wed 2 Dec 2026, 10:00" }]);
});

test("what a change did to credits, and where GPUs went, stands beside it", () => {
  expect(
    changesOf({ status: "confirmed" }, { status: "cancelled", refunded_micros: 12_000_000, fee_micros: 1 }, WORLD),
  ).toEqual([
    { label: "Status", before: "Confirmed", after: "Cancelled" },
    { label: "Came back", before: null, after: "12.00 credits" },
    { label: "Fee", before: null, after: "0.000001 credits" },
  ]);
  expect(changesOf({ units: ["node-01/0", "node-01/1"] }, { units: ["node-02/0", "node-01/1"] }, WORLD)).toEqual([
    { label: "GPUs of the pool", before: "node-01/0; node-01/1", after: "node-02/0; node-01/1" },
  ]);
});

test("parts are told when there are several, and names that are not known by themselves", () => {
  const parts = [
    { starts_at: "2026-12-01T09:00:00.000Z", ends_at: "2026-12-01T10:00:00.000Z", gpu_count: 8 },
    { starts_at: "2026-12-01T10:00:00.000Z", ends_at: "2026-12-01T11:00:00.000Z", gpu_count: 1 },
  ];
  const [change] = changesOf({ segments: parts.slice(0, 1) }, { segments: parts }, WORLD);
  expect(change?.after).toContain("1 GPU from Tue 1 Dec 2026, 11:00");
  expect(changesOf({ segments: [] }, { segments: parts.slice(0, 1) }, WORLD)).toEqual([]);
  expect(changesOf(null, { some_thing: { a: 1 } }, WORLD)).toEqual([
    { label: "some thing", before: null, after: '{"a":1}' },
  ]);
});
