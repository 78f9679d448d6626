import { z } from "zod";

export const timestamp = z.iso.datetime({ offset: true }).meta({ description: "ISO 8601, UTC." });

export const projectParams = z.object({
  project_id: z.string().meta({ description: "A project id, or `default` for the API key's own project." }),
});

export const PAGE_LIMIT = { default: 50, max: 200 } as const;

export const pageQuery = z.object({
  cursor: z.string().max(200).optional().meta({ description: "`next_cursor` of the page before." }),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT.max).default(PAGE_LIMIT.default),
});

/** {data, next_cursor}; next_cursor is null on the last page. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}

/** A list that is short by nature and has no pages; the same envelope all the same. */
export function listOf<S extends z.ZodType>(item: S) {
  return z.object({ data: z.array(item), next_cursor: z.null() });
}

export const jsonObject = z.record(z.string(), z.json()).meta({ description: "A JSON object." });

/** Whether PostgreSQL can keep the text: it has no NUL and no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}
