import { CUSTOM_GROUP, groupOf, patternMatches } from "@/lib/contracts/event-types";

/** The pattern that covers every event, also of types that do not exist yet. */
export const ALL_EVENTS = "*";

/** A group of the catalogue with the types that can be ticked in it. The custom group has as many as anyone invents. */
export type EventGroup = { group: string; types: readonly string[] };

export type Ticked = boolean | "mixed";

export function wildcardOf(group: string): string {
  return `${group}.*`;
}

export function isCovered(selection: readonly string[], type: string): boolean {
  return selection.some((pattern) => patternMatches(pattern, type));
}

/** Whether future types of the group are included. */
export function hasWildcard(selection: readonly string[], group: string): boolean {
  return selection.includes(ALL_EVENTS) || selection.includes(wildcardOf(group));
}

/**
 * The groups to show: those of the catalogue, the custom group, and whatever else is selected (a type that only the API
 * can subscribe to must be visible, or saving the form would hide what it keeps).
 */
export function eventGroups(catalogue: readonly string[], selection: readonly string[]): EventGroup[] {
  const selected = selection.filter((pattern) => pattern !== ALL_EVENTS);
  const groups = new Map<string, Set<string>>();
  for (const type of catalogue) typesOf(groups, groupOf(type)).add(type);
  typesOf(groups, CUSTOM_GROUP);
  for (const pattern of selected) {
    const types = typesOf(groups, groupOf(pattern));
    if (!pattern.endsWith(".*")) types.add(pattern);
  }
  return [...groups].map(([group, types]) => ({ group, types: [...types] }));
}

/** The state of a group's box. Single custom types never make the custom group whole: there can always be others. */
export function groupTick(selection: readonly string[], { group, types }: EventGroup): Ticked {
  if (hasWildcard(selection, group)) return true;
  const covered = types.filter((type) => isCovered(selection, type)).length;
  if (covered === 0) return false;
  return covered === types.length && group !== CUSTOM_GROUP ? true : "mixed";
}

/** The state of the box for all events. */
export function allTick(selection: readonly string[]): Ticked {
  if (selection.includes(ALL_EVENTS)) return true;
  return selection.length === 0 ? false : "mixed";
}

/** Every event there is and will be, or, when that was chosen, none: a blank sheet to choose from. */
export function toggleAll(selection: readonly string[]): string[] {
  return selection.includes(ALL_EVENTS) ? [] : [ALL_EVENTS];
}

/** A whole group loses everything; one that is not whole gets all its types, without future ones. */
export function toggleGroup(selection: readonly string[], toggled: EventGroup, groups: readonly EventGroup[]) {
  const rest = outside(spread(selection, groups), toggled.group);
  if (groupTick(selection, toggled) === true) return normalise(rest, groups);
  const added = toggled.group === CUSTOM_GROUP ? [wildcardOf(CUSTOM_GROUP)] : toggled.types;
  return normalise([...rest, ...added], groups);
}

/** Future types of a group: in, together with all present ones; or out, while the present ones stay. */
export function toggleWildcard(selection: readonly string[], toggled: EventGroup, groups: readonly EventGroup[]) {
  const rest = outside(spread(selection, groups), toggled.group);
  const kept = hasWildcard(selection, toggled.group) ? toggled.types : [wildcardOf(toggled.group)];
  return normalise([...rest, ...kept], groups);
}

/** One type in or out. Taking one out of a wildcard leaves the others of its group, without future ones. */
export function toggleType(selection: readonly string[], type: string, groups: readonly EventGroup[]): string[] {
  const group = groupOf(type);
  const known = groups.find((candidate) => candidate.group === group)?.types ?? [];
  if (!isCovered(selection, type)) return normalise([...selection, type], groups);
  const spreadOut = spread(selection, groups);
  const ofGroup = known.filter((candidate) => candidate !== type && isCovered(selection, candidate));
  return normalise([...outside(spreadOut, group), ...ofGroup], groups);
}

/** The same subscription in the fewest patterns, in the catalogue's order. */
export function normalise(selection: readonly string[], groups: readonly EventGroup[]): string[] {
  if (selection.includes(ALL_EVENTS)) return [ALL_EVENTS];
  const order = groups.flatMap(({ group, types }) => [wildcardOf(group), ...types]);
  const rank = (pattern: string) => {
    const place = order.indexOf(pattern);
    return place === -1 ? order.length : place;
  };
  return [...new Set(selection)]
    .filter((pattern) => pattern.endsWith(".*") || !selection.includes(wildcardOf(groupOf(pattern))))
    .sort((a, b) => rank(a) - rank(b));
}

/** What is selected, in words: `5 of 20 types, future types of instance included`. */
export function describeSelection(selection: readonly string[], catalogue: readonly string[]): string {
  if (selection.includes(ALL_EVENTS)) return "All events, future types included";
  if (selection.length === 0) return "No event types selected";
  const known = catalogue.filter((type) => isCovered(selection, type)).length;
  const own = selection.filter((pattern) => !pattern.endsWith(".*") && !catalogue.includes(pattern)).length;
  const future = selection.filter((pattern) => pattern.endsWith(".*")).map(groupOf);
  const parts = [`${known} of ${catalogue.length} types`];
  if (own > 0) parts.push(own === 1 ? "1 more of your own" : `${own} more of your own`);
  if (future.includes(CUSTOM_GROUP)) parts.push("every custom type");
  const groups = future.filter((group) => group !== CUSTOM_GROUP);
  if (groups.length > 0) parts.push(`future types of ${groups.join(", ")} included`);
  return parts.join(", ");
}

/** "*" becomes the wildcards of all groups, so that one of them can be changed without the others. */
function spread(selection: readonly string[], groups: readonly EventGroup[]): readonly string[] {
  return selection.includes(ALL_EVENTS) ? groups.map(({ group }) => wildcardOf(group)) : selection;
}

function outside(selection: readonly string[], group: string): string[] {
  return selection.filter((pattern) => groupOf(pattern) !== group);
}

function typesOf(groups: Map<string, Set<string>>, group: string): Set<string> {
  const present = groups.get(group) ?? new Set<string>();
  groups.set(group, present);
  return present;
}
