import { expect, test } from "vitest";
import { memoize } from "@/lib/memoize";

test("computes once for each text, also when the result is undefined", () => {
  const asked: string[] = [];
  const lengthOfLong = memoize(10, (text) => {
    asked.push(text);
    return text.length > 3 ? text.length : undefined;
  });
  expect([lengthOfLong("long"), lengthOfLong("no"), lengthOfLong("long"), lengthOfLong("no")]).toEqual([
    4,
    undefined,
    4,
    undefined,
  ]);
  expect(asked).toEqual(["long", "no"]);
});

test("keeps at most as many as it may; what was used longest ago goes", () => {
  let computed = 0;
  const upper = memoize(2, (text) => {
    computed += 1;
    return text.toUpperCase();
  });
  for (const text of ["a", "b", "a", "c"]) upper(text);
  expect(computed).toBe(3);
  expect([upper("a"), upper("c")]).toEqual(["A", "C"]);
  expect(computed).toBe(3);
  expect(upper("b")).toBe("B");
  expect(computed).toBe(4);
});

test("does not remember what it throws", () => {
  let tries = 0;
  const second = memoize(2, () => {
    tries += 1;
    if (tries === 1) throw new Error("not yet");
    return tries;
  });
  expect(() => second("x")).toThrow("not yet");
  expect(second("x")).toBe(2);
});
