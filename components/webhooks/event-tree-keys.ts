import type { EventRow } from "@/components/webhooks/event-rows";

type TreeCommand =
  | { kind: "focus"; row: EventRow }
  | { kind: "toggle" }
  | { kind: "expand"; expanded: boolean }
  | { kind: "none" };

/**
 * What a key does on a row of the tree, after the WAI-ARIA tree view pattern; null for keys that are not the tree's.
 * @param rows the visible rows, the one with the focus among them
 */
export function treeCommand(key: string, row: EventRow, rows: readonly EventRow[]): TreeCommand | null {
  const index = rows.indexOf(row);
  switch (key) {
    case "ArrowDown":
      return focus(rows[index + 1]);
    case "ArrowUp":
      return focus(rows[index - 1]);
    case "Home":
      return focus(rows[0]);
    case "End":
      return focus(rows.at(-1));
    case " ":
    case "Enter":
      return { kind: "toggle" };
    case "ArrowRight":
      if (row.expanded === false) return { kind: "expand", expanded: true };
      return row.kind === "group" ? focus(rows[index + 1]) : { kind: "none" };
    case "ArrowLeft":
      if (row.expanded) return { kind: "expand", expanded: false };
      return row.level === 2 ? focus(rows.slice(0, index).findLast(({ level }) => level === 1)) : { kind: "none" };
    default:
      return null;
  }
}

function focus(row: EventRow | undefined): TreeCommand {
  return row ? { kind: "focus", row } : { kind: "none" };
}
