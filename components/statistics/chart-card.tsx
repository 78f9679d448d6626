"use client";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { PointSlider } from "./point-slider";

export type LegendEntry = { label: string; swatch: ReactNode };

export type ChartCardProps = {
  title: string;
  /** What is measured, with its unit. */
  description: string;
  legend?: readonly LegendEntry[] | undefined;
  /** The point that is pointed at, in words; null when none is. */
  active: { index: number; when: string; says: string } | null;
  /** What the chart says of the whole range. */
  summary: string;
  /** How many points there are. */
  count: number;
  /** Points in words, for the slider: called with an index. */
  valueText: (index: number) => string;
  onActive: (index: number | null) => void;
  /** Room of the plot inside the chart, in px. */
  insets: { left: number; right: number; top: number; bottom: number };
  children: ReactNode;
};

/** A chart with its name, unit, legend and a line that reads out the point under the pointer or the arrow keys. */
export function ChartCard({ title, description, legend, active, summary, children, ...slider }: ChartCardProps) {
  return (
    <Card className="flex flex-col">
      <div className="flex flex-col gap-0.5 px-4 pt-3">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <h3 className="font-medium text-ink text-sm">{title}</h3>
          <p className="text-ink-muted text-xs">{description}</p>
        </div>
        <p className="min-h-4.5 text-xs tabular-nums max-sm:min-h-9" aria-hidden="true">
          {active === null ? (
            <span className="text-ink">{summary}</span>
          ) : (
            <>
              <span className="text-ink-muted">{active.when}: </span>
              <span className="text-ink">{active.says}</span>
            </>
          )}
        </p>
        <p className="sr-only">Over the whole range: {summary}.</p>
      </div>
      <div className="relative mt-2 px-1">
        {/* Its marks are read out point by point by the slider, and as a whole by the table. */}
        <div aria-hidden="true">{children}</div>
        <PointSlider label={`${title} over time`} active={active?.index ?? null} {...slider} />
      </div>
      <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 px-4 pb-2.5 text-ink-muted text-xs">
        {legend?.map(({ label, swatch }) => (
          <span key={label} className="inline-flex items-center gap-1.5">
            {swatch}
            {label}
          </span>
        ))}
      </div>
    </Card>
  );
}
