import type { DiffLine, FieldChange } from "@/lib/contracts/config-diff";
import type { ConfigVersionRef } from "@/lib/contracts/configurations";

/** `default 3` */
export function versionWords({ variant, version }: Pick<ConfigVersionRef, "variant" | "version">): string {
  return `${variant} ${version}`;
}

/** A value of a template in little room; text as it is, everything else as JSON. */
export function valueWords(value: unknown): string {
  if (value === null || value === "") return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `3 fields differ, 4 lines added, 2 removed` */
export function diffWords({ changes, lines }: { changes: readonly FieldChange[]; lines: readonly DiffLine[] }): string {
  const added = lines.filter(({ kind }) => kind === "added").length;
  const removed = lines.filter(({ kind }) => kind === "removed").length;
  if (added + removed === 0) return changes.length === 0 ? "They are the same." : fieldsWords(changes.length);
  const lineWords = `${added} ${added === 1 ? "line" : "lines"} added, ${removed} removed.`;
  if (changes.length === 0) return `They say the same; only the text differs: ${lineWords}`;
  return `${fieldsWords(changes.length)} ${lineWords}`;
}

function fieldsWords(count: number): string {
  return count === 1 ? "1 field differs." : `${count} fields differ.`;
}
