"use client";
import { formatAtOffset, formatUtc } from "@/components/ui/format";
import { localOffset } from "@/components/ui/time-zone";
import { useHydrated } from "@/components/ui/use-hydrated";

/** A moment in UTC, which decides, and by the reader's clock below it. */
export function TwoZones({ value }: { value: string }) {
  const hydrated = useHydrated();
  const ms = Date.parse(value);
  const offset = hydrated ? localOffset(ms) : 0;
  return (
    <time dateTime={value} className="inline-flex flex-col py-1 tabular-nums">
      <span>{formatUtc(ms)}</span>
      {offset === 0 ? null : <span className="text-ink-muted text-xs">{formatAtOffset(ms, offset)} your time</span>}
    </time>
  );
}
