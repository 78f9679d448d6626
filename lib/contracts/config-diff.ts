import { diffArrays } from "diff";
import { z } from "zod";
import type { LaunchTemplate } from "@/lib/contracts/launch-template";

/** What differs between two versions, by field and by line; the console shows what is not committed yet by the same. */

/** More edits than this are told as "all of it": looking for the fewest would take longer than anybody waits. */
const MOST_EDITS = 1000;

export const fieldChangeSchema = z
  .object({
    field: z.string().meta({ description: "Path of the field, such as `image` or `env.BATCH_SIZE`." }),
    kind: z.enum(["added", "removed", "changed"]),
    from: z.json().meta({ description: "null where it was not there." }),
    to: z.json().meta({ description: "null where it is no more." }),
  })
  .meta({ id: "ConfigFieldChange" });

export const diffLineSchema = z
  .object({
    kind: z.enum(["same", "added", "removed"]),
    from_line: z.int().nullable().meta({ description: "Counted from 1; null for an added line." }),
    to_line: z.int().nullable().meta({ description: "Counted from 1; null for a removed line." }),
    text: z.string(),
  })
  .meta({ id: "ConfigDiffLine" });

export type FieldChange = z.infer<typeof fieldChangeSchema>;
export type DiffLine = z.infer<typeof diffLineSchema>;

type Json = z.core.util.JSONType;

/** Field by field, variables of the environment one by one; in the order of the template, variables by name. */
export function compareTemplates(from: LaunchTemplate | null, to: LaunchTemplate): FieldChange[] {
  const before = from ? flatten(from) : new Map<string, Json>();
  const after = flatten(to);
  const fields = [...new Set([...before.keys(), ...after.keys()])];
  const ordered = fields
    .map((field) => ({ field, rank: rankOf(field) }))
    .sort((a, b) => a.rank - b.rank || compare(a.field, b.field));
  return ordered.flatMap(({ field }): FieldChange[] => {
    const was = before.get(field);
    const is = after.get(field);
    if (was === undefined) return [{ field, kind: "added", from: null, to: is ?? null }];
    if (is === undefined) return [{ field, kind: "removed", from: was, to: null }];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ field, kind: "changed", from: was, to: is }];
  });
}

/** Line by line: the lines that are not added are the one text, those that are not removed the other. */
export function compareTexts(from: string, to: string): DiffLine[] {
  const before = from.split("\n");
  const after = to.split("\n");
  const parts = diffArrays(before, after, { maxEditLength: MOST_EDITS }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  let fromLine = 0;
  let toLine = 0;
  return parts.flatMap(({ value, added, removed }) =>
    value.map((text): DiffLine => {
      if (!added) fromLine += 1;
      if (!removed) toLine += 1;
      return {
        kind: added ? "added" : removed ? "removed" : "same",
        from_line: added ? null : fromLine,
        to_line: removed ? null : toLine,
        text,
      };
    }),
  );
}

const ORDER = ["image", "gpu_type", "disk_gb", "ports", "env", "start_script"];

function rankOf(field: string): number {
  const rank = ORDER.indexOf(field.startsWith("env.") ? "env" : field);
  return rank === -1 ? ORDER.length : rank;
}

function flatten({ env, ...rest }: LaunchTemplate): Map<string, Json> {
  return new Map<string, Json>([
    ...Object.entries(rest),
    ...Object.entries(env).map(([name, value]) => [`env.${name}`, value] as const),
  ]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
