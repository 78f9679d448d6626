import { Badge } from "@/components/ui/badge";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { FieldChange } from "@/lib/contracts/config-diff";
import { valueWords } from "./words";

const TONES = { added: "positive", removed: "danger", changed: "accent" } as const;

/** What differs, field by field. The start script is left to the lines. */
export function FieldChanges({ changes, from, to }: { changes: readonly FieldChange[]; from: string; to: string }) {
  if (changes.length === 0) return null;
  return (
    <Table label="Fields that differ" density="compact" wrapperClassName="rounded-lg border border-line">
      <THead>
        <TR>
          <TH>Field</TH>
          <TH>{from}</TH>
          <TH>{to}</TH>
        </TR>
      </THead>
      <TBody>
        {changes.map((change) => (
          <TR key={change.field}>
            <TD stackAs="title" mono>
              {change.field}{" "}
              <Badge tone={TONES[change.kind]} className="ml-1 font-sans">
                {change.kind}
              </Badge>
            </TD>
            <Value label={from} change={change} value={change.from} />
            <Value label={to} change={change} value={change.to} />
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function Value({ label, change, value }: { label: string; change: FieldChange; value: unknown }) {
  const isScript = change.field === "start_script" && typeof value === "string" && value !== "";
  return (
    <TD label={label} mono className="md:max-w-72 md:whitespace-normal [overflow-wrap:anywhere]">
      {isScript ? <span className="font-sans text-ink-muted">{countLines(value)}, see below</span> : valueWords(value)}
    </TD>
  );
}

function countLines(text: string): string {
  const count = text.trimEnd().split("\n").length;
  return count === 1 ? "1 line" : `${count} lines`;
}
