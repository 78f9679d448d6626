import { describe, expect, it } from "vitest";
import { levelOf, parentOf, rowsOf } from "./row-tree";
import { makePool } from "./testing";

const pools = [makePool({ id: "a", nodes: [2, 1] }), makePool({ id: "b", nodes: [1] })];
const details = new Map(pools.map((pool) => [pool.id, pool]));
const keys = (folded: string[] = [], known = details) =>
  rowsOf(pools, known, (key) => folded.includes(key)).map(({ key }) => key);

describe("the rows", () => {
  it("are pool, node, GPU in the order of the pool", () => {
    expect(keys()).toEqual(["a", "a-0", "a-0-0", "a-0-1", "a-1", "a-1-0", "b", "b-0", "b-0-0"]);
    expect(rowsOf(pools, details, () => false).map(levelOf)).toEqual([1, 2, 3, 3, 2, 3, 1, 2, 3]);
  });

  it("hide what is folded up", () => {
    expect(keys(["a-0"])).toEqual(["a", "a-0", "a-1", "a-1-0", "b", "b-0", "b-0-0"]);
    expect(keys(["a", "b"])).toEqual(["a", "b"]);
  });

  it("are the pool alone while its nodes are on their way, and say so", () => {
    const rows = rowsOf(pools, new Map(), (key) => key === "b");
    expect(rows.map((row) => [row.key, row.kind === "pool" && row.isLoading])).toEqual([
      ["a", true],
      ["b", false],
    ]);
  });

  it("know what contains them", () => {
    expect(
      rowsOf(pools, details, () => false)
        .map(parentOf)
        .slice(0, 4),
    ).toEqual([null, "a", "a-0", "a-0"]);
  });
});
