"use client";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";

/** What stands for a credential; the value itself was never stored. */
function isMasked(value: string): boolean {
  return /^•+$/.test(value);
}

export type HeadersTableProps = {
  headers: Readonly<Record<string, string>>;
  /** Whose headers they are: "Request headers". */
  label: string;
};

/** Headers by name, each value and all of them together ready to copy. The values are only ever text. */
export function HeadersTable({ headers, label }: HeadersTableProps) {
  const entries = Object.entries(headers).sort(([a], [b]) => a.localeCompare(b, "en"));
  if (entries.length === 0) return <p className="text-ink-muted text-xs">None.</p>;
  const all = () => entries.map(([name, value]) => `${name}: ${value}`).join("\n");
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div className="flex items-center justify-between border-line border-b bg-surface-sunken py-1 pr-1.5 pl-3">
        <p className="text-ink-muted text-xs">
          {label} ({entries.length})
        </p>
        <CopyButton value={all} label={`Copy ${label.toLowerCase()}`} />
      </div>
      <table aria-label={label} className="w-full table-fixed text-xs">
        <tbody className="divide-y divide-line">
          {entries.map(([name, value]) => (
            <tr key={name} className="group/header align-top">
              <th scope="row" className="w-2/5 max-w-56 px-3 py-1.5 text-start font-medium font-mono text-ink-muted">
                <span className="[overflow-wrap:anywhere]">{name}</span>
              </th>
              <td className="py-1.5 pr-1.5 font-mono text-ink">
                <div className="flex items-start justify-between gap-1">
                  <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">{value}</span>
                  {isMasked(value) ? (
                    <Badge>Masked</Badge>
                  ) : (
                    <CopyButton value={value} label={`Copy ${name}`} className="-my-1 shrink-0" />
                  )}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
