import { describe, expect, it } from "vitest";
import { previewWords, reasonWords } from "@/components/webhooks/filter-preview-words";
import type { PreviewedEvent } from "@/lib/contracts/filter-preview";

describe("previewWords", () => {
  it.each([
    [0, 0, "This project has no event yet to try it on. Emit one, then update."],
    [1, 0, "The only event so far would not have come."],
    [1, 1, "The only event so far would have come."],
    [100, 37, "37 of the last 100 events would have come."],
    [12, 0, "None of the last 12 events would have come."],
    [12, 12, "All of the last 12 events would have come."],
  ])("of %i considered and %i matched is %s", (considered, matched, words) => {
    expect(previewWords({ considered, matched })).toBe(words);
  });
});

describe("reasonWords", () => {
  it("counts the clauses that decided, in the order in which they are asked", () => {
    const event = (verdict: PreviewedEvent["verdict"]): PreviewedEvent => ({
      id: "evt_1",
      type: "instance.started",
      created_at: "2026-11-21T12:00:00.000Z",
      matched: verdict === "match",
      verdict,
      detail: null,
    });
    expect(reasonWords([event("payload"), event("match"), event("type"), event("payload")])).toBe(
      "1 not of these types, 2 with another payload",
    );
    expect(reasonWords([event("match")])).toBe("");
  });
});
