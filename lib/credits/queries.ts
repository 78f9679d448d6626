import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import type { CreditGrantView, grantQuery, LedgerFilter, LedgerLine } from "@/lib/contracts/credits";
import { CSV_HEADER, toCsvLine } from "@/lib/credits/csv";
import { readLedger } from "@/lib/credits/ledger";
import { namesIn } from "@/lib/credits/names";
import { toGrant, toLedgerLine } from "@/lib/credits/view";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { isId } from "@/lib/ids";

export type Page<T> = { data: T[]; next_cursor: string | null };

/** Lines of the CSV that are read at a time. */
const CSV_CHUNK = 1000;

/** Newest first; the cursor is the number of the last line of the page before. @throws AppError "invalid_cursor" */
export async function listLedger(
  actor: Actor,
  { cursor, limit, ...filter }: LedgerFilter & { cursor?: string | undefined; limit: number },
): Promise<Page<LedgerLine>> {
  authorise(actor, "credits:read");
  // Eighteen digits always fit the column.
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) throw invalidCursor();
  const { projectId } = actor;
  const before = cursor === undefined ? null : BigInt(cursor);
  const rows = await readLedger(projectId, filter, { before, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const naming = await namesIn(
    projectId,
    page.map((row) => row.created_by),
  );
  const data = page.map((row) => toLedgerLine(row, naming));
  return { data, next_cursor: rows.length > limit ? String(page.at(-1)?.seq) : null };
}

/**
 * Every line of the filter as CSV, newest first, read as fast as it is taken. Lines that are written meanwhile are newer
 * than the first one and not in it; none changes.
 */
export function streamLedger(actor: Actor, filter: LedgerFilter): ReadableStream<Uint8Array> {
  authorise(actor, "credits:read");
  const { projectId } = actor;
  const encoder = new TextEncoder();
  let before: bigint | null = null;
  let header = true;
  return new ReadableStream({
    pull: async (controller) => {
      const rows = await readLedger(projectId, filter, { before, limit: CSV_CHUNK });
      const naming = await namesIn(
        projectId,
        rows.map((row) => row.created_by),
      );
      const text = `${header ? CSV_HEADER : ""}${rows.map((row) => toCsvLine(row, naming)).join("")}`;
      header = false;
      before = rows.at(-1)?.seq ?? null;
      if (text !== "") controller.enqueue(encoder.encode(text));
      if (rows.length < CSV_CHUNK) controller.close();
    },
  });
}

/** Newest first; the cursor is the last id of the page before. @throws AppError "invalid_cursor" */
export function listGrants(
  actor: Actor,
  query: z.output<typeof grantQuery>,
  now = new Date(),
): Promise<Page<CreditGrantView>> {
  authorise(actor, "credits:read");
  return readGrants(actor.projectId, query, now);
}

/** @throws AppError "invalid_cursor" */
export async function readGrants(
  projectId: string,
  { cursor, limit, state }: z.output<typeof grantQuery>,
  now: Date,
): Promise<Page<CreditGrantView>> {
  if (cursor !== undefined && !isId("creditGrant", cursor)) throw invalidCursor();
  const rows = await db.creditGrant.findMany({
    where: {
      projectId,
      ...(cursor === undefined ? {} : { id: { lt: cursor } }),
      ...(state === "open" && {
        OR: [
          { held: { gt: 0 } },
          { available: { gt: 0 }, expiresAt: null },
          { available: { gt: 0 }, expiresAt: { gt: now } },
        ],
      }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const naming = await namesIn(
    projectId,
    page.map((row) => row.createdBy),
  );
  return {
    data: page.map((row) => toGrant(row, now, naming)),
    next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

function invalidCursor(): AppError {
  return new AppError(
    "invalid_cursor",
    "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
  );
}
