"use client";
import { ChevronDown } from "lucide-react";
import Link from "next/link";
import { Fragment, type ReactNode, useState } from "react";
import { reservationHref } from "@/components/reservations/links";
import { formatCredits, formatSigned } from "@/components/reservations/money-words";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { truncateMiddle } from "@/components/ui/format";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { LedgerLine } from "@/lib/contracts/credits";
import { KindMark } from "./kind-mark";
import { grantLinesHref } from "./links";
import { ACCOUNT_WORDS, SOURCE_WORDS } from "./words";

const COLUMNS = 8;

/** Lines of the ledger: what happened, why, by how much, and what there was then. Each opens to its entries. */
export function LedgerTable({ lines }: { lines: readonly LedgerLine[] }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    <Table label="Ledger, newest first">
      <THead>
        <TR>
          <TH>Time</TH>
          <TH>Kind</TH>
          <TH>Cause</TH>
          <TH align="end">Available</TH>
          <TH align="end">Balance</TH>
          <TH align="end">Held</TH>
          <TH align="end">Held then</TH>
          <TH>
            <span className="sr-only">Entries</span>
          </TH>
        </TR>
      </THead>
      <TBody>
        {lines.map((line) => (
          <Fragment key={line.id}>
            <Line line={line} open={open.has(line.id)} onToggle={() => toggle(line.id)} />
            {open.has(line.id) ? <Entries line={line} /> : null}
          </Fragment>
        ))}
      </TBody>
    </Table>
  );
}

type LineProps = { line: LedgerLine; open: boolean; onToggle: () => void };

function Line({ line, open, onToggle }: LineProps) {
  return (
    <TR>
      <TD stackAs="corner" className="text-ink-muted">
        <Timestamp value={line.created_at} date="always" />
      </TD>
      <TD stackAs="title">
        <KindMark kind={line.kind} />
      </TD>
      <TD label="Cause" className="max-w-80 whitespace-normal">
        <Cause line={line} />
      </TD>
      <TD label="Available" align="end" className="font-medium">
        <Signed micros={line.available_micros} />
      </TD>
      <TD label="Balance" align="end">
        {formatCredits(line.available_after_micros)}
      </TD>
      <TD label="Held" align="end">
        <Signed micros={line.held_micros} />
      </TD>
      <TD label="Held then" align="end" className="text-ink-muted">
        {formatCredits(line.held_after_micros)}
      </TD>
      <TD stackAs="full" align="end">
        <Button
          variant="ghost"
          size="sm"
          aria-expanded={open}
          aria-label={`Entries of line ${line.seq}`}
          onClick={onToggle}
        >
          <ChevronDown aria-hidden="true" className={cn("transition-transform", open && "rotate-180")} />
          <span className="md:hidden">Entries</span>
        </Button>
      </TD>
    </TR>
  );
}

/** What led to a line: the reservation, or else the grant. */
function Cause({ line }: Pick<LineProps, "line">) {
  const [first] = line.entries;
  const others = new Set(line.entries.map(({ grant_id }) => grant_id)).size - 1;
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      {line.reservation !== null ? (
        <Link href={reservationHref(line.reservation.id)} className="rounded text-accent underline underline-offset-2">
          {line.reservation.title || `Reservation ${truncateMiddle(line.reservation.id, 8, 4)}`}
        </Link>
      ) : first === undefined ? null : (
        <GrantLink id={first.grant_id}>
          {SOURCE_WORDS[first.source]} {truncateMiddle(first.grant_id, 8, 4)}
          {others > 0 && line.kind !== "rollover" ? ` and ${others} more` : ""}
        </GrantLink>
      )}
      {line.note === "" ? null : <span className="text-ink-muted text-xs [overflow-wrap:anywhere]">{line.note}</span>}
    </span>
  );
}

/** Leads to the lines of a grant alone. */
function GrantLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link
      href={grantLinesHref(id)}
      className="inline-flex min-h-6 items-center rounded text-accent underline underline-offset-2"
    >
      {children}
    </Link>
  );
}

/** A change with its sign; nothing is a dash, so that what changed is seen at once. */
function Signed({ micros }: { micros: number }) {
  return micros === 0 ? <span className="text-ink-muted">–</span> : formatSigned(micros);
}

function Entries({ line }: Pick<LineProps, "line">) {
  return (
    <TR>
      <TD colSpan={COLUMNS} stackAs="full" className="bg-surface-sunken py-2">
        {/* On phones a cell lays its children out side by side. */}
        <div className="min-w-0 flex-1 whitespace-normal text-start">
          <p className="mb-1 text-ink-muted text-xs">
            By {line.created_by.name}. The entries of line {line.seq} sum to nothing:
          </p>
          <ul className="flex flex-col gap-1 text-xs">
            {line.entries.map(({ grant_id, source, account, amount_micros }) => (
              <li
                key={`${grant_id} ${account}`}
                className="grid min-h-6 grid-cols-[5rem_minmax(0,2fr)_minmax(0,3fr)] items-center gap-3 sm:max-w-xl"
              >
                <span className="text-end font-medium tabular-nums">{formatSigned(amount_micros)}</span>
                <span>{ACCOUNT_WORDS[account]}</span>
                <GrantLink id={grant_id}>
                  {SOURCE_WORDS[source]} {truncateMiddle(grant_id, 8, 4)}
                </GrantLink>
              </li>
            ))}
          </ul>
        </div>
      </TD>
    </TR>
  );
}
