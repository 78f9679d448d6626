"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatCredits } from "@/components/reservations/money-words";
import { formatUtc } from "@/components/ui/format";
import { IdText } from "@/components/ui/id-text";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { CreditGrantView } from "@/lib/contracts/credits";
import { grantLinesHref } from "./links";
import { grantState, SOURCE_WORDS } from "./words";

export type GrantTableProps = {
  grants: readonly CreditGrantView[];
  /** Something to do with each, in a dialog with less room; without it the grant links to its lines in the ledger. */
  action?: ((grant: CreditGrantView) => ReactNode) | undefined;
};

/** Grants with what is left of them. */
export function GrantTable({ grants, action }: GrantTableProps) {
  return (
    <Table
      label="Grants, newest first"
      density="relaxed"
      {...(action === undefined ? {} : { wrapperClassName: "overflow-x-auto" })}
    >
      <THead>
        <TR>
          <TH>Grant</TH>
          <TH>State</TH>
          <TH align="end">Granted</TH>
          <TH align="end">Available</TH>
          <TH align="end">Held</TH>
          {action === undefined ? <TH align="end">Priority</TH> : null}
          <TH>Runs out</TH>
          {action === undefined ? <TH>Since</TH> : <ActionsTH />}
        </TR>
      </THead>
      <TBody>
        {grants.map((grant) => (
          <TR key={grant.id}>
            <TD stackAs="title" className="max-w-72 whitespace-normal">
              <span className="inline-flex flex-wrap items-baseline gap-x-2">
                {action === undefined ? (
                  <Link
                    href={grantLinesHref(grant.id)}
                    className="rounded font-medium text-accent underline underline-offset-2"
                  >
                    {SOURCE_WORDS[grant.source]}
                  </Link>
                ) : (
                  <span className="font-medium">{SOURCE_WORDS[grant.source]}</span>
                )}
                <IdText value={grant.id} label="grant id" className="text-ink-muted" />
                {grant.note === "" ? null : (
                  <span className="text-ink-muted text-xs [overflow-wrap:anywhere]">{grant.note}</span>
                )}
              </span>
            </TD>
            <TD label="State">{grantState(grant)}</TD>
            <TD label="Granted" align="end">
              {formatCredits(grant.amount_micros)}
            </TD>
            <TD label="Available" align="end" className="font-medium">
              {formatCredits(grant.available_micros)}
            </TD>
            <TD label="Held" align="end">
              {formatCredits(grant.held_micros)}
            </TD>
            {action === undefined ? (
              <TD label="Priority" align="end">
                {grant.priority}
              </TD>
            ) : null}
            <TD label="Runs out">
              {grant.expires_at === null ? (
                <span className="text-ink-muted">Never</span>
              ) : (
                <Timestamp value={grant.expires_at} className="whitespace-nowrap">
                  {formatUtc(Date.parse(grant.expires_at)).replace(":00:00 UTC", ":00 UTC")}
                </Timestamp>
              )}
            </TD>
            {action === undefined ? (
              <TD label="Since" className="text-ink-muted">
                <Timestamp value={grant.created_at} date="always" />
              </TD>
            ) : (
              <TD stackAs="full" align="end">
                {action(grant)}
              </TD>
            )}
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
