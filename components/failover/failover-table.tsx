"use client";
import Link from "next/link";
import { formatCredits } from "@/components/reservations/money-words";
import { IdText } from "@/components/ui/id-text";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusBadge } from "@/components/ui/status-badge";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { AdminFailover } from "@/lib/contracts/failovers";
import { drillHref } from "./links";
import { FAILOVER_STATUS, gapWords, WAY_WORDS } from "./words";

export function FailoverTable({ rows }: { rows: readonly AdminFailover[] }) {
  return (
    <Table label="Failovers" density="relaxed">
      <THead>
        <TR>
          <TH>Node</TH>
          <TH>Reservation</TH>
          <TH>Healed by</TH>
          <TH>State</TH>
          <TH>When</TH>
          <TH align="end">Gap</TH>
          <TH align="end">Credited</TH>
        </TR>
      </THead>
      <TBody>
        {rows.map((row) => (
          <TR key={row.id}>
            <TD stackAs="title" className="md:max-w-72">
              <span className="block font-mono text-xs">
                {row.from_node} → {row.to_node ?? "nowhere"}
              </span>
              <span className="block truncate text-ink-muted text-xs max-md:whitespace-normal">{row.cause}</span>
            </TD>
            <TD label="Reservation">
              <IdText value={row.reservation_id} />
              <span className="block text-ink-muted text-xs">{row.project.name}</span>
            </TD>
            <TD label="Healed by">
              {WAY_WORDS[row.way]}
              {row.drill_id === null ? null : (
                <Link href={drillHref(row.drill_id)} className="block text-accent-ink text-xs hover:underline">
                  Drill
                </Link>
              )}
            </TD>
            <TD label="State">
              <StatusBadge tone={FAILOVER_STATUS[row.status].tone}>{FAILOVER_STATUS[row.status].label}</StatusBadge>
            </TD>
            <TD label="When">
              <RelativeTime value={row.failed_at} />
            </TD>
            <TD label="Gap" align="end">
              {gapWords(row.gap_seconds)}
            </TD>
            <TD label="Credited" align="end">
              {row.sla === null ? "–" : formatCredits(row.sla.total_micros)}
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
