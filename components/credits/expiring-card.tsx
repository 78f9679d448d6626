"use client";
import { CalendarCheck } from "lucide-react";
import Link from "next/link";
import { formatCredits } from "@/components/reservations/money-words";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { CreditSummary } from "@/lib/contracts/credits";
import { grantLinesHref } from "./links";
import { TwoZones } from "./two-zones";
import { SOURCE_WORDS } from "./words";

/** What runs out when, soonest first. */
export function ExpiringCard({ summary }: { summary: CreditSummary }) {
  return (
    <Card>
      <CardHeader title="What runs out when" description="Of what is available. What is held is not in it." />
      {summary.expiring.length === 0 ? (
        <EmptyState icon={<CalendarCheck />} title="Nothing runs out">
          {summary.available_micros === 0
            ? "There are no credits available."
            : "All credits that are available stay good."}
        </EmptyState>
      ) : (
        <Table label="What runs out when, soonest first" density="relaxed">
          <THead>
            <TR>
              <TH>Runs out</TH>
              <TH>From</TH>
              <TH align="end">Credits</TH>
              <TH align="end">Rolls over</TH>
            </TR>
          </THead>
          <TBody>
            {summary.expiring.map(({ expires_at, amount_micros, rolls_over_micros, grants }) => (
              <TR key={expires_at}>
                <TD stackAs="title">
                  <TwoZones value={expires_at} />
                </TD>
                <TD label="From" className="whitespace-normal">
                  {grants.map(({ grant_id, source }, index) => (
                    <span key={grant_id}>
                      {index === 0 ? "" : ", "}
                      <Link
                        href={grantLinesHref(grant_id)}
                        className="rounded text-accent underline underline-offset-2"
                      >
                        {SOURCE_WORDS[source]}
                      </Link>
                    </span>
                  ))}
                </TD>
                <TD label="Credits" align="end" className="font-medium">
                  {formatCredits(amount_micros)}
                </TD>
                <TD label="Rolls over" align="end" className="text-ink-muted">
                  {rolls_over_micros === 0 ? "–" : formatCredits(rolls_over_micros)}
                </TD>
              </TR>
            ))}
          </TBody>
        </Table>
      )}
    </Card>
  );
}
