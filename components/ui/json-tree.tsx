"use client";
import { type FocusEvent, type KeyboardEvent, type MouseEvent, useCallback, useEffect, useRef } from "react";
import { JsonView as LiteTree } from "react-json-view-lite";
import { formatJsonPath, type JsonPath, jsonAt, jsonEntries } from "./json-paths";

export type JsonTreeProps = {
  /** An object or an array. */
  data: object;
  label: string;
  /** Levels open at first; deeper ones only on the way to a match. */
  openLevels: number;
  matches: readonly JsonPath[];
  current: JsonPath | null;
  onCurrent: (path: JsonPath) => void;
};

const styles = {
  container: "json-tree",
  basicChildStyle: "json-node",
  childFieldsContainer: "json-children",
  label: "json-key",
  clickableLabel: "json-key",
  nullValue: "json-null",
  undefinedValue: "json-null",
  stringValue: "json-string",
  booleanValue: "json-boolean",
  numberValue: "json-number",
  otherValue: "json-null",
  punctuation: "json-punctuation",
  expandIcon: "json-toggle json-toggle-closed",
  collapseIcon: "json-toggle json-toggle-open",
  collapsedContent: "json-ellipsis",
  noQuotesForStringValues: false,
  quotesForFieldNames: true,
  stringifyStringValues: true,
  ariaLables: { collapseJson: "Collapse", expandJson: "Expand" },
};

/**
 * The tree of a JSON value. The library draws it; keyboard (arrows over all lines, not only those that open), the
 * current line and the marks of a search are added here. Lines are told apart by their place: the n-th line of a group
 * is the n-th entry of its object or array.
 */
export function JsonTree({ data, label, openLevels, matches, current, onCurrent }: JsonTreeProps) {
  const host = useRef<HTMLDivElement>(null);
  const open = useCallback(
    (level: number, value: unknown) => level < openLevels || leadsToMatch(value, data, matches),
    [openLevels, data, matches],
  );

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const refresh = () => mark(element, data, matches, current);
    refresh();
    // Lines appear later than this effect runs: those between the root and a match open one level at a time.
    const observer = new MutationObserver(refresh);
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [data, matches, current]);

  const choose = (event: MouseEvent | FocusEvent) => {
    const line = event.target instanceof Element ? event.target.closest("[role=treeitem]") : null;
    if (line !== null && host.current !== null) onCurrent(pathOf(line, host.current, data));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the tree inside is interactive; this only listens to it
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard way is onKeyDownCapture and onFocus
    <div ref={host} onClick={choose} onFocus={choose} onKeyDownCapture={(event) => moveFocus(event, host.current)}>
      <LiteTree data={data} style={styles} shouldExpandNode={open} aria-label={label} />
    </div>
  );
}

function leadsToMatch(value: unknown, data: object, matches: readonly JsonPath[]): boolean {
  return matches.some((path) => {
    let step: unknown = data;
    for (const key of path) {
      if (step === value) return true;
      step = jsonAt(step, [key]);
    }
    return false;
  });
}

function mark(host: HTMLElement, data: object, matches: readonly JsonPath[], current: JsonPath | null) {
  const found = new Set(matches.map(formatJsonPath));
  const chosen = current === null ? null : formatJsonPath(current);
  let stop: HTMLElement | null = null;
  for (const line of linesOf(host)) {
    const path = formatJsonPath(pathOf(line, host, data));
    line.toggleAttribute("data-match", found.has(path));
    line.toggleAttribute("data-current", path === chosen);
    if (path === chosen) line.setAttribute("aria-selected", "true");
    else line.removeAttribute("aria-selected");
    if (line.tabIndex === 0) stop = line;
    line.tabIndex = -1;
    // The library puts its little arrow into the tab order; here the line itself is.
    for (const toggle of line.querySelectorAll<HTMLElement>(":scope > [role=button]")) {
      toggle.tabIndex = -1;
      toggle.setAttribute("aria-hidden", "true");
    }
  }
  const entry =
    host.querySelector<HTMLElement>("[data-current]") ?? stop ?? host.querySelector<HTMLElement>("[role=treeitem]");
  if (entry !== null) entry.tabIndex = 0;
}

function linesOf(host: HTMLElement): HTMLElement[] {
  return [...host.querySelectorAll<HTMLElement>("[role=treeitem]")];
}

/** The way to a line: its place among its brothers, and theirs among theirs, read against the data. */
function pathOf(line: Element, host: Element, data: object): JsonPath {
  const places: number[] = [];
  for (let item: Element | null = line; item !== null && host.contains(item); ) {
    const group: Element | null = item.parentElement;
    if (group === null || group.getAttribute("role") !== "group") break;
    places.unshift([...group.children].indexOf(item));
    item = group.closest("[role=treeitem]");
  }
  const path: (string | number)[] = [];
  let value: unknown = data;
  for (const place of places) {
    const entry = jsonEntries(value)[place];
    if (entry === undefined) break;
    path.push(entry[0]);
    value = entry[1];
  }
  return path;
}

/** The keys of a tree as ARIA describes them: up and down over the visible lines, right opens or enters, left closes or leaves. */
function moveFocus(event: KeyboardEvent, host: HTMLElement | null) {
  const line = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[role=treeitem]") : null;
  if (line === null || host === null) return;
  const lines = linesOf(host);
  const place = lines.indexOf(line);
  const expanded = line.getAttribute("aria-expanded");
  const toggle = line.querySelector<HTMLElement>(":scope > [role=button]");
  let next: HTMLElement | null | undefined;
  if (event.key === "ArrowDown") next = lines[place + 1];
  else if (event.key === "ArrowUp") next = lines[place - 1];
  else if (event.key === "Home") next = lines[0];
  else if (event.key === "End") next = lines.at(-1);
  else if (event.key === "ArrowRight" && expanded === "true") next = lines[place + 1];
  else if (event.key === "ArrowRight" && expanded === "false") toggle?.click();
  else if (event.key === "ArrowLeft" && expanded === "true") toggle?.click();
  else if (event.key === "ArrowLeft") next = line.parentElement?.closest<HTMLElement>("[role=treeitem]");
  else if (event.key === "Enter" || event.key === " ") toggle?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
  (next ?? line).focus();
}
