import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allTick,
  describeSelection,
  eventGroups,
  groupTick,
  isCovered,
  normalise,
  toggleAll,
  toggleGroup,
  toggleType,
  toggleWildcard,
} from "@/components/webhooks/event-selection";
import { eventTypeNames, isEmittableType, isKnownPattern } from "@/lib/contracts/event-types";

const CATALOGUE = eventTypeNames.filter(isEmittableType);
const groups = eventGroups(CATALOGUE, []);
const find = (group: string, selection: readonly string[] = []) => {
  const found = eventGroups(CATALOGUE, selection).find((candidate) => candidate.group === group);
  if (!found) throw new Error(`no group ${group}`);
  return found;
};
const variant = find("variant");

describe("eventGroups", () => {
  it("keeps what only the API can subscribe to", () => {
    const shown = eventGroups(CATALOGUE, ["webhook.test", "custom.invoice.paid", "custom.*"]);
    expect(shown.find(({ group }) => group === "webhook")?.types).toEqual(["webhook.test"]);
    expect(shown.find(({ group }) => group === "custom")?.types).toEqual(["custom.invoice.paid"]);
  });

  it("offers the custom group although the catalogue has none of its types", () => {
    expect(groups.find(({ group }) => group === "custom")).toEqual({ group: "custom", types: [] });
  });
});

describe("tri-state boxes", () => {
  it("tell none, some and all of a group apart", () => {
    expect(groupTick([], variant)).toBe(false);
    expect(groupTick(["variant.created"], variant)).toBe("mixed");
    expect(groupTick(["variant.created", "variant.deleted"], variant)).toBe(true);
    expect(groupTick(["variant.*"], variant)).toBe(true);
    expect(groupTick(["*"], variant)).toBe(true);
    expect(groupTick(["user.*"], variant)).toBe(false);
  });

  it("never call single custom types the whole group", () => {
    const selection = ["custom.invoice.paid"];
    expect(groupTick(selection, find("custom", selection))).toBe("mixed");
    expect(groupTick(["custom.*"], find("custom"))).toBe(true);
  });

  it("tell whether all events are chosen", () => {
    expect([allTick([]), allTick(["user.*"]), allTick(["*"])]).toEqual([false, "mixed", true]);
  });
});

describe("toggling", () => {
  it("all events on replaces everything, off leaves a blank sheet", () => {
    expect(toggleAll(["user.login"])).toEqual(["*"]);
    expect(toggleAll(["*"])).toEqual([]);
  });

  it("a group on takes its present types, off takes them away", () => {
    const on = toggleGroup(["user.login", "variant.created"], variant, groups);
    expect(on).toEqual(["variant.created", "variant.deleted", "user.login"]);
    expect(toggleGroup(on, variant, groups)).toEqual(["user.login"]);
    expect(toggleGroup(["variant.*", "user.login"], variant, groups)).toEqual(["user.login"]);
  });

  it("the wildcard on swallows the group's types, off leaves them ticked", () => {
    expect(toggleWildcard(["variant.created", "user.login"], variant, groups)).toEqual(["variant.*", "user.login"]);
    expect(toggleWildcard(["variant.*"], variant, groups)).toEqual(["variant.created", "variant.deleted"]);
  });

  it("a type taken out of a wildcard leaves its neighbours", () => {
    expect(toggleType(["variant.*", "user.login"], "variant.created", groups)).toEqual([
      "variant.deleted",
      "user.login",
    ]);
  });

  it("a type taken out of all events leaves every other type and the future of the other groups", () => {
    const selection = toggleType(["*"], "variant.created", groups);
    expect(selection).toContain("variant.deleted");
    expect(selection).toContain("user.*");
    expect(selection).toContain("custom.*");
    expect(isCovered(selection, "variant.created")).toBe(false);
    for (const type of CATALOGUE.filter((name) => name !== "variant.created")) {
      expect(isCovered(selection, type)).toBe(true);
    }
  });

  it("the custom group on means every custom type", () => {
    expect(toggleGroup([], find("custom"), groups)).toEqual(["custom.*"]);
    expect(toggleGroup(["custom.*"], find("custom"), groups)).toEqual([]);
  });
});

describe("any row of steps", () => {
  const step = fc.oneof(
    fc.constant({ kind: "all" as const, name: "" }),
    fc.record({ kind: fc.constant("group" as const), name: fc.constantFrom(...groups.map(({ group }) => group)) }),
    fc.record({ kind: fc.constant("wildcard" as const), name: fc.constantFrom(...groups.map(({ group }) => group)) }),
    fc.record({ kind: fc.constant("type" as const), name: fc.constantFrom(...CATALOGUE) }),
  );

  function take(selection: string[], { kind, name }: { kind: string; name: string }): string[] {
    if (kind === "all") return toggleAll(selection);
    if (kind === "type") return toggleType(selection, name, groups);
    return (kind === "group" ? toggleGroup : toggleWildcard)(selection, find(name, selection), groups);
  }

  it("leaves a subscription that the API knows and that needs no tidying", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let selection: string[] = [];
        for (const next of steps) {
          const before = selection;
          selection = take(selection, next);
          expect(selection.every(isKnownPattern)).toBe(true);
          expect(normalise(selection, groups)).toEqual(selection);
          if (next.kind === "type") {
            expect(isCovered(selection, next.name)).toBe(!isCovered(before, next.name));
            const others = CATALOGUE.filter((type) => type !== next.name);
            expect(others.map((type) => isCovered(selection, type))).toEqual(
              others.map((type) => isCovered(before, type)),
            );
          }
        }
      }),
    );
  });
});

describe("normalise", () => {
  it("drops what another pattern covers and repeats", () => {
    expect(normalise(["user.login", "variant.deleted", "variant.*", "user.login"], groups)).toEqual([
      "variant.*",
      "user.login",
    ]);
    expect(normalise(["user.login", "*"], groups)).toEqual(["*"]);
  });
});

describe("describeSelection", () => {
  it.each([
    [["*"], "All events, future types included"],
    [[], "No event types selected"],
    [["variant.created"], `1 of ${CATALOGUE.length} types`],
    [["variant.*"], `2 of ${CATALOGUE.length} types, future types of variant included`],
    [["custom.a"], `0 of ${CATALOGUE.length} types, 1 more of your own`],
    [["custom.*", "user.login"], `1 of ${CATALOGUE.length} types, every custom type`],
  ])("of %j is %j", (selection, words) => {
    expect(describeSelection(selection, CATALOGUE)).toBe(words);
  });
});
