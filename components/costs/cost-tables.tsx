"use client";
import { CalendarX } from "lucide-react";
import Link from "next/link";
import { reservationHref } from "@/components/reservations/links";
import { formatCredits } from "@/components/reservations/money-words";
import { ReservationStatus } from "@/components/reservations/reservation-status";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatDuration } from "@/components/ui/format";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { COST_LIMITS, type Costs } from "@/lib/contracts/costs";

const LINK = "rounded text-accent underline underline-offset-2";

export function ReservationCosts({ costs }: { costs: Costs }) {
  return (
    <Card>
      <CardHeader title="Reservations" description="What each cost in this month, the dearest first." />
      {costs.reservations.length === 0 ? (
        <EmptyState icon={<CalendarX />} title="Nothing was spent in this month">
          Reservations cost as they are used. What is only held for them is not spent.
        </EmptyState>
      ) : (
        <Table label="Cost by reservation">
          <THead>
            <TR>
              <TH>Reservation</TH>
              <TH>Status</TH>
              <TH align="end">Used</TH>
              <TH align="end">Fees</TH>
              <TH align="end">An hour now</TH>
              <TH align="end">Cost</TH>
            </TR>
          </THead>
          <TBody>
            {costs.reservations.map((row) => (
              <TR key={row.id}>
                <TD stackAs="title" className="max-w-80">
                  <Link href={reservationHref(row.id)} className={LINK}>
                    {row.title || row.id}
                  </Link>
                </TD>
                <TD stackAs="corner">
                  <ReservationStatus status={row.status} />
                </TD>
                <TD label="Used" align="end">
                  {formatCredits(row.captured_micros + row.running_micros)}
                </TD>
                <TD label="Fees" align="end">
                  {orDash(row.fees_micros)}
                </TD>
                <TD label="An hour now" align="end">
                  {orDash(row.rate_micros_per_hour)}
                </TD>
                <TD label="Cost" align="end" className="font-medium">
                  {formatCredits(row.cost_micros)}
                </TD>
              </TR>
            ))}
          </TBody>
        </Table>
      )}
      {costs.others_micros > 0 ? (
        <p className="border-line border-t p-3 text-ink-muted text-sm">
          Only the {COST_LIMITS.listed} dearest are listed. All others together: {formatCredits(costs.others_micros)}.
        </p>
      ) : null}
    </Card>
  );
}

export function InstanceCosts({ instances }: { instances: Costs["instances"] }) {
  if (instances.length === 0) return null;
  return (
    <Card>
      <CardHeader
        title="Instances"
        description="What of their reservations' price they ran for, over their whole lives. A reservation costs the same whether its instances run or not."
      />
      <Table label="Cost by instance">
        <THead>
          <TR>
            <TH>Instance</TH>
            <TH align="end">GPUs</TH>
            <TH align="end">Ran</TH>
            <TH align="end">An hour</TH>
            <TH align="end">Cost so far</TH>
          </TR>
        </THead>
        <TBody>
          {instances.map((row) => (
            <TR key={row.id}>
              <TD stackAs="title">
                <Link href={`/app/instances/${row.id}`} className={LINK}>
                  {row.name}
                </Link>
              </TD>
              <TD label="GPUs" align="end">
                {row.gpu_count}
              </TD>
              <TD label="Ran" align="end">
                {formatDuration(row.ran_seconds * 1000)}
              </TD>
              <TD label="An hour" align="end">
                {formatCredits(row.rate_micros_per_hour)}
              </TD>
              <TD label="Cost so far" align="end" className="font-medium">
                {formatCredits(row.cost_micros)}
              </TD>
            </TR>
          ))}
        </TBody>
      </Table>
    </Card>
  );
}

function orDash(micros: number) {
  return micros === 0 ? <span className="text-ink-muted">–</span> : formatCredits(micros);
}
