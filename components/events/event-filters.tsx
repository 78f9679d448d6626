"use client";
import { Search } from "lucide-react";
import { FilterPicker, type PickerOption } from "@/components/ui/filter-picker";
import { Input } from "@/components/ui/input";
import { usePausedText } from "@/components/ui/use-paused-text";
import { CUSTOM_GROUP, isEmittableType } from "@/lib/contracts/event-types";
import { EVENT_LIMITS, EVENT_OUTCOMES } from "@/lib/contracts/events";
import { EVENT_TYPE_OPTIONS } from "./type-options";
import type { EventFilterValues } from "./use-event-filter";

const OUTCOMES: readonly PickerOption[] = [
  { value: "sent", label: "Sent", hint: "At least one webhook wanted it" },
  { value: "filtered", label: "Filtered", hint: "No webhook wanted it" },
];

export type EventFiltersProps = { values: EventFilterValues; onChange: (changes: Partial<EventFilterValues>) => void };

/** What narrows the list of events, in a row over it. */
export function EventFilters({ values, onChange }: EventFiltersProps) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <CorrelationField value={values.correlation_id} onChange={(correlation_id) => onChange({ correlation_id })} />
      <FilterPicker
        label="Event type"
        options={EVENT_TYPE_OPTIONS}
        selected={values.type === null ? [] : [values.type]}
        onChange={([type = null]) => onChange({ type })}
        typed={customType}
        mono
      />
      <FilterPicker
        label="Outcome"
        options={OUTCOMES}
        selected={values.outcome ? [values.outcome] : []}
        onChange={([outcome]) => onChange({ outcome: EVENT_OUTCOMES.find((known) => known === outcome) ?? null })}
        searchable={false}
      />
    </search>
  );
}

type CorrelationFieldProps = { value: string; onChange: (text: string) => void };

function CorrelationField({ value, onChange }: CorrelationFieldProps) {
  const { text, setText } = usePausedText(value, onChange);
  return (
    <Input
      type="search"
      aria-label="Correlation id"
      placeholder="Correlation id"
      autoComplete="off"
      spellCheck={false}
      maxLength={EVENT_LIMITS.correlationIdLength}
      prefix={<Search aria-hidden="true" />}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") onChange(text.trim());
      }}
      className="min-w-48 max-w-80 flex-1"
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
