"use client";
import { Check, ChevronDown, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { Input } from "./input";
import { Popover, PopoverContent, PopoverTrigger } from "./popover";

export type PickerOption = {
  value: string;
  label: string;
  /** A second, quiet line. */
  hint?: string | undefined;
  icon?: ReactNode | undefined;
  /** Options with the same group stand under its name; give them in order. */
  group?: string | undefined;
};

export type FilterPickerProps = {
  /** What is chosen: "Status". Names the button and the list. */
  label: string;
  options: readonly PickerOption[];
  selected: readonly string[];
  onChange: (selected: string[]) => void;
  /** Several may be chosen, and the list stays open; else choosing closes it and choosing again clears it. */
  multiple?: boolean | undefined;
  searchable?: boolean | undefined;
  /** An option that is not in the list but may be typed; null when the text is not one. */
  typed?: ((text: string) => PickerOption | null) | undefined;
  /** Instead of the options while there are none. */
  empty?: ReactNode | undefined;
  mono?: boolean | undefined;
  /** Controlled, for a key that opens it. */
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  /** `aria-keyshortcuts` of the button. */
  shortcut?: string | undefined;
  /** Before the label. */
  icon?: ReactNode | undefined;
  className?: string | undefined;
};

/** Options drawn at once; searching narrows the rest. */
const SHOWN = 100;

/** A filter as a button that opens a list of choices, with search where there are many. */
export function FilterPicker({
  label,
  selected,
  options,
  className,
  open: given,
  onOpenChange,
  shortcut,
  icon,
  ...list
}: FilterPickerProps) {
  const [own, setOwn] = useState(false);
  const open = given ?? own;
  const setOpen = onOpenChange ?? setOwn;
  const only = selected.length === 1 ? (options.find(({ value }) => value === selected[0])?.label ?? selected[0]) : "";
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button className={cn("max-w-64 font-normal", className)} aria-keyshortcuts={shortcut}>
          {icon}
          <span className={cn("shrink-0", selected.length > 0 && "text-ink-muted")}>{label}</span>
          {selected.length === 0 ? null : (
            <span className={cn("min-w-0 truncate font-medium", list.mono && "font-mono text-xs")}>
              {selected.length === 1 ? only : `${selected.length} chosen`}
            </span>
          )}
          <ChevronDown aria-hidden="true" className="ml-auto text-ink-faint" />
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label={label} className="flex w-80 flex-col overflow-hidden p-0">
        <PickerList {...list} label={label} options={options} selected={selected} close={() => setOpen(false)} />
      </PopoverContent>
    </Popover>
  );
}

type ListProps = Omit<FilterPickerProps, "className" | "open" | "onOpenChange" | "shortcut" | "icon"> & {
  close: () => void;
};

