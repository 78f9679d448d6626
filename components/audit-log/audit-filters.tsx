"use client";
import { Ban, Check, X } from "lucide-react";
import { TimeRangePicker } from "@/components/deliveries/time-range-picker";
import { Button } from "@/components/ui/button";
import { FilterPicker, type PickerOption } from "@/components/ui/filter-picker";
import { truncateMiddle } from "@/components/ui/format";
import { PausedSearch } from "@/components/ui/paused-search";
import { AUDIT_OUTCOMES } from "@/lib/contracts/audit-log";
import { type AuditFilterValues, NO_AUDIT_FILTER } from "./use-audit-filter";

const OUTCOMES: readonly PickerOption[] = [
  { value: "done", label: "Done", hint: "It was carried out.", icon: <Check aria-hidden="true" /> },
  {
    value: "refused",
    label: "Refused",
    hint: "Role or API key did not allow it, or the password was wrong.",
    icon: <Ban aria-hidden="true" />,
  },
];

export type AuditFiltersProps = {
  values: AuditFilterValues;
  isFiltered: boolean;
  onChange: (changes: Partial<AuditFilterValues>) => void;
};

/** What narrows the audit log, in a row over it. Actor and action are chosen by pressing them in a row. */
export function AuditFilters({ values, isFiltered, onChange }: AuditFiltersProps) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <FilterPicker
        label="Outcome"
        options={OUTCOMES}
        selected={values.outcome === null ? [] : [values.outcome]}
        onChange={([chosen]) => onChange({ outcome: AUDIT_OUTCOMES.find((outcome) => outcome === chosen) ?? null })}
      />
      <TimeRangePicker
        value={{ range: values.range, from: values.from, to: values.to }}
        onChange={({ range, from, to }) => onChange({ range, from, to })}
      />
      <PausedSearch
        label="Id of what it was done to"
        value={values.target_id}
        onChange={(target_id) => onChange({ target_id })}
      />
      <Chosen name="Who" value={values.actor_id} onRemove={() => onChange({ actor_id: "" })} />
      <Chosen name="What" value={values.action} onRemove={() => onChange({ action: "" })} />
      {isFiltered ? (
        <Button variant="ghost" size="sm" onClick={() => onChange(NO_AUDIT_FILTER)}>
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}

function Chosen({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) {
  if (value === "") return null;
  return (
    <Button size="sm" onClick={onRemove} aria-label={`${name} is ${value}: remove this filter`}>
      {name} <span className="font-mono text-xs">{truncateMiddle(value, 12, 4)}</span>
      <X aria-hidden="true" />
    </Button>
  );
}
