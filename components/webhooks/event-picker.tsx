"use client";
import { Plus, Search } from "lucide-react";
import { type KeyboardEvent, type Ref, useId, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { EventPickerRow } from "@/components/webhooks/event-picker-row";
import { type EventRow, eventRows } from "@/components/webhooks/event-rows";
import {
  ALL_EVENTS,
  describeSelection,
  eventGroups,
  groupTick,
  normalise,
  toggleAll,
  toggleGroup,
  toggleType,
  toggleWildcard,
} from "@/components/webhooks/event-selection";
import { treeCommand } from "@/components/webhooks/event-tree-keys";
import {
  CUSTOM_GROUP,
  eventTypeCatalogue,
  eventTypeNames,
  isEmittableType,
  isKnownPattern,
} from "@/lib/contracts/event-types";

const CATALOGUE = eventTypeNames.filter(isEmittableType);
const INFO = new Map(eventTypeCatalogue().map((info) => [info.type, info]));

export type EventPickerProps = {
  /** Patterns: types, groups such as "instance.*", or "*". */
  value: readonly string[];
  onChange: (selection: string[]) => void;
  disabled?: boolean | undefined;
  /** The search field: what gets the focus when the choice is wrong. */
  ref?: Ref<HTMLInputElement> | undefined;
  invalid?: boolean | undefined;
};

/**
 * Event types as a tree with a box for every group, type and wildcard. By keyboard: arrows move, right and left open
 * and close (a type opens its example), space ticks; the arrow down leads from the search into the tree.
 */
export function EventPicker({ value, onChange, disabled = false, ref, invalid }: EventPickerProps) {
  const id = useId();
  const tree = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(() => partlyTicked(value));
  const [focused, setFocused] = useState<string>(ALL_EVENTS);
  const groups = useMemo(() => eventGroups(CATALOGUE, value), [value]);
  const rows = useMemo(
    () => eventRows({ groups, infoOf: (type) => INFO.get(type), selection: value, open, query }),
    [groups, value, open, query],
  );
  // The row with the tree's one tab stop; rows can vanish by a search or by being unticked.
  const current = rows.some((row) => row.id === focused) ? focused : rows[0]?.id;

  const toggle = (row: EventRow) => {
    if (disabled) return;
    if (row.group === null) onChange(toggleAll(value));
    else if (row.kind === "group") onChange(toggleGroup(value, row.group, groups));
    else if (row.kind === "wildcard") onChange(toggleWildcard(value, row.group, groups));
    else onChange(toggleType(value, row.id, groups));
  };
  const setExpanded = (row: EventRow, expanded: boolean) => {
    const next = new Set(open);
    if (expanded) next.add(row.id);
    else next.delete(row.id);
    setOpen(next);
  };
  const focusRow = (row: EventRow | undefined) => {
    if (!row) return;
    setFocused(row.id);
    tree.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)?.focus();
  };
  const onRowKey = (row: EventRow, event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const command = treeCommand(event.key, row, rows);
    if (!command) return;
    event.preventDefault();
    if (command.kind === "focus") focusRow(command.row);
    else if (command.kind === "toggle") toggle(row);
    else if (command.kind === "expand") setExpanded(row, command.expanded);
  };

  return (
    <div className="flex flex-col gap-2.5">
      <div className="overflow-hidden rounded-lg border border-line-strong bg-surface">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b p-1.5">
          <Input
            ref={ref}
            type="search"
            prefix={<Search aria-hidden="true" />}
            placeholder="Search event types"
            aria-label="Search event types"
            aria-invalid={invalid ? true : undefined}
            aria-controls={`${id}-tree`}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown") {
                event.preventDefault();
                focusRow(rows.find((row) => row.id === current));
              }
              // Enter must not submit the form around from here.
              if (event.key === "Enter") event.preventDefault();
              if (event.key === "Escape") setQuery("");
            }}
            className="min-w-40 flex-1 basis-56"
          />
          <Button
            variant="ghost"
            size="sm"
            disabled={disabled || value.length === 0}
            onClick={() => onChange([])}
            className="ml-auto"
          >
            Clear
          </Button>
        </div>
        <div
          ref={tree}
          id={`${id}-tree`}
          role="tree"
          aria-label="Event types"
          aria-multiselectable="true"
          aria-disabled={disabled}
          className="max-h-96 overflow-y-auto overscroll-contain py-1"
        >
          {rows.map((row) => (
            <EventPickerRow
              key={row.id}
              row={row}
              tabStop={row.id === current}
              disabled={disabled}
              onFocus={() => setFocused(row.id)}
              onKeyDown={(event) => onRowKey(row, event)}
              onToggle={() => toggle(row)}
              onExpand={() => setExpanded(row, !row.expanded)}
            />
          ))}
        </div>
        {rows.length === 0 ? (
          <p className="px-4 pb-4 text-ink-muted text-sm">
            No event type matches “{query}”.{" "}
            <Button variant="link" onClick={() => setQuery("")}>
              Clear the search
            </Button>
          </p>
        ) : null}
        <p
          role="status"
          className="border-line border-t bg-surface-sunken px-3 py-1.5 text-ink-muted text-xs tabular-nums"
        >
          {describeSelection(value, CATALOGUE)}
        </p>
      </div>
      {disabled ? null : (
        <CustomType
          onAdd={(type) => {
            onChange(normalise([...value, type], eventGroups(CATALOGUE, [...value, type])));
            setOpen(new Set([...open, `group:${CUSTOM_GROUP}`]));
          }}
        />
      )}
    </div>
  );
}

/** What is worth opening at first: the groups of which only some types are selected. */
function partlyTicked(selection: readonly string[]): ReadonlySet<string> {
  const groups = eventGroups(CATALOGUE, selection).filter((group) => groupTick(selection, group) === "mixed");
  return new Set(groups.map(({ group }) => `group:${group}`));
}

/** Types of a publisher's own are in no catalogue: they are typed in. */
function CustomType({ onAdd }: { onAdd: (type: string) => void }) {
  const [text, setText] = useState("");
  const [error, setError] = useState<string | undefined>(undefined);
  const add = () => {
    const type = text.trim();
    if (!type.startsWith(`${CUSTOM_GROUP}.`) || !isKnownPattern(type)) {
      setError(`Write it as "${CUSTOM_GROUP}.invoice.paid": small letters, digits, "_" and "-", up to 4 parts.`);
      return;
    }
    onAdd(type);
    setText("");
    setError(undefined);
  };
  return (
    <Field label="Add a type of your own" optional error={error}>
      <div className="flex gap-2">
        <Input
          mono
          value={text}
          placeholder="custom.invoice.paid"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
          className="max-w-80"
        />
        <Button onClick={add} disabled={text.trim() === ""}>
          <Plus aria-hidden="true" />
          Add
        </Button>
      </div>
    </Field>
  );
}