/** Mounted anew each time it opens, so that search and highlight start afresh. */
function PickerList({ label, options, selected, onChange, close, searchable = true, ...rest }: ListProps) {
  const { multiple = false, typed, empty, mono = false } = rest;
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const found = search(options, text);
  const own = text.trim() === "" ? null : (typed?.(text.trim()) ?? null);
  const shown = own === null || found.some(({ value }) => value === own.value) ? found : [own, ...found];
  const drawn = shown.slice(0, SHOWN);
  const [at, setAt] = useState(() => Math.max(0, indexOfSelected(options, selected)));
  const current = Math.min(at, drawn.length - 1);
  const optionId = (index: number) => `${listId}-${index}`;

  useEffect(() => {
    list.current?.querySelector("[data-highlighted]")?.scrollIntoView({ block: "nearest" });
  }, []);

  const move = (index: number) => {
    setAt(index);
    document.getElementById(`${listId}-${index}`)?.scrollIntoView({ block: "nearest" });
  };
  const choose = (value: string) => {
    const chosen = selected.includes(value);
    if (multiple) onChange(chosen ? selected.filter((other) => other !== value) : [...selected, value]);
    else {
      onChange(chosen ? [] : [value]);
      close();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = drawn.length - 1;
    if (event.key === "ArrowDown") move(current >= last ? 0 : current + 1);
    else if (event.key === "ArrowUp") move(current <= 0 ? last : current - 1);
    else if (event.key === "Home" && !searchable) move(0);
    else if (event.key === "End" && !searchable) move(last);
    else if (event.key === "Enter" || (event.key === " " && !searchable)) {
      const option = drawn[current];
      if (option !== undefined) choose(option.value);
    } else return;
    event.preventDefault();
  };
  const active = drawn.length === 0 ? undefined : optionId(current);
  return (
    <>
      {searchable ? (
        <div className="border-line border-b p-2">
          <Input
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={active}
            aria-autocomplete="list"
            aria-label={`Search ${label.toLowerCase()}`}
            placeholder="Search"
            autoComplete="off"
            spellCheck={false}
            prefix={<Search aria-hidden="true" />}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
      ) : null}
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label={label}
        aria-multiselectable={multiple ? true : undefined}
        {...(searchable ? { tabIndex: -1 } : { tabIndex: 0, onKeyDown, "aria-activedescendant": active })}
        className="max-h-80 min-h-0 overflow-y-auto p-1 outline-none"
      >
        {groupsOf(drawn).map(({ name, first, entries }) => {
          const items = entries.map((option, place) => (
            <Item
              key={option.value}
              id={optionId(first + place)}
              option={option}
              chosen={selected.includes(option.value)}
              highlighted={first + place === current}
              mono={mono}
              onPoint={() => setAt(first + place)}
              onChoose={() => choose(option.value)}
            />
          ));
          if (name === "") return items;
          return (
            // biome-ignore lint/a11y/useSemanticElements: a group of options of a listbox, not of form fields
            <div key={name} role="group" aria-label={name}>
              <div aria-hidden="true" className="px-2 pt-2 pb-1 font-medium text-ink-muted text-xs">
                {name}
              </div>
              {items}
            </div>
          );
        })}
      </div>
      <p role="status" className="px-3 pb-2 text-ink-muted text-xs empty:hidden">
        {noteOf({ drawn: drawn.length, found: shown.length, isEmpty: options.length === 0, empty })}
      </p>
      {multiple && selected.length > 0 ? (
        <div className="border-line border-t p-1.5">
          <Button variant="ghost" size="sm" onClick={() => onChange([])}>
            Clear
          </Button>
        </div>
      ) : null}
    </>
  );
}

type ItemProps = {
  id: string;
  option: PickerOption;
  chosen: boolean;
  highlighted: boolean;
  mono: boolean;
  onPoint: () => void;
  onChoose: () => void;
};

function Item({ id, option, chosen, highlighted, mono, onPoint, onChoose }: ItemProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field, which names the active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the field or the list
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      data-highlighted={highlighted ? "" : undefined}
      onPointerMove={onPoint}
      onClick={onChoose}
      className="flex cursor-default select-none items-start gap-2 rounded-md px-2 py-1.5 text-sm data-highlighted:bg-hover pointer-coarse:py-3 [&_svg]:size-4 [&_svg]:shrink-0"
    >
      <span className="mt-0.5 flex w-4">{chosen ? <Check aria-hidden="true" className="text-accent" /> : null}</span>
      {option.icon === undefined ? null : <span className="mt-0.5 flex text-ink-muted">{option.icon}</span>}
      <span className="min-w-0 flex-1">
        <span className={cn("block [overflow-wrap:anywhere]", mono && "font-mono text-xs/5")}>{option.label}</span>
        {option.hint === undefined ? null : (
          <span className="block truncate text-ink-muted text-xs" title={option.hint}>
            {option.hint}
          </span>
        )}
      </span>
    </div>
  );
}

/** Options that contain every word of the text, in any order and case. */
function search(options: readonly PickerOption[], text: string): readonly PickerOption[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return options;
  return options.filter(({ label, hint = "", group = "" }) => {
    const whole = `${group} ${label} ${hint}`.toLowerCase();
    return words.every((word) => whole.includes(word));
  });
}

function indexOfSelected(options: readonly PickerOption[], selected: readonly string[]): number {
  return options.slice(0, SHOWN).findIndex(({ value }) => value === selected[0]);
}

type Group = { name: string; first: number; entries: PickerOption[] };

/** Neighbours of one group together, each with its place in the whole list. */
function groupsOf(options: readonly PickerOption[]): Group[] {
  const groups: Group[] = [];
  options.forEach((option, index) => {
    const name = option.group ?? "";
    const last = groups.at(-1);
    if (last?.name === name) last.entries.push(option);
    else groups.push({ name, first: index, entries: [option] });
  });
  return groups;
}

type NoteInput = { drawn: number; found: number; isEmpty: boolean; empty: ReactNode };

function noteOf({ drawn, found, isEmpty, empty }: NoteInput): ReactNode {
  if (isEmpty && found === 0) return empty ?? "Nothing to choose from.";
  if (found === 0) return "Nothing matches.";
  return found > drawn ? `${found - drawn} more; type to narrow them down.` : null;
}
