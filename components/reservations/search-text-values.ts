import type { GpuType, Pool } from "@/lib/contracts/fleet";
import { parseSearchText } from "@/lib/contracts/search-text";
import { ANY, lengthFields, momentFields, NEW_SEARCH, type SearchValues, whereOf } from "./search-values";

export type TextReading = {
  /** What the text says about the search, as the form's fields. */
  fields: Partial<SearchValues>;
  /** The words that mean nothing here. */
  unread: string[];
};

type TextWorld = { zone: string; pools: readonly Pool[]; types: readonly GpuType[]; now: Date };

/** Reads a search as people put it into words, into the form's fields. */
export function readSearchText(text: string, { zone, pools, types, now }: TextWorld): TextReading {
  const { query, unread } = parseSearchText(text, { now, zone, types, pools });
  const type = types.find(({ id, name }) => id === query.gpu_type || name === query.gpu_type);
  return {
    unread,
    fields: {
      ...(query.gpu_count !== undefined && { gpu_count: String(query.gpu_count) }),
      ...(query.duration_minutes !== undefined && lengthFields(query.duration_minutes)),
      ...(query.gpu_type !== undefined && { type: type?.id ?? ANY }),
      ...(query.pool_ids !== undefined && { where: whereOf(query.pool_ids, pools) }),
      ...(query.not_before !== undefined && { not_before: momentFields(query.not_before, zone) }),
      ...(query.finish_by !== undefined && { finish_by: momentFields(query.finish_by, zone) }),
      ...(query.near !== undefined && { near: momentFields(query.near, zone) }),
      ...(query.topology !== undefined && { topology: query.topology }),
    },
  };
}

/**
 * The form once its text has changed: what the text says now, and what it no longer says as it was at first. What was
 * set by hand and never said stays.
 */
export function withText(values: SearchValues, before: TextReading | null, after: TextReading): SearchValues {
  const unsaid = Object.keys(before?.fields ?? {}).filter((name) => !(name in after.fields));
  const reset = Object.fromEntries(unsaid.map((name) => [name, NEW_SEARCH[name as keyof SearchValues]]));
  return { ...values, ...reset, ...after.fields };
}
