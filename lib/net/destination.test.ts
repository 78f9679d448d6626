import { describe, expect, it } from "vitest";
import { createEgressPolicy } from "@/lib/net/address";
import { checkDestination } from "@/lib/net/destination";

const rules = { policy: createEgressPolicy([]), http: "nowhere", selfOrigin: "http://localhost:3000" } as const;

describe("checkDestination", () => {
  it("is null for a URL that can be saved, the console's own receiver included", () => {
    expect(checkDestination("https://example.com/hook", rules)).toBeNull();
    expect(checkDestination("http://localhost:3000/receiver/abcdefghijklmnop", rules)).toBeNull();
    expect(checkDestination("http://example.com/hook", { ...rules, http: "everywhere" })).toBeNull();
  });

  it("is a sentence for one that cannot", () => {
    expect(checkDestination("http://example.com/hook", rules)).toBe("The URL must start with https://.");
    expect(checkDestination("https://10.0.0.1/hook", rules)).toBe("The address 10.0.0.1 is not a public address.");
    expect(checkDestination("https://localhost:3000/api", rules)).toMatch(/^The host name localhost is reserved/);
  });
});
