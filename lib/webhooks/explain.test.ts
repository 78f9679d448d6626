import { describe, expect, it } from "vitest";
import type { PayloadFilter } from "@/lib/contracts/payload-filter";
import { explainMatch, explainPayload } from "@/lib/webhooks/explain";

const body = {
  type: "instance.started",
  data: { gpu_count: 4, node: "fra-1", note: "x".repeat(500), tags: ["a", "b"], many: Array(500).fill(1), nested: {} },
};

describe("explainPayload", () => {
  it.each<[PayloadFilter, string | null]>([
    [{ "data.gpu_count": { $lt: 8 }, type: "instance.started" }, null],
    [{ "data.gpu_count": { $gte: 8 } }, "data.gpu_count $gte 8: it is 4"],
    [{ "data.gpu_count": { $gte: 1, $lt: 4 } }, "data.gpu_count $lt 4: it is 4"],
    [{ "data.node": "fra-2" }, 'data.node $eq "fra-2": it is "fra-1"'],
    [{ "data.missing": { $exists: true } }, "data.missing $exists true: it is absent"],
    [{ "data.tags": { $all: ["a", "c"] } }, 'data.tags $all ["a","c"]: it is ["a","b"]'],
    [{ "data.many": { $size: 2 } }, "data.many $size 2: it is a list of 500"],
    [{ "data.nested": { $type: "string" } }, 'data.nested $type "string": it is an object'],
    [{ "data.gpu_count": { $not: { $gte: 2 } } }, 'data.gpu_count $not {"$gte":2}: it is 4'],
    [{ $and: [{ "data.gpu_count": 4 }, { "data.node": "b" }] }, 'data.node $eq "b": it is "fra-1"'],
    [
      { $or: [{ "data.gpu_count": 8 }, { "data.node": "b" }] },
      '$or: none of 2 holds (data.gpu_count $eq 8: it is 4; data.node $eq "b": it is "fra-1")',
    ],
    [
      { $or: [1, 2, 3, 5, 6].map((count) => ({ "data.gpu_count": count })) },
      "$or: none of 5 holds (data.gpu_count $eq 1: it is 4; data.gpu_count $eq 2: it is 4; data.gpu_count $eq 3: it is 4; and 2 more)",
    ],
    [
      { $nor: [{ "data.gpu_count": 8 }, { "data.gpu_count": { $gt: 3 }, "data.node": "fra-1" }] },
      '$nor: this holds: data.gpu_count $gt 3 and data.node $eq "fra-1"',
    ],
  ])("of %j is %j", (filter, expected) => {
    expect(explainPayload(filter, body)).toBe(expected);
  });

  it("stays short, whatever the event and the filter hold", () => {
    const reason = explainPayload({ "data.note": { $in: Array.from({ length: 200 }, () => "y".repeat(30)) } }, body);
    expect(reason).toMatch(/^data\.note \$in \["y+.*…: it is "x+…$/);
    expect(reason?.length).toBeLessThan(200);
  });
});

describe("explainMatch", () => {
  const event = { type: "instance.started", labels: { team: "ml" }, application: "train", environment: null, body };
  const all = { eventTypes: ["*"], enabled: true, filter: null };

  it.each([
    [all, { verdict: "match", detail: "" }],
    [
      { ...all, enabled: false },
      { verdict: "disabled", detail: "" },
    ],
    [
      { ...all, eventTypes: ["user.*", "cost.threshold"] },
      { verdict: "type", detail: "It asks for user.*, cost.threshold; the event is instance.started." },
    ],
    [
      { ...all, filter: { applications: ["a", "b", "c", "d"] } },
      { verdict: "application", detail: "It asks for application a or b or c or d; the event has application train." },
    ],
    [
      { ...all, filter: { environments: ["production"] } },
      { verdict: "environment", detail: "It asks for environment production; the event has no environment." },
    ],
    [
      { ...all, filter: { labels: { team: "ml", tier: "gold" } } },
      { verdict: "labels", detail: "It asks for label tier gold; the event has no label tier." },
    ],
    [
      { ...all, filter: { labels: { team: "web" } } },
      { verdict: "labels", detail: "It asks for label team web; the event has label team ml." },
    ],
    [
      { ...all, filter: { payload: { "data.gpu_count": { $gte: 8 } } } },
      { verdict: "payload", detail: "data.gpu_count $gte 8: it is 4" },
    ],
  ])("of %j is %j", (subscription, expected) => {
    expect(explainMatch(subscription, event, "asks")).toMatchObject(expected);
  });
});
