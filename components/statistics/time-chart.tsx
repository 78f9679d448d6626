"use client";
import type { ReactNode } from "react";
import { CartesianGrid, ComposedChart, ResponsiveContainer, XAxis, YAxis } from "recharts";
import type { Tick } from "./axis";
import type { Point } from "./points";

const HEIGHT = 168;
const Y_WIDTH = 56;
const X_HEIGHT = 24;
const MARGIN = { top: 8, right: 12, bottom: 0, left: 0 };
const LABEL = { fill: "var(--ink-muted)", fontSize: 11 };

/** Where the plot lies inside TimeChart, with the 4 px that ChartCard adds at the sides. */
export const PLOT_INSETS = { left: Y_WIDTH + 4, right: MARGIN.right + 4, top: MARGIN.top, bottom: X_HEIGHT };

export type TimeChartProps = {
  points: readonly Point[];
  ticks: readonly Tick[];
  y: {
    domain: readonly [number, number];
    ticks: readonly number[];
    format: (value: number) => string;
    log?: boolean | undefined;
  };
  children: ReactNode;
};

/** The axes that all charts share, so that they stand exactly below each other. Nothing in it moves. */
export function TimeChart({ points, ticks, y, children }: TimeChartProps) {
  const labelAt = new Map(ticks.map(({ index, label }) => [points[index]?.start, label]));
  return (
    <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 480, height: HEIGHT }}>
      <ComposedChart data={[...points]} margin={MARGIN} barCategoryGap="12%" accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="start"
          scale="band"
          ticks={[...labelAt.keys()].filter((start) => start !== undefined)}
          tickFormatter={(start: number) => labelAt.get(start) ?? ""}
          interval={0}
          height={X_HEIGHT}
          tick={LABEL}
          tickLine={{ stroke: "var(--line-strong)" }}
          axisLine={{ stroke: "var(--line-strong)" }}
        />
        <YAxis
          width={Y_WIDTH}
          scale={y.log ? "log" : "linear"}
          domain={[...y.domain]}
          ticks={[...y.ticks]}
          tickFormatter={y.format}
          interval={0}
          tick={LABEL}
          tickLine={false}
          axisLine={false}
        />
        {children}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
