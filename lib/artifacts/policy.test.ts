import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryInMs, wantsType } from "@/lib/artifacts/policy";
import { PROCESSOR_LIMITS } from "@/lib/contracts/processors";

describe("the attempts of a processor", () => {
  it("come later each time, and end after the last, whatever is asked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (attempt) => {
        const inMs = retryInMs(attempt);
        expect(inMs === null).toBe(attempt > PROCESSOR_LIMITS.retryDelaysS.length);
        if (inMs === null) expect(retryInMs(attempt + 1)).toBeNull();
        else expect(inMs).toBeGreaterThan(attempt === 1 ? 0 : (retryInMs(attempt - 1) ?? 0));
      }),
    );
  });
});

describe("the types that a processor wants", () => {
  const word = fc.stringMatching(/^[a-z0-9_-]{1,8}$/);
  const type = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("."));

  it("are the type itself, everything below a group, or all", () => {
    fc.assert(
      fc.property(type, word, word, (group, below, other) => {
        expect(wantsType([group], group)).toBe(true);
        expect(wantsType([`${group}.*`], `${group}.${below}`)).toBe(true);
        expect(wantsType(["*"], group)).toBe(true);
        expect(wantsType([`${group}.*`], group)).toBe(false);
        expect(wantsType([`${group}.*`], `${group}${other}`)).toBe(false);
        expect(wantsType([group], `${group}.${below}`)).toBe(false);
        expect(wantsType([], group)).toBe(false);
      }),
    );
  });
});
