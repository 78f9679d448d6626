import { describe, expect, it } from "vitest";
import { sizeWords, truncationWords } from "./response-size";

describe("the size of an answer", () => {
  it("is what was announced, even where nothing of it came", () => {
    expect(sizeWords({ body: "", total_bytes: 0 })).toBe("no body");
    expect(sizeWords({ body: "", total_bytes: null })).toBe("no body");
    expect(sizeWords({ body: "", total_bytes: 2048 })).toBe("body of 2 KiB");
    expect(sizeWords({ body: "é", total_bytes: null })).toBe("body of 2 B");
  });

  it("says how much of it is shown", () => {
    const body = "z".repeat(64 * 1024);
    expect(truncationWords({ body, total_bytes: 1_258_291 })).toBe("Shown: 64 KiB of 1.2 MiB");
    expect(truncationWords({ body, total_bytes: null })).toBe("Shown: the first 64 KiB; there was more");
    expect(truncationWords({ body: "\ufffd".repeat(64 * 1024), total_bytes: 70_000 })).toMatch(/^Shown: 64 KiB of/);
  });
});
