"use client";
import { useState } from "react";
import { formatCredits } from "@/components/reservations/money-words";
import { Button } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { CreditSummary, ForecastPoint } from "@/lib/contracts/credits";
import { ForecastChart } from "./forecast-chart";

/** The next 90 days as a chart, or as the numbers behind it. */
export function ForecastSection({ summary }: { summary: CreditSummary }) {
  const [asTable, setAsTable] = useState(false);
  const { points } = summary.forecast;
  return (
    <Section
      title="The next 90 days"
      description="If nothing more is booked or granted: what stays available as grants run out, and what stays held while bookings are used."
      actions={
        <Button size="sm" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? "Show as chart" : "Show as table"}
        </Button>
      }
    >
      {asTable ? <ForecastTable points={points} /> : <ForecastChart points={points} />}
    </Section>
  );
}

/** Only the days on which something changes. */
function ForecastTable({ points }: { points: readonly ForecastPoint[] }) {
  const shown = points.filter((point, index) => {
    const before = points[index - 1];
    return (
      before === undefined ||
      before.available_micros !== point.available_micros ||
      before.held_micros !== point.held_micros
    );
  });
  return (
    <Card>
      <ScrollRegion label="Forecast as a table" maxHeight="24rem">
        <Table label="Forecast, by day" density="compact" wrapperClassName="max-lg:overflow-x-visible">
          <THead>
            <TR>
              <TH>From (UTC)</TH>
              <TH align="end">Available</TH>
              <TH align="end">Held</TH>
            </TR>
          </THead>
          <TBody>
            {shown.map(({ at, available_micros, held_micros }, index) => (
              <TR key={at}>
                <TD stackAs="title">{index === 0 ? "Now" : at.slice(0, 10)}</TD>
                <TD label="Available" align="end">
                  {formatCredits(available_micros)}
                </TD>
                <TD label="Held" align="end">
                  {formatCredits(held_micros)}
                </TD>
              </TR>
            ))}
          </TBody>
        </Table>
      </ScrollRegion>
    </Card>
  );
}
