import { describe, expect, it } from "vitest";
import { Kept } from "@/lib/reservations/kept";

describe("what is kept between questions", () => {
  it("is dropped in the order of last use when there is too much of it", () => {
    const kept = new Kept<string>(3);
    for (const key of ["a", "b", "c"]) kept.set(key, key);
    kept.get("a");
    kept.set("d", "d");
    expect(kept.entries().map(([key]) => key)).toEqual(["c", "a", "d"]);
    expect(kept.get("b")).toBeUndefined();
  });

  it("counts what each takes, once, and keeps the last even if that is too much alone", () => {
    const kept = new Kept<number>(10, (size) => size);
    kept.set("a", 4);
    kept.set("b", 4);
    kept.set("a", 6);
    expect(kept.entries()).toEqual([
      ["b", 4],
      ["a", 6],
    ]);
    kept.set("c", 50);
    expect(kept.entries()).toEqual([["c", 50]]);
    kept.set("d", 10);
    expect(kept.entries()).toEqual([["d", 10]]);
  });
});
