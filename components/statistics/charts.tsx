"use client";
import { memo, type ReactNode, useId, useMemo, useState } from "react";
import { formatNumber, formatPercent } from "@/components/ui/format";
import { useMediaQuery } from "@/components/ui/use-media-query";
import { useNow } from "@/components/ui/use-now";
import type { Statistics } from "@/lib/contracts/statistics";
import { axisDuration, bucketLength, countTicks, durationScale, shareFloor, type Tick, timeTicks } from "./axis";
import { ChartCard, type LegendEntry } from "./chart-card";
import { type Point, pointWords, READOUTS, toPoints } from "./points";
import { HatchSwatch, LINE_LOOKS, LineSwatch, lineOf, SolidSwatch, stackedBars } from "./series";
import { PLOT_INSETS, TimeChart, type TimeChartProps } from "./time-chart";

const localOffset = (ms: number) => -new Date(ms).getTimezoneOffset();

/** Four charts of one range below each other; pointing at a time in one shows it in all. */
export function Charts({ statistics }: { statistics: Statistics }) {
  const [active, setActive] = useState<number | null>(null);
  const isPhone = !useMediaQuery("(width >= 40rem)");
  const now = useNow() ?? 0;
  const hatch = useId();
  const bucketMs = statistics.bucket_s * 1000;
  const { points, axes } = useMemo(() => prepare(statistics), [statistics]);
  const ticks = useMemo(
    () =>
      timeTicks(
        points.map(({ start }) => start),
        isPhone ? 4 : 8,
        localOffset,
      ),
    [points, isPhone],
  );
  const shown = active !== null && active < points.length ? active : null;
  const when = (index: number) => {
    const point = points[index];
    return point === undefined ? "" : pointWords(point, bucketMs, now, localOffset);
  };
  const common = { points, ticks };

  const card = (kind: keyof typeof READOUTS, props: CardText, plot: ReactNode) => {
    const says = (index: number) => {
      const bucket = statistics.buckets[index];
      return bucket === undefined ? "" : READOUTS[kind](bucket);
    };
    return (
      <ChartCard
        key={kind}
        {...props}
        active={shown === null ? null : { index: shown, when: when(shown), says: says(shown) }}
        summary={READOUTS[kind](statistics.totals)}
        count={points.length}
        valueText={(index) => `${when(index)}: ${says(index)}`}
        onActive={setActive}
        insets={PLOT_INSETS}
      >
        {plot}
      </ChartCard>
    );
  };

  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {card(
        "success",
        {
          title: "Success rate",
          description: `% of attempts${axes.success.domain[0] > 0 ? `; the axis begins at ${axes.success.domain[0] * 100}%` : ""}`,
        },
        <Plot {...common} kind="success" y={axes.success} />,
      )}
      {card(
        "volume",
        {
          title: "Attempts",
          description: `per ${bucketLength(bucketMs)}`,
          legend: [
            { label: "Succeeded", swatch: <SolidSwatch /> },
            { label: "Failed", swatch: <HatchSwatch id={`${hatch}-swatch`} /> },
          ],
        },
        <Plot {...common} kind="volume" y={axes.volume} />,
      )}
      {card(
        "latency",
        {
          title: "Latency",
          description: `of an attempt${axes.latency.log ? "; logarithmic axis" : ""}`,
          legend: PERCENTILES,
        },
        <Plot {...common} kind="latency" y={axes.latency} />,
      )}
      {card(
        "wait",
        {
          title: "Queue age",
          description: `how long attempts lay due${axes.wait.log ? "; logarithmic axis" : ""}`,
          legend: PERCENTILES.slice(0, 2),
        },
        <Plot {...common} kind="wait" y={axes.wait} />,
      )}
    </div>
  );
}

type CardText = { title: string; description: string; legend?: readonly LegendEntry[] };

const PERCENTILES: readonly LegendEntry[] = [
  { label: "p50: half are faster", swatch: <LineSwatch look={LINE_LOOKS.p50} /> },
  { label: "p95", swatch: <LineSwatch look={LINE_LOOKS.p95} /> },
  { label: "p99", swatch: <LineSwatch look={LINE_LOOKS.p99} /> },
];

type PlotProps = {
  points: readonly Point[];
  ticks: readonly Tick[];
  kind: keyof typeof READOUTS;
  y: TimeChartProps["y"];
};

/** Drawn again only when the numbers change, not for every move of the pointer. */
const Plot = memo(function Plot({ points, ticks, kind, y }: PlotProps) {
  const hatch = useId();
  return (
    <TimeChart points={y.log ? points.map(onLogAxis) : points} ticks={ticks} y={y}>
      {seriesOf(kind, points, hatch)}
    </TimeChart>
  );
});

/** The points of the charts and the axis of each. */
function prepare(statistics: Statistics) {
  const points = toPoints(statistics);
  const counts = countTicks(Math.max(0, ...points.map(({ ok, bad }) => ok + bad)));
  const axes = {
    success: shareAxis(shareFloor(present(points, ["success"]))),
    volume: { domain: [0, counts.at(-1) ?? 1], ticks: counts, format: formatNumber },
    latency: { ...durationScale(present(points, ["p50", "p95", "p99"])), format: axisDuration },
    wait: { ...durationScale(present(points, ["wait50", "wait95"])), format: axisDuration },
  } satisfies Record<keyof typeof READOUTS, TimeChartProps["y"]>;
  return { points, axes };
}

function seriesOf(kind: PlotProps["kind"], points: readonly Point[], hatch: string) {
  switch (kind) {
    case "success":
      return lineOf("success", points, LINE_LOOKS.success);
    case "volume":
      return stackedBars(hatch);
    case "latency":
      return [
        lineOf("p99", points, LINE_LOOKS.p99),
        lineOf("p95", points, LINE_LOOKS.p95),
        lineOf("p50", points, LINE_LOOKS.p50),
      ];
    case "wait":
      return [lineOf("wait95", points, LINE_LOOKS.p95), lineOf("wait50", points, LINE_LOOKS.p50)];
  }
}

/** A logarithmic axis begins at 1 ms. */
function onLogAxis(point: Point): Point {
  const raised = (ms: number | null) => (ms === null ? null : Math.max(1, ms));
  return {
    ...point,
    p50: raised(point.p50),
    p95: raised(point.p95),
    p99: raised(point.p99),
    wait50: raised(point.wait50),
    wait95: raised(point.wait95),
  };
}

function shareAxis(floor: number): TimeChartProps["y"] {
  const step = (1 - floor) / 5;
  const ticks = Array.from({ length: 6 }, (_, index) => Math.round((floor + index * step) * 1000) / 1000);
  return { domain: [floor, 1], ticks, format: formatPercent };
}

function present(points: readonly Point[], keys: readonly (keyof Point)[]): number[] {
  return points.flatMap((point) => keys.flatMap((key) => point[key] ?? []));
}
