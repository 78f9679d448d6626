"use client";
import Link from "next/link";
import { CREDITS } from "@/components/credits/links";
import { bpsWords, creditsWords, formatCredits } from "@/components/reservations/money-words";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { Failover } from "@/lib/contracts/failovers";

/** What was credited for lost time, GPU by GPU. */
export function SlaLines({ sla }: { sla: NonNullable<Failover["sla"]> }) {
  if (sla.total_micros === 0) return <p className="text-ink-muted text-sm">No time was lost that is credited.</p>;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-ink text-sm">
        <Link href={CREDITS} className="text-accent-ink underline">
          {creditsWords(sla.total_micros)} credited
        </Link>{" "}
        for {sla.minutes} GPU minutes, at {bpsWords(sla.multiplier_bps)} of what was paid
        {sla.capped ? ", up to what the booking costs" : ""}.
      </p>
      <Table label="Credited time" density="compact">
        <THead>
          <TR>
            <TH>GPU</TH>
            <TH>From</TH>
            <TH>To</TH>
            <TH align="end">Minutes</TH>
            <TH align="end">Credits</TH>
          </TR>
        </THead>
        <TBody>
          {sla.lines.map((line) => (
            <TR key={`${line.unit_id} ${line.starts_at}`}>
              <TD stackAs="title" mono>
                {line.node} / {line.lane}
              </TD>
              <TD label="From">
                <Timestamp value={line.starts_at} />
              </TD>
              <TD label="To">
                <Timestamp value={line.ends_at} />
              </TD>
              <TD label="Minutes" align="end">
                {line.minutes}
              </TD>
              <TD label="Credits" align="end">
                {formatCredits(line.micros)}
              </TD>
            </TR>
          ))}
        </TBody>
      </Table>
    </div>
  );
}
