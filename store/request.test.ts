import { describe, expect, it } from "vitest";
import { getMe } from "@/lib/contracts/accounts";
import { getDelivery, listDeliveries } from "@/lib/contracts/deliveries";
import { createWebhook } from "@/lib/contracts/webhooks";
import { request } from "@/store/request";

describe("request", () => {
  it("takes the path from the contract and escapes its parameters", () => {
    const { url, operation, body } = request(getDelivery, { params: { project_id: "prj/1", delivery_id: "a b?" } });
    expect(url).toBe("/api/v1/projects/prj%2F1/deliveries/a%20b%3F");
    expect(operation.method).toBe("GET");
    expect(body).toBeUndefined();
  });

  it("leaves out what is absent or empty in a query", () => {
    const { url } = request(listDeliveries, {
      params: { project_id: "p" },
      query: { status: "failed,pending", q: "", cursor: undefined, limit: 100 },
    });
    expect(url).toBe("/api/v1/projects/p/deliveries?status=failed%2Cpending&limit=100");
  });

  it("sends the body as JSON", () => {
    const { body } = request(createWebhook, {
      params: { project_id: "p" },
      body: { url: "https://example.com", event_types: ["*"], secret: null },
    });
    expect(JSON.parse(body ?? "")).toEqual({ url: "https://example.com", event_types: ["*"], secret: null });
  });

  it("needs nothing for an operation without parameters", () => {
    expect(request(getMe, {}).url).toBe("/api/v1/me");
  });

  it("refuses an empty path parameter, which would address the list instead of one of its members", () => {
    expect(() => request(getDelivery, { params: { project_id: "p", delivery_id: "" } })).toThrow(/delivery_id/);
  });
});
