"use client";
import { useState } from "react";
import { Bar, CartesianGrid, ComposedChart, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { creditsWords } from "@/components/reservations/money-words";
import { countTicks } from "@/components/statistics/axis";
import { ChartCard } from "@/components/statistics/chart-card";
import { formatCompact } from "@/components/ui/format";
import type { Costs } from "@/lib/contracts/costs";
import { MICROS_PER_CREDIT } from "@/lib/contracts/money";

const HEIGHT = 180;
const Y_WIDTH = 56;
const X_HEIGHT = 24;
const MARGIN = { top: 8, right: 12, bottom: 0, left: 0 };
const LABEL = { fill: "var(--ink-muted)", fontSize: 11 };
/** Where the plot lies, with the 4 px that ChartCard adds at the sides. */
const INSETS = { left: Y_WIDTH + 4, right: MARGIN.right + 4, top: MARGIN.top, bottom: X_HEIGHT };

/** A bar for each day. */
export function CostChart({ days }: { days: Costs["days"] }) {
  const [active, setActive] = useState<number | null>(null);
  const data = days.map(({ day, cost_micros }) => ({ day, credits: cost_micros / MICROS_PER_CREDIT }));
  const ticks = countTicks(Math.max(1, ...data.map(({ credits }) => credits)));
  const say = (index: number) => creditsWords(days[index]?.cost_micros ?? 0);
  const shown = active !== null && active < days.length ? active : null;
  return (
    <ChartCard
      title="Cost per day"
      description="in credits, by when the ledger booked it, UTC"
      legend={[]}
      active={shown === null ? null : { index: shown, when: days[shown]?.day ?? "", says: say(shown) }}
      summary={`${days.length} days`}
      count={days.length}
      valueText={(index) => `${days[index]?.day ?? ""}: ${say(index)}`}
      onActive={setActive}
      insets={INSETS}
    >
      <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 480, height: HEIGHT }}>
        <ComposedChart data={data} margin={MARGIN} barCategoryGap="16%" accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="day"
            scale="band"
            tickFormatter={(day: string) => String(Number(day.slice(8)))}
            minTickGap={12}
            height={X_HEIGHT}
            tick={LABEL}
            tickLine={{ stroke: "var(--line-strong)" }}
            axisLine={{ stroke: "var(--line-strong)" }}
          />
          <YAxis
            width={Y_WIDTH}
            domain={[0, ticks.at(-1) ?? 1]}
            ticks={ticks}
            tickFormatter={formatCompact}
            interval={0}
            tick={LABEL}
            tickLine={false}
            axisLine={false}
          />
          <Bar dataKey="credits" fill="var(--accent)" isAnimationActive={false} />
        </ComposedChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}
