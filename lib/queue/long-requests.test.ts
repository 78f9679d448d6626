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
    const request = { startedAt: performance.now(), name };
    long.add(request);
    return request;
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
