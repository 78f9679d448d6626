"use client";
import { Button } from "@/components/ui/button";
import { formatNumber } from "@/components/ui/format";
import { Skeleton } from "@/components/ui/skeleton";
import { useOffset } from "@/components/ui/time-zone";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { DeliveryHistogram } from "@/lib/contracts/delivery-log";
import { describeError } from "@/store/api-error";
import type { useHistogram } from "@/store/use-histogram";
import { ChartBars, SeriesMark } from "./chart-bars";
import { countWords, SERIES, seriesWord, spanWords, ticksOf, totalsOf } from "./chart-model";
import { useChartSelection } from "./use-chart-selection";

export type LogChartProps = {
  chart: ReturnType<typeof useHistogram>;
  /** Narrows the log to a stretch; ISO 8601. */
  onRange: (range: { from: string; to: string }) => void;
};

const BAR_HEIGHT = 32;
const TICKS = 8;

/** What became of everything that the filters mean, over time. Dragging over it, or the keyboard, narrows the time. */
export function LogChart({ chart, onRange }: LogChartProps) {
  const hydrated = useHydrated();
  if (chart.histogram !== undefined && hydrated) return <Bars histogram={chart.histogram} onRange={onRange} />;
  if (chart.error === undefined) {
    return (
      <div className="shrink-0 border-line border-b px-4 pt-2 pb-1">
        <Skeleton className="h-8 w-full" />
        <div className="h-4.5" />
      </div>
    );
  }
  const { title, requestId } = describeError(chart.error);
  return (
    <div
      role="alert"
      className="flex min-h-16 shrink-0 flex-wrap items-center justify-between gap-2 border-line border-b px-4 py-2 text-danger text-xs"
    >
      <p>
        The chart could not be read: {title}. {requestId === null ? null : <code>{requestId}</code>}
      </p>
      <Button size="sm" onClick={chart.retry} loading={chart.isFetching}>
        Read the chart again
      </Button>
    </div>
  );
}

function Bars({ histogram, onRange }: { histogram: DeliveryHistogram; onRange: LogChartProps["onRange"] }) {
  const offsetAt = useOffset();
  const { surface, selected, at, handlers } = useChartSelection(histogram, onRange);
  const reading = { now: Date.parse(histogram.to), offsetAt };
  const share = 100 / histogram.buckets.length;
  const [first, last] = selected ?? [at, at];
  const words = `${spanWords(histogram, first, last, reading)}: ${countWords(histogram, first, last)}`;
  const isPointed = selected !== null;
  return (
    <div className="shrink-0 border-line border-b px-4 pt-2">
      <div className="relative">
        <ChartBars buckets={histogram.buckets} height={BAR_HEIGHT} />
        <div
          ref={surface}
          role="slider"
          tabIndex={0}
          aria-label="Deliveries over time. Arrow keys go from bar to bar, with Shift they select several, Enter narrows the log to them"
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={histogram.buckets.length - 1}
          aria-valuenow={at}
          aria-valuetext={words}
          {...handlers}
          className="absolute inset-x-0 -inset-y-1 cursor-crosshair touch-pan-y rounded focus-visible:outline-2 focus-visible:outline-accent"
        >
          {isPointed ? (
            <div className="pointer-events-none relative h-full">
              <div
                className="absolute inset-y-1 rounded-sm bg-accent/15 ring-1 ring-accent/40"
                style={{
                  left: `${Math.min(first, last) * share}%`,
                  width: `${(Math.abs(last - first) + 1) * share}%`,
                }}
              />
            </div>
          ) : null}
        </div>
      </div>
      <div aria-hidden="true" className="relative h-4.5 text-2xs text-ink-muted tabular-nums">
        {isPointed ? (
          <p className="truncate text-ink" data-chart-words="">
            {words}
          </p>
        ) : (
          ticksOf(histogram, TICKS, reading).map(({ index, label }) => (
            <span
              key={index}
              className="absolute top-0 whitespace-nowrap max-md:even:hidden"
              style={{ left: `${index * share}%` }}
            >
              {label}
            </span>
          ))
        )}
      </div>
    </div>
  );
}

/** The sums of the chart, which are also what the marks of its bars mean. */
export function ChartLegend({ histogram }: { histogram: DeliveryHistogram }) {
  const totals = totalsOf(histogram.buckets);
  return (
    <ul aria-label="Deliveries of these filters" className="flex h-4.5 min-w-0 flex-wrap gap-x-3 overflow-hidden">
      {SERIES.filter((series) => totals[series] > 0 || series === "delivered" || series === "failed").map((series) => (
        <li key={series} className="flex items-center gap-1.5 whitespace-nowrap tabular-nums">
          <SeriesMark series={series} />
          {seriesWord(series)} <span className="text-ink">{formatNumber(totals[series])}</span>
        </li>
      ))}
    </ul>
  );
}
