"use client";
import { ChevronLeft, ChevronRight, Globe, Layers, Microchip } from "lucide-react";
import { useMemo } from "react";
import { dayWords } from "@/components/reservations/time-words";
import { zoneOptions } from "@/components/reservations/zone-options";
import { Button } from "@/components/ui/button";
import { FilterPicker } from "@/components/ui/filter-picker";
import { IconButton } from "@/components/ui/icon-button";
import { Segmented } from "@/components/ui/segmented";
import type { GpuType, Pool } from "@/lib/contracts/fleet";
import { offsetAt } from "@/lib/contracts/zones";
import type { CalendarAddress, CalendarView } from "./calendar-address";
import { offsetWords } from "./calendar-words";

type ToolbarProps = {
  address: CalendarAddress;
  view: CalendarView;
  views: readonly CalendarView[];
  /** What is in sight, in words. */
  title: string;
  pools: readonly Pool[];
  types: readonly GpuType[];
  /** Unix ms: a moment in sight, for the zone's offset. */
  at: number;
  onStep: (direction: -1 | 1) => void;
  onToday: () => void;
};

const VIEW_WORDS: Readonly<Record<CalendarView, { label: string; step: string }>> = {
  month: { label: "Month", step: "month" },
  week: { label: "Week", step: "week" },
  agenda: { label: "Agenda", step: "two weeks" },
  gantt: { label: "Gantt", step: "week" },
  list: { label: "List", step: "" },
};

/** Which time, how it is shown, by which clock, and of which pools. */
export function CalendarToolbar({ address, view, views, title, pools, types, at, onStep, onToday }: ToolbarProps) {
  const { set, zone } = address;
  const { step } = VIEW_WORDS[view];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segmented
        label="View"
        value={view}
        options={views.map((value) => ({ value, label: VIEW_WORDS[value].label }))}
        onValueChange={(next) => set({ view: next })}
      />
      {view === "list" ? null : (
        <>
          <div className="flex items-center">
            <IconButton
              label={`Back one ${step}`}
              icon={<ChevronLeft aria-hidden="true" />}
              onClick={() => onStep(-1)}
            />
            <Button onClick={onToday}>Today</Button>
            <IconButton label={`On one ${step}`} icon={<ChevronRight aria-hidden="true" />} onClick={() => onStep(1)} />
          </div>
          <h2 aria-live="polite" className="min-w-0 font-semibold text-base text-ink tabular-nums">
            {title}
          </h2>
        </>
      )}
      <div className="ml-auto flex min-w-0 flex-wrap items-center gap-2">
        {view === "list" ? null : <PlaceFilters address={address} pools={pools} types={types} />}
        <ZonePicker zone={zone} at={at} onZone={(next) => set({ zone: next })} />
      </div>
    </div>
  );
}

function PlaceFilters({ address, pools, types }: Pick<ToolbarProps, "address" | "pools" | "types">) {
  const { poolIds, typeIds, set } = address;
  const poolOptions = pools.map(({ id, name, gpu_type, region }) => ({
    value: id,
    label: name,
    hint: `${gpu_type.name} · ${region}`,
  }));
  const typeOptions = types.map(({ id, name, memory_gb }) => ({ value: id, label: name, hint: `${memory_gb} GB` }));
  return (
    <>
      <FilterPicker
        label="GPU type"
        icon={<Microchip aria-hidden="true" className="text-ink-muted" />}
        multiple
        options={typeOptions}
        selected={typeIds}
        onChange={(type) => set({ type: type.length === 0 ? null : type })}
      />
      <FilterPicker
        label="Pool"
        icon={<Layers aria-hidden="true" className="text-ink-muted" />}
        multiple
        options={poolOptions}
        selected={poolIds}
        onChange={(pool) => set({ pool: pool.length === 0 ? null : pool })}
      />
    </>
  );
}

function ZonePicker({ zone, at, onZone }: { zone: string; at: number; onZone: (zone: string | null) => void }) {
  const options = useMemo(() => zoneOptions(zone), [zone]);
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <FilterPicker
        label="Time zone"
        icon={<Globe aria-hidden="true" className="text-ink-muted" />}
        options={options}
        selected={[zone]}
        // Choosing the chosen one again goes back to the device's own.
        onChange={([next]) => onZone(next ?? null)}
      />
      <span className="text-ink-muted text-xs tabular-nums">{offsetWords(offsetAt(zone, at))}</span>
    </div>
  );
}

/** What a view shows, in words: `November 2026`, `Mon 23 Nov 2026 – Sun 29 Nov 2026`. */
export function titleOf(
  view: CalendarView,
  at: number,
  range: { from: number; to: number } | null,
  zone: string,
): string {
  if (view === "month") {
    return new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: zone }).format(at);
  }
  if (range === null) return dayWords(at, zone);
  return `${dayWords(range.from, zone).replace(/ \d{4}$/, "")} – ${dayWords(range.to - 1, zone)}`;
}
