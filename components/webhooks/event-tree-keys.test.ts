import { describe, expect, it } from "vitest";
import { type EventRow, eventRows } from "@/components/webhooks/event-rows";
import { eventGroups } from "@/components/webhooks/event-selection";
import { treeCommand } from "@/components/webhooks/event-tree-keys";

const rows = eventRows({
  groups: eventGroups(["instance.started", "instance.stopped", "user.login"], []),
  infoOf: () => ({ description: "", example: {} }),
  selection: [],
  open: new Set(["group:instance", "instance.stopped"]),
  query: "",
});

function press(key: string, id: string) {
  const row = rows.find((candidate) => candidate.id === id);
  if (!row) throw new Error(`no row ${id}`);
  const command = treeCommand(key, row, rows);
  return command?.kind === "focus" ? command.row.id : command?.kind === "expand" ? command.expanded : command?.kind;
}

describe("treeCommand", () => {
  it.each([
    ["ArrowDown", "*", "group:instance"],
    ["ArrowDown", "group:custom", "none"],
    ["ArrowUp", "instance.*", "group:instance"],
    ["ArrowUp", "*", "none"],
    ["ArrowRight", "group:user", true],
    ["ArrowRight", "group:instance", "instance.*"],
    ["ArrowRight", "instance.started", true],
    ["ArrowRight", "instance.*", "none"],
    ["ArrowLeft", "instance.stopped", false],
    ["ArrowLeft", "instance.started", "group:instance"],
    ["ArrowLeft", "group:instance", false],
    ["ArrowLeft", "group:user", "none"],
    [" ", "instance.*", "toggle"],
    ["Enter", "group:user", "toggle"],
    ["a", "*", undefined],
  ])("%s on %s: %s", (key, id, expected) => {
    expect(press(key, id)).toBe(expected);
  });

  it("reaches both ends at once", () => {
    expect([press("Home", "instance.started"), press("End", "*")]).toEqual(["*", "group:custom"]);
  });

  it("leads through every row and back", () => {
    const walk = (key: string, from: EventRow | undefined) => {
      const seen: string[] = [];
      for (let row = from; row; ) {
        seen.push(row.id);
        const command = treeCommand(key, row, rows);
        row = command?.kind === "focus" ? command.row : undefined;
      }
      return seen;
    };
    const ids = rows.map(({ id }) => id);
    expect(walk("ArrowDown", rows[0])).toEqual(ids);
    expect(walk("ArrowUp", rows.at(-1))).toEqual(ids.toReversed());
  });
});
