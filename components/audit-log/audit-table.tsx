"use client";
import { Bot, ChevronDown, CircleUser, KeyRound, UserX } from "lucide-react";
import { Fragment, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CodeBlock } from "@/components/ui/code-block";
import { IdText } from "@/components/ui/id-text";
import { KeyValue, KeyValueList } from "@/components/ui/key-value";
import { StatusBadge } from "@/components/ui/status-badge";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { AuditEntry } from "@/lib/contracts/audit-log";
import type { AuditFilterValues } from "./use-audit-filter";

const COLUMNS = 6;

const ACTOR_ICONS = { user: CircleUser, api_key: KeyRound, system: Bot, anonymous: UserX } as const;
const ACTOR_WORDS = { user: "Person", api_key: "API key", system: "Dumont", anonymous: "Nobody signed in" } as const;

type AuditTableProps = {
  entries: readonly AuditEntry[];
  onFilter: (changes: Partial<AuditFilterValues>) => void;
};

/** Entries of the audit log. Pressing who or what shows only theirs; each opens to what was asked for and from where. */
export function AuditTable({ entries, onFilter }: AuditTableProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    <Table label="Audit log, newest first">
      <THead>
        <TR>
          <TH>Time</TH>
          <TH>Who</TH>
          <TH>What</TH>
          <TH>To</TH>
          <TH>Outcome</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {entries.map((entry) => (
          <Fragment key={entry.id}>
            <Row entry={entry} open={open.has(entry.id)} onToggle={() => toggle(entry.id)} onFilter={onFilter} />
            {open.has(entry.id) ? <Details entry={entry} /> : null}
          </Fragment>
        ))}
      </TBody>
    </Table>
  );
}

type RowProps = Pick<AuditTableProps, "onFilter"> & { entry: AuditEntry; open: boolean; onToggle: () => void };

function Row({ entry, open, onToggle, onFilter }: RowProps) {
  const { actor, target } = entry;
  const Icon = ACTOR_ICONS[actor.kind];
  const name = actor.name || ACTOR_WORDS[actor.kind];
  return (
    <TR>
      <TD stackAs="corner" className="text-ink-muted">
        <Timestamp value={entry.created_at} date="always" />
      </TD>
      <TD label="Who" className="md:max-w-64">
        <span className="inline-flex max-w-full items-center gap-1.5">
          <Icon aria-label={ACTOR_WORDS[actor.kind]} className="size-4 shrink-0 text-ink-muted" />
          <FilterButton
            text={name}
            hint={`Only what ${name} did`}
            onPress={actor.id === null ? undefined : () => onFilter({ actor_id: actor.id ?? "" })}
          />
        </span>
      </TD>
      <TD stackAs="title">
        <FilterButton
          text={entry.summary}
          hint={`Only "${entry.summary}"`}
          onPress={() => onFilter({ action: entry.action })}
        />
      </TD>
      <TD label="To">
        {target === null ? (
          <span className="text-ink-muted">–</span>
        ) : (
          <IdText value={target.id} label={`${target.kind} id`} />
        )}
      </TD>
      <TD label="Outcome">
        {entry.outcome === "done" ? (
          <StatusBadge tone="positive">Done</StatusBadge>
        ) : (
          <StatusBadge tone="caution">Refused</StatusBadge>
        )}
      </TD>
      <TD stackAs="full" align="end">
        <Button
          variant="ghost"
          size="sm"
          aria-expanded={open}
          aria-label={`Details of "${entry.summary}" by ${name}`}
          onClick={onToggle}
        >
          Details
          <ChevronDown aria-hidden="true" className={cn("transition-transform", open && "rotate-180")} />
        </Button>
      </TD>
    </TR>
  );
}

function FilterButton({ text, hint, onPress }: { text: string; hint: string; onPress: (() => void) | undefined }) {
  if (!onPress) return <span className="truncate">{text}</span>;
  return (
    <button
      type="button"
      title={hint}
      onClick={onPress}
      className="max-w-full truncate rounded text-start underline-offset-2 hover:underline max-md:min-h-9 max-md:whitespace-normal"
    >
      {text}
    </button>
  );
}

function Details({ entry }: { entry: AuditEntry }) {
  return (
    <TR>
      <TD colSpan={COLUMNS} stackAs="full" className="bg-surface-sunken py-2">
        {/* On phones a cell lays its children out side by side. */}
        <div className="grid min-w-0 flex-1 gap-4 whitespace-normal text-start md:grid-cols-2">
          <KeyValueList>
            <KeyValue label="Operation">
              <span className="font-mono text-xs">{entry.action}</span>
            </KeyValue>
            {entry.code === null ? null : <KeyValue label="Refused with">{entry.code}</KeyValue>}
            <KeyValue label="From">{entry.address ?? "unknown"}</KeyValue>
            <KeyValue label="With">{entry.user_agent ?? "unknown"}</KeyValue>
            {entry.request_id === null ? null : (
              <KeyValue label="Request">
                <IdText value={entry.request_id} label="request id" />
              </KeyValue>
            )}
          </KeyValueList>
          {Object.keys(entry.details).length === 0 ? (
            <p className="text-ink-muted text-sm">Nothing was sent with it.</p>
          ) : (
            <CodeBlock
              code={JSON.stringify(entry.details, null, 2)}
              label="What was asked for, without secrets"
              wrap
              maxHeight="20rem"
            />
          )}
        </div>
      </TD>
    </TR>
  );
}
