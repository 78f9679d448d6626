"use client";
import { useMemo, useState } from "react";
import { CartesianGrid, ComposedChart, Line, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { creditsWords } from "@/components/reservations/money-words";
import { countTicks } from "@/components/statistics/axis";
import { ChartCard } from "@/components/statistics/chart-card";
import { type LineLook, LineSwatch } from "@/components/statistics/series";
import { formatCompact } from "@/components/ui/format";
import { useMediaQuery } from "@/components/ui/use-media-query";
import type { ForecastPoint } from "@/lib/contracts/credits";
import { MICROS_PER_CREDIT } from "@/lib/contracts/money";

const HEIGHT = 200;
const Y_WIDTH = 56;
const X_HEIGHT = 24;
const MARGIN = { top: 8, right: 12, bottom: 0, left: 0 };
const LABEL = { fill: "var(--ink-muted)", fontSize: 11 };
/** Where the plot lies, with the 4 px that ChartCard adds at the sides. */
const INSETS = { left: Y_WIDTH + 4, right: MARGIN.right + 4, top: MARGIN.top, bottom: X_HEIGHT };

/** Told apart by their dashes as well as by their colour. */
const LOOKS = {
  available: { stroke: "var(--accent)", width: 2 },
  held: { stroke: "var(--ink-muted)", width: 2, dash: "5 3" },
} as const satisfies Record<string, LineLook>;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Two lines in steps; nothing in it moves. */
export function ForecastChart({ points }: { points: readonly ForecastPoint[] }) {
  const [active, setActive] = useState<number | null>(null);
  const isPhone = !useMediaQuery("(width >= 40rem)");
  const { data, ticks, domain } = useMemo(() => prepare(points), [points]);
  const shown = active !== null && active < points.length ? active : null;
  const marks = data.filter(({ index }) => index > 0 && index % (isPhone ? 30 : 14) === 0).map(({ index }) => index);
  return (
    <ChartCard
      title="Credits"
      description="at midnight UTC of each day"
      legend={[
        { label: "Available", swatch: <LineSwatch look={LOOKS.available} /> },
        { label: "Held for bookings", swatch: <LineSwatch look={LOOKS.held} /> },
      ]}
      active={shown === null ? null : { index: shown, when: dayOf(points, shown), says: sayAt(points, shown) }}
      summary={`${sayAt(points, 0)} now; ${sayAt(points, points.length - 1)} in 90 days`}
      count={points.length}
      valueText={(index) => `${dayOf(points, index)}: ${sayAt(points, index)}`}
      onActive={setActive}
      insets={INSETS}
    >
      <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 480, height: HEIGHT }}>
        <ComposedChart data={data} margin={MARGIN} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="index"
            scale="band"
            ticks={marks}
            tickFormatter={(index: number) => dayOf(points, index)}
            interval={0}
            height={X_HEIGHT}
            tick={LABEL}
            tickLine={{ stroke: "var(--line-strong)" }}
            axisLine={{ stroke: "var(--line-strong)" }}
          />
          <YAxis
            width={Y_WIDTH}
            domain={domain}
            ticks={ticks}
            tickFormatter={formatCompact}
            interval={0}
            tick={LABEL}
            tickLine={false}
            axisLine={false}
          />
          {lineOf("held")}
          {lineOf("available")}
        </ComposedChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}

/** Recharts wants it called as a function. */
function lineOf(key: keyof typeof LOOKS) {
  const look: LineLook = LOOKS[key];
  return (
    <Line
      key={key}
      dataKey={key}
      type="stepAfter"
      stroke={look.stroke}
      strokeWidth={look.width}
      {...(look.dash === undefined ? {} : { strokeDasharray: look.dash })}
      dot={false}
      activeDot={false}
      isAnimationActive={false}
    />
  );
}

function prepare(points: readonly ForecastPoint[]) {
  const data = points.map(({ available_micros, held_micros }, index) => ({
    index,
    available: available_micros / MICROS_PER_CREDIT,
    held: held_micros / MICROS_PER_CREDIT,
  }));
  const ticks = countTicks(Math.max(1, ...data.map(({ available, held }) => Math.max(available, held))));
  const domain: [number, number] = [0, ticks.at(-1) ?? 1];
  return { data, ticks, domain };
}

function dayOf(points: readonly ForecastPoint[], index: number): string {
  const point = points[index];
  if (point === undefined) return "";
  if (index === 0) return "Now";
  const at = new Date(point.at);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ""}`;
}

function sayAt(points: readonly ForecastPoint[], index: number): string {
  const point = points[index];
  return point === undefined
    ? ""
    : `${creditsWords(point.available_micros)} available, ${creditsWords(point.held_micros)} held`;
}
