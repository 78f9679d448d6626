import { describe, expect, it } from "vitest";
import { z } from "zod";
import { eventTypeCatalogue, isEmittableType, isKnownPattern, patternMatches } from "@/lib/contracts/event-types";

describe("the catalogue", () => {
  it("has examples that fit their own JSON Schema", () => {
    for (const entry of eventTypeCatalogue()) {
      expect(() => z.fromJSONSchema(entry.json_schema).parse(entry.example), entry.type).not.toThrow();
      expect(entry.description, entry.type).toMatch(/\.$/);
    }
  });

  it.each(["*", "instance.*", "instance.started", "custom.*", "custom.build.done", "webhook.test"])(
    "lets one subscribe to %s",
    (pattern) => {
      expect(isKnownPattern(pattern)).toBe(true);
    },
  );

  it.each([
    "",
    "**",
    "instance",
    "instance.",
    "instance.unknown",
    "nonsense.*",
    "*.started",
    "custom.",
    "toString",
    "custom.A",
  ])("does not know %j", (pattern) => expect(isKnownPattern(pattern)).toBe(false));

  it("keeps webhook.test for the test button", () => {
    expect(isEmittableType("webhook.test")).toBe(false);
    expect(isEmittableType("instance.started")).toBe(true);
    expect(isEmittableType("custom.build.done")).toBe(true);
    expect(isEmittableType("instance.*")).toBe(false);
  });

  it("matches a group by its whole name", () => {
    expect(patternMatches("config.*", "config.deployed")).toBe(true);
    expect(patternMatches("config.*", "configuration.deployed")).toBe(false);
  });
});
