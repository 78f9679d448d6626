import { describe, expect, it } from "vitest";
import { checkWords, stateOf } from "@/components/provisioners/words";
import type { ProvisionerCheck } from "@/lib/contracts/provisioners";

const at = "2026-12-01T00:00:00Z";

describe("the words for provisioners", () => {
  it("say how one is", () => {
    expect(stateOf({ last_error: null, last_seen_at: null }).label).toBe("Not called yet");
    expect(stateOf({ last_error: null, last_seen_at: at }).label).toBe("Answers");
    expect(stateOf({ last_error: "The connection was refused.", last_seen_at: at }).label).toBe("Failing");
  });

  it("say what a check found", () => {
    const check = (change: Partial<ProvisionerCheck>): ProvisionerCheck => ({
      ok: true,
      error: null,
      latency_ms: 12,
      problems: [],
      provisioner: {
        id: "prv_1",
        name: "Rack 7",
        url: "https://example.com/",
        pools: [],
        last_seen_at: at,
        last_error: null,
        created_at: at,
        updated_at: at,
      },
      ...change,
    });
    expect(checkWords(check({}))).toEqual({ title: "Rack 7 answers", description: "In 12 ms." });
    expect(checkWords(check({ error: "No." })).description).toBe("No.");
    const problems = ["a", "b", "c"].map((node_name) => ({ node_name, cause: "too hot" }));
    expect(checkWords(check({ problems })).description).toBe("a: too hot. And 2 more.");
    expect(checkWords(check({ problems: problems.slice(0, 1) })).description).toBe("a: too hot.");
  });
});
