import { describe, expect, it } from "vitest";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

describe("a filter in the database", () => {
  it("is given back as it was sent", async () => {
    const actor = await createTestProject();
    const filter = {
      labels: { team: "ml" },
      payload: { $or: [{ "data.text": "Grüße 🚀" }, { "data.n": { $in: [0.1, -5, 1e21, null, true] } }] },
    };
    const made = await createTestWebhook(actor, { url: "https://example.com/", event_types: ["*"], filter });
    expect(made.filter).toEqual(filter);
  });

  it.each([
    { labels: { "a\u0000": "x" } },
    { labels: { a: "\ud800" } },
    { applications: ["\u0000"] },
    { environments: ["\udc00"] },
  ])("cannot be %j, which it could not store", async (filter) => {
    const actor = await createTestProject();
    const attempt = async () => createTestWebhook(actor, { url: "https://example.com/", event_types: ["*"], filter });
    await expect(attempt()).rejects.toThrow(/cannot be stored/);
  });
});
