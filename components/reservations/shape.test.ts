import { expect, test } from "vitest";
import { compareShapes, mostWithin } from "./shape";

const hour = (n: number) => new Date(Date.UTC(2026, 11, 1, n)).toISOString();
const part = (from: number, to: number, gpu_count: number) => ({ starts_at: hour(from), ends_at: hour(to), gpu_count });
const at = (n: number) => Date.parse(hour(n));

test("a rectangle that is given back is told from what stays", () => {
  expect(compareShapes([part(0, 8, 8)], [part(0, 2, 8), part(2, 4, 5), part(4, 8, 8)])).toEqual([
    { from: at(0), to: at(2), count: 8, gone: 0 },
    { from: at(2), to: at(4), count: 5, gone: 3 },
    { from: at(4), to: at(8), count: 8, gone: 0 },
  ]);
});

test("what is given back whole leaves none, and pauses are no part of it", () => {
  expect(compareShapes([part(0, 2, 4), part(4, 6, 4)], [part(4, 6, 4)])).toEqual([
    { from: at(0), to: at(2), count: 0, gone: 4 },
    { from: at(4), to: at(6), count: 4, gone: 0 },
  ]);
});

test("the most within a range counts what touches it, half-open", () => {
  const segments = [part(0, 2, 4), part(2, 6, 8)];
  expect(mostWithin(segments, at(0), at(2))).toBe(4);
  expect(mostWithin(segments, at(1), at(3))).toBe(8);
  expect(mostWithin(segments, at(6), at(9))).toBe(0);
});
