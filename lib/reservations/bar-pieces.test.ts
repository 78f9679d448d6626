import { describe, expect, it } from "vitest";
import { piecesOf } from "@/lib/reservations/bar-pieces";

const HOUR = 3600_000;
const START = Date.parse("2026-12-01T00:00:00Z");
const at = (hour: number) => START + hour * HOUR;
const segment = (from: number, to: number, gpuCount: number) => ({
  starts_at: new Date(at(from)).toISOString(),
  ends_at: new Date(at(to)).toISOString(),
  gpu_count: gpuCount,
});
const unit = (unitId: string, from: number, to: number) => ({ unitId, from: at(from), to: at(to) });

describe("the pieces of a booking", () => {
  it("are its segments while it keeps its units", () => {
    const pieces = piecesOf([segment(0, 4, 2), segment(4, 8, 1)], [unit("a", 0, 8), unit("b", 0, 4)]);
    expect(pieces).toEqual([
      { key: "0", from: at(0), to: at(4), gpuCount: 2, units: ["a", "b"] },
      { key: "1", from: at(4), to: at(8), gpuCount: 1, units: ["a"] },
    ]);
  });

  it("are more where a unit changes within a segment", () => {
    const pieces = piecesOf([segment(0, 8, 2)], [unit("a", 0, 8), unit("b", 0, 3), unit("c", 3, 8)]);
    expect(pieces.map(({ key, from, to, units }) => [key, from, to, units])).toEqual([
      ["0", at(0), at(3), ["a", "b"]],
      ["0.1", at(3), at(8), ["a", "c"]],
    ]);
  });

  it("stay where there is a gap between segments, and when nothing is held any more", () => {
    const pieces = piecesOf([segment(0, 2, 1), segment(5, 6, 3)], []);
    expect(pieces.map(({ key, from, to, gpuCount, units }) => [key, from, to, gpuCount, units])).toEqual([
      ["0", at(0), at(2), 1, []],
      ["1", at(5), at(6), 3, []],
    ]);
  });

  it("do not reach beyond their segment, whatever the unit's time", () => {
    expect(piecesOf([segment(2, 4, 1)], [unit("a", 0, 8)])).toEqual([
      { key: "0", from: at(2), to: at(4), gpuCount: 1, units: ["a"] },
    ]);
  });
});
