"use client";
import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CheckboxField } from "@/components/ui/checkbox";
import { FilterPicker } from "@/components/ui/filter-picker";
import { Input } from "@/components/ui/input";
import { PausedSearch } from "@/components/ui/paused-search";
import { RESERVATION_STATUSES } from "@/lib/contracts/reservations";
import { useListPoolsQuery } from "@/store/reservations-api";
import { NO_RESERVATION_FILTER, type ReservationFilterValues } from "./use-reservation-filter";
import { STATUS_WORDS } from "./words";

const STATUSES = RESERVATION_STATUSES.map((status) => ({
  value: status,
  label: STATUS_WORDS[status].word,
  hint: STATUS_WORDS[status].sentence,
}));

export type ReservationFiltersProps = {
  values: ReservationFilterValues;
  onChange: (changes: Partial<ReservationFilterValues>) => void;
  isFiltered: boolean;
};

/** What narrows the list of reservations, in a row over it. */
export function ReservationFilters({ values, onChange, isFiltered }: ReservationFiltersProps) {
  const { data: pools } = useListPoolsQuery();
  return (
    <search className="flex flex-wrap items-center gap-2">
      <PausedSearch
        label="Search by title or id"
        placeholder="Title or id"
        value={values.q}
        onChange={(q) => onChange({ q })}
        className="min-w-44"
      />
      <FilterPicker
        label="Status"
        multiple
        searchable={false}
        options={STATUSES}
        selected={values.status}
        onChange={(selected) =>
          onChange({ status: RESERVATION_STATUSES.filter((status) => selected.includes(status)) })
        }
      />
      <FilterPicker
        label="Pool"
        options={(pools?.data ?? []).map(({ id, name, gpu_type, region }) => ({
          value: id,
          label: name,
          hint: `${gpu_type.name} · ${region}`,
        }))}
        selected={values.pool_id === "" ? [] : [values.pool_id]}
        onChange={([pool_id = ""]) => onChange({ pool_id })}
        empty={pools === undefined ? "Loading…" : "There are no pools."}
      />
      <span className="flex items-center gap-1.5 text-ink-muted text-xs">
        <DayField label="From day, UTC" value={values.from} onChange={(from) => onChange({ from })} />
        <span aria-hidden="true">to</span>
        <DayField label="To day, UTC" value={values.to} onChange={(to) => onChange({ to })} />
        <span aria-hidden="true">UTC</span>
      </span>
      <CheckboxField
        label="Mine only"
        checked={values.mine}
        onCheckedChange={(mine) => onChange({ mine: mine === true })}
      />
      {isFiltered ? (
        <Button variant="ghost" size="sm" onClick={() => onChange(NO_RESERVATION_FILTER)}>
          <X aria-hidden="true" />
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}

type DayFieldProps = { label: string; value: string | null; onChange: (value: string | null) => void };

function DayField({ label, value, onChange }: DayFieldProps) {
  return (
    <Input
      type="date"
      aria-label={label}
      min="2000-01-01"
      max="2200-01-01"
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
      className="w-36 pointer-coarse:w-40"
    />
  );
}
