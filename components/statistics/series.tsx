"use client";
import { Bar, Line } from "recharts";
import type { Point } from "./points";

/** How a line is drawn: series of one chart differ by their dashes as well as by their colour. */
export type LineLook = { stroke: string; width: number; dash?: string };

export const LINE_LOOKS = {
  success: { stroke: "var(--positive)", width: 2 },
  p50: { stroke: "var(--accent)", width: 2 },
  p95: { stroke: "var(--accent)", width: 1.5, dash: "5 3" },
  p99: { stroke: "var(--ink-muted)", width: 1.5, dash: "1.5 2.5" },
} as const satisfies Record<string, LineLook>;

type Measured = Exclude<keyof Point, "start">;

/** A line of one series; a point without neighbours, which no line would show, is a dot. Recharts wants it called as a function. */
export function lineOf(dataKey: Measured, points: readonly Point[], look: LineLook) {
  const isAlone = (index: number) =>
    (points[index - 1]?.[dataKey] ?? null) === null && (points[index + 1]?.[dataKey] ?? null) === null;
  return (
    <Line
      key={dataKey}
      dataKey={dataKey}
      type="linear"
      stroke={look.stroke}
      strokeWidth={look.width}
      {...("dash" in look && { strokeDasharray: look.dash })}
      dot={({ cx, cy, index, value }) => (
        <circle
          key={index}
          cx={cx}
          cy={cy}
          r={value !== null && value !== undefined && isAlone(index) ? 2 : 0}
          fill={look.stroke}
        />
      )}
      activeDot={false}
      isAnimationActive={false}
    />
  );
}

/** Stacked bars: failures on top, hatched as well as red. */
export function stackedBars(hatchId: string) {
  return [
    <defs key="hatch">
      <Hatch id={hatchId} />
    </defs>,
    <Bar key="ok" dataKey="ok" stackId="attempts" fill="var(--positive-fill)" isAnimationActive={false} />,
    <Bar key="bad" dataKey="bad" stackId="attempts" fill={`url(#${hatchId})`} isAnimationActive={false} />,
  ];
}

export function LineSwatch({ look }: { look: LineLook }) {
  return (
    <svg aria-hidden="true" width="20" height="8">
      <line
        x1="0"
        x2="20"
        y1="4"
        y2="4"
        stroke={look.stroke}
        strokeWidth={look.width}
        {...("dash" in look && { strokeDasharray: look.dash })}
      />
    </svg>
  );
}

export function SolidSwatch() {
  return <span aria-hidden="true" className="size-2.5 rounded-sm bg-positive-fill" />;
}

export function HatchSwatch({ id }: { id: string }) {
  return (
    <svg aria-hidden="true" width="10" height="10">
      <defs>
        <Hatch id={id} />
      </defs>
      <rect width="10" height="10" rx="2" fill={`url(#${id})`} />
    </svg>
  );
}

function Hatch({ id }: { id: string }) {
  return (
    <pattern id={id} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="4" height="4" fill="var(--danger-fill)" />
      <rect width="1.2" height="4" fill="var(--surface)" />
    </pattern>
  );
}
