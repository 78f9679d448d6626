import { describe, expect, it } from "vitest";
import { eventRows, exampleBody } from "@/components/webhooks/event-rows";
import { eventGroups } from "@/components/webhooks/event-selection";
import { eventTypeCatalogue } from "@/lib/contracts/event-types";

const catalogue = eventTypeCatalogue();
const infoOf = (type: string) => catalogue.find((info) => info.type === type);
const groups = eventGroups(["instance.started", "instance.stopped", "user.login"], ["custom.note"]);
const base = { groups, infoOf, selection: ["instance.started"], open: new Set<string>(), query: "" };

describe("eventRows", () => {
  it("shows all events and the groups, closed, with their states", () => {
    expect(eventRows(base).map(({ id, ticked, place, siblings }) => [id, ticked, place, siblings])).toEqual([
      ["*", "mixed", 1, 4],
      ["group:instance", "mixed", 2, 4],
      ["group:user", false, 3, 4],
      ["group:custom", false, 4, 4],
    ]);
  });

  it("shows an open group's wildcard first, then its types", () => {
    const rows = eventRows({ ...base, open: new Set(["group:instance"]) });
    expect(
      rows.slice(1, 5).map(({ id, level, ticked, place, siblings }) => [id, level, ticked, place, siblings]),
    ).toEqual([
      ["group:instance", 1, "mixed", 2, 4],
      ["instance.*", 2, false, 1, 3],
      ["instance.started", 2, true, 2, 3],
      ["instance.stopped", 2, false, 3, 3],
    ]);
  });

  it("opens every group with a match while searching, by name or description", () => {
    expect(eventRows({ ...base, query: "stopped" }).map(({ id }) => id)).toEqual([
      "group:instance",
      "instance.stopped",
    ]);
    expect(eventRows({ ...base, query: "signed IN" }).map(({ id }) => id)).toEqual(["group:user", "user.login"]);
    expect(eventRows({ ...base, query: "no such thing" })).toEqual([]);
  });

  it("offers an example only where the catalogue has one", () => {
    const rows = eventRows({ ...base, open: new Set(["group:custom", "group:user", "user.login"]) });
    expect(rows.find(({ id }) => id === "custom.note")).toMatchObject({ expanded: undefined, example: undefined });
    expect(rows.find(({ id }) => id === "user.login")).toMatchObject({
      expanded: true,
      example: { method: "credentials" },
    });
  });

  it("says how much of a group is covered", () => {
    const words = (selection: string[]) => eventRows({ ...base, selection }).find(({ id }) => id === "group:instance");
    expect(words(["instance.*"])?.description).toBe("2 of 2 and future types");
    expect(words(["instance.stopped"])?.description).toBe("1 of 2");
  });
});

describe("exampleBody", () => {
  it("is the envelope around the example", () => {
    expect(JSON.parse(exampleBody("custom.note", { a: 1 }))).toMatchObject({ type: "custom.note", data: { a: 1 } });
  });
});
