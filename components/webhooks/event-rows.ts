import {
  ALL_EVENTS,
  allTick,
  type EventGroup,
  groupTick,
  hasWildcard,
  isCovered,
  type Ticked,
  wildcardOf,
} from "@/components/webhooks/event-selection";
import { CUSTOM_GROUP } from "@/lib/contracts/event-types";

type TypeInfo = { description: string; example: Record<string, unknown> };

/** One visible line of the event tree, top to bottom as on the screen. */
export type EventRow = {
  /** Unique in the tree: a pattern of the API, or `group:` and a group's name. */
  id: string;
  kind: "all" | "group" | "wildcard" | "type";
  level: 1 | 2;
  /** Its place among its siblings that are visible, from 1, and their number: for screen readers. */
  place: number;
  siblings: number;
  ticked: Ticked;
  /** Undefined for what cannot be opened. */
  expanded: boolean | undefined;
  label: string;
  description: string;
  /** The group this row is or belongs to; null for all events. */
  group: EventGroup | null;
  example: TypeInfo["example"] | undefined;
};

type Input = {
  groups: readonly EventGroup[];
  infoOf: (type: string) => TypeInfo | undefined;
  selection: readonly string[];
  /** Ids of the rows that are open. While something is searched for, every group with a match is. */
  open: ReadonlySet<string>;
  query: string;
};

/** The visible lines of the tree of event types. A search finds words of names and descriptions, all of which must occur. */
export function eventRows({ groups, infoOf, selection, open, query }: Input): EventRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (...texts: string[]) => {
    const text = texts.join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const searching = words.length > 0;
  const shown = groups
    .map((group) => {
      const types = group.types.filter((type) => matches(type, infoOf(type)?.description ?? ""));
      return { group, types, wildcard: matches(wildcardOf(group.group), futureWords(group.group)) };
    })
    .filter(({ types, wildcard }) => types.length > 0 || wildcard);
  const showAll = matches(ALL_EVENTS, ALL_LABEL, ALL_DESCRIPTION);
  const topLevel = shown.length + (showAll ? 1 : 0);

  const rows: EventRow[] = [];
  if (showAll) {
    rows.push({
      id: ALL_EVENTS,
      kind: "all",
      level: 1,
      place: 1,
      siblings: topLevel,
      ticked: allTick(selection),
      expanded: undefined,
      label: ALL_LABEL,
      description: ALL_DESCRIPTION,
      group: null,
      example: undefined,
    });
  }
  shown.forEach(({ group, types, wildcard }, index) => {
    const id = `group:${group.group}`;
    const expanded = searching || open.has(id);
    rows.push({
      id,
      kind: "group",
      level: 1,
      place: index + (showAll ? 2 : 1),
      siblings: topLevel,
      ticked: groupTick(selection, group),
      expanded,
      label: group.group,
      description: countWords(selection, group),
      group,
      example: undefined,
    });
    if (!expanded) return;
    const siblings = types.length + (wildcard ? 1 : 0);
    if (wildcard) {
      const pattern = wildcardOf(group.group);
      rows.push({
        id: pattern,
        kind: "wildcard",
        level: 2,
        place: 1,
        siblings,
        ticked: hasWildcard(selection, group.group),
        expanded: undefined,
        label: pattern,
        description: futureWords(group.group),
        group,
        example: undefined,
      });
    }
    types.forEach((type, typeIndex) => {
      const info = infoOf(type);
      rows.push({
        id: type,
        kind: "type",
        level: 2,
        place: typeIndex + (wildcard ? 2 : 1),
        siblings,
        ticked: isCovered(selection, type),
        expanded: info ? open.has(type) : undefined,
        label: type,
        description: info?.description ?? "A type of your own",
        group,
        example: info?.example,
      });
    });
  });
  return rows;
}

/** The body that a receiver gets, with the catalogue's example as its data. */
export function exampleBody(type: string, data: Record<string, unknown>): string {
  const envelope = { id: "evt_01k6q3v0m8e5t9r2w4y6a1c3xd", type, timestamp: "2026-11-21T14:03:07.042Z", data };
  return JSON.stringify(envelope, null, 2);
}

const ALL_LABEL = "All events";
const ALL_DESCRIPTION = "Everything, future types included";

function futureWords(group: string): string {
  return group === CUSTOM_GROUP ? "Every type of your own" : `All of ${group}, future types included`;
}

function countWords(selection: readonly string[], { group, types }: EventGroup): string {
  if (group === CUSTOM_GROUP) {
    return hasWildcard(selection, group) ? "every type of your own" : `${types.length} selected`;
  }
  const covered = types.filter((type) => isCovered(selection, type)).length;
  return `${covered} of ${types.length}${hasWildcard(selection, group) ? " and future types" : ""}`;
}
