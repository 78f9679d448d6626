import { describe, expect, it } from "vitest";
import {
  filterWords,
  limitWords,
  nameOf,
  namesTogether,
  patternMeaning,
  searchWebhooks,
} from "@/components/webhooks/words";

describe("nameOf", () => {
  it("is the description, else the host", () => {
    expect(nameOf({ description: "Billing", url: "https://a.example/x" })).toBe("Billing");
    expect(nameOf({ description: "", url: "https://a.example:8443/x?y" })).toBe("a.example:8443");
    expect(nameOf({ description: "", url: "not a url" })).toBe("not a url");
  });
});

describe("patternMeaning", () => {
  it("says what wildcards cover", () => {
    expect(patternMeaning("*")).toMatch(/Every event/);
    expect(patternMeaning("instance.*")).toBe("All instance events, future types included");
    expect(patternMeaning("user.login")).toBe("user.login");
  });
});

describe("filterWords", () => {
  it("has one line per clause", () => {
    expect(filterWords(null)).toEqual([]);
    expect(
      filterWords({ applications: ["a", "b"], environments: ["prod"], labels: { tier: "gold", team: "ml" } }),
    ).toEqual(["Application: a or b", "Environment: prod", "Labels: tier = gold and team = ml"]);
    expect(
      filterWords({
        payload: {
          "data.gpu_count": { $gte: 4, $lt: 8 },
          type: "instance.started",
          $and: [{ "data.a": null }],
          $or: [{ "data.b": 1, "data.c": 2 }, { "data.d": { $exists: true } }],
        },
      }),
    ).toEqual([
      "Payload: data.gpu_count $gte 4",
      "Payload: data.gpu_count $lt 8",
      'Payload: type $eq "instance.started"',
      "Payload: data.a $eq null",
      "Payload: $or (data.b $eq 1 and data.c $eq 2; data.d $exists true)",
    ]);
  });
});

describe("limitWords", () => {
  it("has one line per limit", () => {
    expect(limitWords({ max_in_flight: null, rate_limit: null })).toEqual([]);
    expect(limitWords({ max_in_flight: 1, rate_limit: 50 })).toEqual([
      "At most 1 request at once",
      "At most 50 requests a second",
    ]);
  });
});

describe("searchWebhooks", () => {
  const webhooks = [
    { url: "https://a.example/hook", description: "Billing", event_types: ["user.*"] },
    { url: "https://b.example/hook", description: "", event_types: ["instance.started"] },
  ];

  it("wants every word, wherever it stands and however it is written", () => {
    expect(searchWebhooks(webhooks, "HOOK billing")).toEqual([webhooks[0]]);
    expect(searchWebhooks(webhooks, "instance")).toEqual([webhooks[1]]);
    expect(searchWebhooks(webhooks, "billing instance")).toEqual([]);
    expect(searchWebhooks(webhooks, " ")).toEqual(webhooks);
  });
});

describe("namesTogether", () => {
  it("names three and counts the others", () => {
    expect(namesTogether(["Orders"])).toBe("Orders");
    expect(namesTogether(["Orders", "Billing", "Chat"])).toBe("Orders, Billing, Chat");
    expect(namesTogether(["Orders", "Billing", "Chat", "CRM", "Archive"])).toBe("Orders, Billing, Chat and 2 more");
  });
});
