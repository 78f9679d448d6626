"use client";
import { Search, SlidersHorizontal } from "lucide-react";
import { type RefObject, useEffect, useEffectEvent, useState } from "react";
import { EVENT_TYPE_OPTIONS } from "@/components/events/type-options";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { FilterPicker, type PickerOption } from "@/components/ui/filter-picker";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { Sheet } from "@/components/ui/sheet";
import { StatusIcon } from "@/components/ui/status-badge";
import { hostOf } from "@/components/webhooks/words";
import { DELIVERY_STATUSES } from "@/lib/contracts/deliveries";
import { CUSTOM_GROUP, isEmittableType } from "@/lib/contracts/event-types";
import { countClauses, type LogFilter } from "./log-filter";
import { statusMeaning, statusTone, statusWord, toStatus } from "./status-words";
import { TimeRangePicker } from "./time-range-picker";
import type { WebhookNames } from "./use-webhook-names";

export type LogFiltersProps = {
  filter: LogFilter;
  onChange: (changes: Partial<LogFilter>) => void;
  webhooks: WebhookNames;
};

const STATUS_OPTIONS: readonly PickerOption[] = DELIVERY_STATUSES.map((status) => ({
  value: status,
  label: statusWord(status),
  hint: statusMeaning(status),
  icon: <StatusIcon tone={statusTone(status)} className="mt-0.5" />,
}));
const PAUSE_MS = 300;

/** The filters in a row over the table. */
export function LogFilters({
  searchField,
  ...props
}: LogFiltersProps & { searchField: RefObject<HTMLInputElement | null> }) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField
        value={props.filter.q}
        onChange={(q) => props.onChange({ q })}
        field={searchField}
        className="min-w-52 max-w-80 flex-1"
      />
      <Pickers {...props} />
    </search>
  );
}

/** The filters behind a button, for phones; the search stays in sight. */
export function LogFiltersSheet({
  searchField,
  ...props
}: LogFiltersProps & { searchField: RefObject<HTMLInputElement | null> }) {
  const [open, setOpen] = useState(false);
  const active = countClauses({ ...props.filter, q: "" });
  return (
    <search className="flex items-center gap-2">
      <SearchField
        value={props.filter.q}
        onChange={(q) => props.onChange({ q })}
        field={searchField}
        className="min-w-0 flex-1"
      />
      <Sheet
        open={open}
        onOpenChange={setOpen}
        title="Filters"
        description="Narrow the log down"
        trigger={
          <Button>
            <SlidersHorizontal aria-hidden="true" />
            Filters
            {active === 0 ? null : <span className="tabular-nums">({active})</span>}
          </Button>
        }
      >
        <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-5">
          <Pickers {...props} className="w-full max-w-none" />
        </div>
        <div className="border-line border-t px-5 py-3">
          <Button variant="primary" className="w-full" onClick={() => setOpen(false)}>
            Show deliveries
          </Button>
        </div>
      </Sheet>
    </search>
  );
}

function Pickers({ filter, onChange, webhooks, className }: LogFiltersProps & { className?: string }) {
  return (
    <>
      <FilterPicker
        label="Status"
        options={STATUS_OPTIONS}
        selected={filter.status}
        onChange={(chosen) => onChange({ status: chosen.map(toStatus).filter((status) => status !== null) })}
        multiple
        searchable={false}
        className={className}
      />
      <FilterPicker
        label="Webhook"
        options={webhooks.webhooks.map(({ id, description, url }) => ({
          value: id,
          label: description || hostOf(url),
          hint: url,
        }))}
        selected={filter.webhook_id === null ? [] : [filter.webhook_id]}
        onChange={([webhook_id = null]) => onChange({ webhook_id })}
        empty={webhooks.loaded ? "There are no webhooks yet." : "Loading…"}
        className={className}
      />
      <FilterPicker
        label="Event type"
        options={EVENT_TYPE_OPTIONS}
        selected={filter.event_type === null ? [] : [filter.event_type]}
        onChange={([event_type = null]) => onChange({ event_type })}
        typed={customType}
        mono
        className={className}
      />
      <TimeRangePicker value={filter} onChange={onChange} className={cn(className)} />
    </>
  );
}

type SearchFieldProps = {
  value: string;
  onChange: (text: string) => void;
  field: RefObject<HTMLInputElement | null>;
  className: string;
};

/** Takes over what is typed when the typing pauses, so that not every letter asks the server. */
function SearchField({ value, onChange, field, className }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // The filter changed elsewhere: a chip was removed, or the browser went back.
  if (value !== known) {
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }
  const commit = useEffectEvent(() => onChange(text.trim()));
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => commit(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <Input
      ref={field}
      type="search"
      aria-label="Search by delivery, event, webhook or correlation id"
      aria-keyshortcuts="/"
      placeholder="Search ids"
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      prefix={<Search aria-hidden="true" />}
      suffix={text === "" ? <Kbd className="mr-1.5 max-md:hidden">/</Kbd> : undefined}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") onChange(text.trim());
        if (event.key !== "Escape") return;
        // Out of the field first; the next Escape closes what is open.
        event.stopPropagation();
        event.currentTarget.blur();
      }}
      className={className}
    />
  );
}

/** Publishers may have types of their own, which no catalogue lists. */
function customType(text: string): PickerOption | null {
  const type = text.toLowerCase();
  return type.startsWith(`${CUSTOM_GROUP}.`) && isEmittableType(type)
    ? { value: type, label: type, hint: "A type of your own", group: CUSTOM_GROUP }
    : null;
}
