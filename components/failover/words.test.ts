import { expect, it } from "vitest";
import { gapWords } from "./words";

it.each([
  [null, "Not yet"],
  [0, "0 s"],
  [59, "59 s"],
  [60, "1 min"],
  [125, "2 min 5 s"],
  [3780, "1 h 3 min"],
])("a gap of %s seconds is %s", (seconds, words) => {
  expect(gapWords(seconds)).toBe(words);
});
