"use client";
import { X } from "lucide-react";
import { TimeRangePicker } from "@/components/deliveries/time-range-picker";
import { Button } from "@/components/ui/button";
import { FilterPicker, type PickerOption } from "@/components/ui/filter-picker";
import { truncateMiddle } from "@/components/ui/format";
import { PausedSearch } from "@/components/ui/paused-search";
import { LEDGER_KINDS } from "@/lib/contracts/credits";
import { KIND_ICONS } from "./kind-mark";
import { type LedgerFilterValues, NO_LEDGER_FILTER } from "./use-ledger-filter";
import { KIND_WORDS } from "./words";

const KINDS: readonly PickerOption[] = LEDGER_KINDS.map((kind) => {
  const Icon = KIND_ICONS[kind];
  return {
    value: kind,
    label: KIND_WORDS[kind].word,
    hint: KIND_WORDS[kind].sentence,
    icon: <Icon aria-hidden="true" />,
  };
});

export type LedgerFiltersProps = {
  values: LedgerFilterValues;
  isFiltered: boolean;
  onChange: (changes: Partial<LedgerFilterValues>) => void;
};

/** What narrows the ledger, in a row over it. */
export function LedgerFilters({ values, isFiltered, onChange }: LedgerFiltersProps) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <FilterPicker
        label="Kind"
        multiple
        options={KINDS}
        selected={values.kind}
        onChange={(chosen) => onChange({ kind: LEDGER_KINDS.filter((kind) => chosen.includes(kind)) })}
      />
      <TimeRangePicker
        value={{ range: values.range, from: values.from, to: values.to }}
        onChange={({ range, from, to }) => onChange({ range, from, to })}
      />
      <PausedSearch
        label="Reservation id"
        value={values.reservation_id}
        onChange={(reservation_id) => onChange({ reservation_id })}
        maxLength={100}
      />
      {values.grant_id === "" ? null : (
        <Button size="sm" onClick={() => onChange({ grant_id: "" })} aria-label="All grants: remove this filter">
          Grant <span className="font-mono text-xs">{truncateMiddle(values.grant_id, 8, 4)}</span>
          <X aria-hidden="true" />
        </Button>
      )}
      {isFiltered ? (
        <Button variant="ghost" size="sm" onClick={() => onChange(NO_LEDGER_FILTER)}>
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}
