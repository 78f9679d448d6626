import { describe, expect, it } from "vitest";
import { DELIVERY_STATUSES } from "@/lib/contracts/deliveries";
import { retryBlock } from "./retry-block";

const webhook = { enabled: true, deleted: false };

describe("retryBlock", () => {
  it("lets everything through that is not being sent right now", () => {
    const free = DELIVERY_STATUSES.filter((status) => retryBlock({ status, mayRetry: true, webhook }) === null);
    expect(free).toEqual(["pending", "delivered", "failed", "cancelled"]);
  });

  it("names the reason, the one that lasts longest first", () => {
    const situation = { status: "delivering", mayRetry: false, webhook: { enabled: false, deleted: true } } as const;
    expect(retryBlock(situation)).toContain("role");
    expect(retryBlock({ ...situation, mayRetry: true })).toContain("deleted");
    expect(retryBlock({ ...situation, mayRetry: true, webhook: { enabled: false, deleted: false } })).toContain(
      "disabled",
    );
    expect(retryBlock({ ...situation, mayRetry: true, webhook })).toContain("under way");
  });
});
