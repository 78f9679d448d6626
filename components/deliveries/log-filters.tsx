"use client";
import { ListFilter, SlidersHorizontal } from "lucide-react";
import { type RefObject, useState } from "react";
import { EVENT_TYPE_OPTIONS } from "@/components/events/type-options";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { FilterPicker, type PickerOption } from "@/components/ui/filter-picker";
import { Sheet } from "@/components/ui/sheet";
import { StatusIcon } from "@/components/ui/status-badge";
import { hostOf } from "@/components/webhooks/words";
import { DELIVERY_FILTER_LIMITS, DELIVERY_STATUSES } from "@/lib/contracts/deliveries";
import { CUSTOM_GROUP, isEmittableType } from "@/lib/contracts/event-types";
import { countClauses, type LogFilter } from "./log-filter";
import { chosenOptions, MORE_OPTIONS, partOf } from "./more-filters";
import { SearchField } from "./search-field";
import { statusMeaning, statusTone, statusWord, toStatus } from "./status-words";
import { TimeRangePicker } from "./time-range-picker";
import type { WebhookNames } from "./use-webhook-names";

export type LogFiltersProps = {
  filter: LogFilter;
  onChange: (changes: Partial<LogFilter>) => void;
  webhooks: WebhookNames;
  /** Which control a key has opened; absent where keys open none. */
  opened?: OpenedPicker | undefined;
  onOpened?: ((opened: OpenedPicker) => void) | undefined;
};

export type OpenedPicker = "filters" | "time" | null;

const STATUS_OPTIONS: readonly PickerOption[] = DELIVERY_STATUSES.map((status) => ({
  value: status,
  label: statusWord(status),
  hint: statusMeaning(status),
  icon: <StatusIcon tone={statusTone(status)} className="mt-0.5" />,
}));

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

function Pickers({
  filter,
  onChange,
  webhooks,
  opened,
  onOpened,
  className,
}: LogFiltersProps & { className?: string }) {
  const controlled = (name: "filters" | "time") =>
    onOpened === undefined
      ? {}
      : { open: opened === name, onOpenChange: (open: boolean) => onOpened(open ? name : null) };
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
        selected={filter.webhook_id}
        onChange={(chosen) => onChange({ webhook_id: chosen.slice(-DELIVERY_FILTER_LIMITS.webhooks) })}
        multiple
        empty={webhooks.loaded ? "There are no webhooks yet." : "Loading…"}
        className={className}
      />
      <FilterPicker
        label="Event type"
        options={EVENT_TYPE_OPTIONS}
        selected={filter.event_type}
        onChange={(chosen) => onChange({ event_type: chosen.slice(-DELIVERY_FILTER_LIMITS.event_types) })}
        multiple
        typed={customType}
        mono
        className={className}
      />
      <FilterPicker
        label="More filters"
        icon={<ListFilter aria-hidden="true" className="text-ink-muted" />}
        shortcut="f"
        options={MORE_OPTIONS}
        selected={chosenOptions(filter)}
        onChange={(chosen) => onChange(partOf(chosen))}
        multiple
        className={className}
        {...controlled("filters")}
      />
      <TimeRangePicker value={filter} onChange={onChange} className={cn(className)} {...controlled("time")} />
    </>
  );
}

/** Publishers may have types of their own, which no catalogue lists. */
function customType(text: string): PickerOption | null {
  const type = text.toLowerCase();
  return type.startsWith(`${CUSTOM_GROUP}.`) && isEmittableType(type)
    ? { value: type, label: type, hint: "A type of your own", group: CUSTOM_GROUP }
    : null;
}
