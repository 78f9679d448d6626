"use client";
import { Clock } from "lucide-react";
import { memo, useMemo } from "react";
import { cn } from "@/components/ui/cn";
import { offsetText } from "../wall-fields";
import { HEADER, LOWER_TIER, UPPER_TIER } from "./measures";
import { NowLabel } from "./now-line";
import { type ClockDay, clockDays, ticksOf } from "./ticks";
import { type Scale, widthOf, xOf } from "./time-scale";

type Props = { scale: Scale; zone: string; from: number; to: number };

/** Two tiers: days over hours, or months over days. Stays in sight; so does the zone in its corner. */
export const GanttHeader = memo(function GanttHeader({ scale, zone, from, to }: Props) {
  const { upper, eras, ticks } = useMemo(() => ticksOf(zone, from, to, scale.pxPerMs), [zone, from, to, scale.pxPerMs]);
  const changes = useMemo(() => clockDays(zone, from, to), [zone, from, to]);
  return (
    <div role="row" aria-rowindex={1} className="sticky top-0 z-20 flex bg-surface" style={{ height: HEADER }}>
      <div
        role="columnheader"
        data-testid="gantt-corner"
        className="sticky left-0 z-10 flex shrink-0 flex-col justify-center border-line-strong border-r border-b bg-surface px-2"
        style={{ width: "var(--column)" }}
      >
        <span className="truncate font-medium text-xs">{zone}</span>
        <span className="truncate text-[11px] text-ink-muted tabular-nums">{offsetWords(zone, from, changes)}</span>
      </div>
      <div
        role="columnheader"
        aria-label={`Time in ${zone}`}
        data-testid="gantt-time"
        data-pan
        className="relative shrink-0 cursor-grab active:cursor-grabbing overflow-clip border-line-strong border-b"
        style={{ width: widthOf(scale) }}
      >
        <div aria-hidden="true">
          {eras.map((era) => {
            const width = (era.to - era.from) * scale.pxPerMs;
            const change = upper === "day" ? changes.find(({ from: start }) => start === era.from) : undefined;
            return (
              <div
                key={era.from}
                data-era={upper === "day" ? era.label : undefined}
                className={cn(
                  "absolute top-0 overflow-clip border-line-strong border-l",
                  change ? "bg-caution-soft text-caution" : era.weekend ? "text-ink-muted" : "text-ink",
                )}
                style={{ left: xOf(scale, era.from), width, height: UPPER_TIER }}
              >
                <span
                  className="sticky inline-flex h-full items-center gap-1 whitespace-nowrap px-1.5 font-medium text-xs"
                  style={{ left: "var(--column)" }}
                >
                  {width >= (change ? 170 : 110) ? era.label : width >= 40 ? era.shortLabel : ""}
                  {change ? (
                    <ClockMark words={width >= 260 ? `${change.words}: ${change.hours} h` : `${change.hours} h`} />
                  ) : null}
                </span>
              </div>
            );
          })}
          {ticks.map((tick) => {
            const change = upper === "month" ? changes.find(({ from: start }) => start === tick.at) : undefined;
            return (
              <span
                key={tick.at}
                className={cn(
                  "absolute flex items-center gap-0.5 whitespace-nowrap border-l pl-1 text-[11px] tabular-nums",
                  tick.strong ? "border-line-strong text-ink" : "border-line text-ink-muted",
                  (change ?? tick.repeated) ? "text-caution" : null,
                )}
                style={{ left: xOf(scale, tick.at), top: UPPER_TIER, height: LOWER_TIER }}
              >
                {tick.label}
                {change ? <ClockMark words="" /> : null}
              </span>
            );
          })}
        </div>
        <NowLabel scale={scale} zone={zone} />
        <span className="sr-only">{changes.map((day) => `${day.words}, a day of ${day.hours} hours.`).join(" ")}</span>
      </div>
    </div>
  );
});

/** The offset of the zone, or both where it changes in what is loaded. */
function offsetWords(zone: string, from: number, changes: readonly ClockDay[]): string {
  const [change] = changes;
  const offset = `UTC ${offsetText(zone, from)}`;
  return change ? `${offset}, then ${offsetText(zone, change.at)}` : offset;
}

function ClockMark({ words }: { words: string }) {
  return (
    <span className="inline-flex items-center gap-0.5 font-normal">
      <Clock className="size-3" />
      {words}
    </span>
  );
}

/** The lines of the ticks through all rows, and where the clock changes. */
export const GridLines = memo(function GridLines({ scale, zone, from, to }: Props) {
  const { ticks } = useMemo(() => ticksOf(zone, from, to, scale.pxPerMs), [zone, from, to, scale.pxPerMs]);
  const changes = useMemo(() => clockDays(zone, from, to), [zone, from, to]);
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-y-0" style={{ left: "var(--column)" }}>
      {ticks.map(({ at, strong }) => (
        <span
          key={at}
          className={cn("absolute inset-y-0 w-px", strong ? "bg-line-strong" : "bg-line")}
          style={{ left: xOf(scale, at) }}
        />
      ))}
      {changes.map(({ at, words }) => (
        <span
          key={`change ${at}`}
          title={words}
          className="absolute inset-y-0 border-caution border-l-2 border-dotted"
          style={{ left: xOf(scale, at) }}
        />
      ))}
    </div>
  );
});
