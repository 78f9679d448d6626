import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LongRequests } from "@/lib/queue/long-requests";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function watch() {
  const seen: string[] = [];
  const long = new LongRequests<{ startedAt: number; name: string }>([
    { afterMs: 300, happens: ({ name }) => seen.push(`${name} is shown`) },
    { afterMs: 1_000, happens: ({ name }) => seen.push(`${name} is slow`) },
  ]);
  const start = (name: string) => {
    return long.add({ startedAt: performance.now(), name });
  };
  return { long, seen, start };
}

test("each stage is reached once, at most 100 ms late", () => {
  const { seen, start } = watch();
  start("first");
  vi.advanceTimersByTime(250);
  expect(seen).toEqual([]);
  start("second");
  vi.advanceTimersByTime(150);
  expect(seen).toEqual(["first is shown"]);
  vi.advanceTimersByTime(300);
  expect(seen).toEqual(["first is shown", "second is shown"]);
  vi.advanceTimersByTime(2_000);
  expect(seen).toEqual(["first is shown", "second is shown", "first is slow", "second is slow"]);
});

test("a request that is over reaches nothing, and those behind one that is long are still looked at", () => {
  const { long, seen, start } = watch();
  start("long");
  vi.advanceTimersByTime(2_000);
  const quick = start("quick");
  start("later");
  vi.advanceTimersByTime(200);
  long.delete(quick);
  vi.advanceTimersByTime(300);
  expect(seen).toEqual(["long is shown", "long is slow", "later is shown"]);
});

test("no timer runs while nothing is under way", () => {
  const { long, start } = watch();
  expect(vi.getTimerCount()).toBe(0);
  const request = start("one");
  expect(vi.getTimerCount()).toBe(1);
  long.delete(request);
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
});

test("what is over is let go by the collections of young objects, without one of all", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options?: { type: "minor" }) => void;
  const { long, start } = watch();
  start("one that is still under way");
  // Makes old objects of what there is now.
  collect();
  const before = process.memoryUsage().heapUsed;
  const startAndEnd = (names: string[]) => {
    for (const place of names.map(start)) long.delete(place);
  };
  for (let round = 0; round < 100; round += 1) {
    startAndEnd(Array.from({ length: 100 }, (_, n) => Buffer.alloc(1_000).toString("hex") + round + n));
    collect({ type: "minor" });
  }
  // Of 20 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
});
