"use client";
import { creditsWords, formatCredits } from "@/components/reservations/money-words";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatUtc } from "@/components/ui/format";
import { Stat, StatList } from "@/components/ui/key-value";
import type { CreditSummary } from "@/lib/contracts/credits";

/** What there is now, and how far it reaches. */
export function BalanceCard({ summary }: { summary: CreditSummary }) {
  const { available_micros, held_micros, never_expires_micros, plan, forecast } = summary;
  return (
    <Card>
      <CardHeader title="Balance" description="In credits." />
      <CardBody>
        <StatList>
          <Stat label="Available" note={`${formatCredits(never_expires_micros)} never run out`}>
            {formatCredits(available_micros)}
          </Stat>
          <Stat label="Held for reservations" note="Stays good until they end">
            {formatCredits(held_micros)}
          </Stat>
          <Stat label="Enough until" note={paceWords(forecast)}>
            {enoughWords(forecast)}
          </Stat>
          {plan === null ? null : (
            <Stat label="Next from the plan" note={`on ${formatUtc(Date.parse(plan.next_at)).slice(0, 10)} UTC`}>
              {formatCredits(plan.amount_micros)}
            </Stat>
          )}
        </StatList>
      </CardBody>
    </Card>
  );
}

function enoughWords({ enough_until, pace_micros_per_day }: CreditSummary["forecast"]): string {
  if (pace_micros_per_day === 0) return "No limit in sight";
  return enough_until === null ? "90 days and more" : enough_until.slice(0, 10);
}

function paceWords({ pace_micros_per_day }: CreditSummary["forecast"]): string {
  return pace_micros_per_day === 0
    ? "Nothing was booked in the last 30 days"
    : `At ${creditsWords(pace_micros_per_day)} a day, as in the last 30 days`;
}
