import { describe, expect, it } from "vitest";
import { emittableTypes, exampleData, parseData, passingFields } from "@/components/webhooks/emit-types";
import { isEmittableType } from "@/lib/contracts/event-types";
import { emitEventBody } from "@/lib/contracts/events";

describe("emittableTypes", () => {
  it("opens wildcards and leaves out what nobody may emit", () => {
    expect(emittableTypes(["instance.*", "user.login"])).toEqual([
      "instance.started",
      "instance.stopped",
      "instance.failed",
      "user.login",
    ]);
    expect(emittableTypes(["webhook.test"])).toEqual([]);
    expect(emittableTypes(["*"])).not.toContain("webhook.test");
    expect(emittableTypes(["*"]).every(isEmittableType)).toBe(true);
  });

  it("has a custom type for those who subscribe to them", () => {
    expect(emittableTypes(["custom.*"])).toEqual(["custom.example"]);
    expect(emittableTypes(["custom.invoice.paid", "custom.*"])).toEqual(["custom.invoice.paid"]);
    expect(emittableTypes(["*"]).at(-1)).toBe("custom.example");
  });
});

describe("exampleData", () => {
  it("can be emitted as it is, for every type", () => {
    for (const type of emittableTypes(["*"])) {
      const parsed = parseData(exampleData(type));
      expect(emitEventBody.safeParse({ type, ...("data" in parsed && parsed) }).success).toBe(true);
    }
  });
});

describe("passingFields", () => {
  it("satisfies every clause of the filter, and adds nothing without one", () => {
    const filter = { applications: ["train", "serve"], environments: ["prod"], labels: { tier: "gold" } };
    expect(passingFields(filter)).toEqual({ application: "train", environment: "prod", labels: { tier: "gold" } });
    expect(passingFields({ environments: ["prod"] })).toEqual({ environment: "prod" });
    expect(passingFields(null)).toEqual({});
  });
});

describe("parseData", () => {
  it.each(["[1]", "null", '"text"', "7"])("wants an object, not %s", (text) => {
    expect(parseData(text)).toEqual({ error: expect.stringContaining("JSON object") });
  });

  it("says that text is not JSON", () => {
    expect(parseData("{a: 1}")).toEqual({ error: expect.stringContaining("not valid JSON") });
  });
});
