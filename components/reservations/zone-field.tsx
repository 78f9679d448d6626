"use client";
import { Globe } from "lucide-react";
import { useMemo } from "react";
import { FilterPicker } from "@/components/ui/filter-picker";
import { zoneWords } from "./time-words";
import { zoneOptions } from "./zone-options";

export type ZoneFieldProps = {
  zone: string;
  onZone: (zone: string) => void;
  /** A moment at which to say the offset, Unix ms. */
  at: number;
};

/** By which clock times are entered, and the means to change it. */
export function ZoneField({ zone, onZone, at }: ZoneFieldProps) {
  const options = useMemo(() => zoneOptions(zone), [zone]);
  return (
    <div className="flex flex-wrap items-center gap-2 text-ink-muted text-xs">
      <span>
        Times are in <span className="font-medium text-ink">{zoneWords(zone, at)}</span>
      </span>
      <FilterPicker
        label="Time zone"
        icon={<Globe aria-hidden="true" />}
        options={options}
        selected={[zone]}
        onChange={([next]) => next !== undefined && onZone(next)}
      />
    </div>
  );
}
