import { type LedgerFilter, splitKinds } from "@/lib/contracts/credits";
import type { LedgerRow } from "@/lib/credits/view";
import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";

/**
 * Lines of a project's ledger, newest first, each with its entries.
 * @param before the number of the last line that was read; null: begin with the newest
 */
export function readLedger(
  projectId: string,
  filter: LedgerFilter,
  { before, limit }: { before: bigint | null; limit: number },
): Promise<LedgerRow[]> {
  const { kind, reservation_id, grant_id, from, to } = filter;
  const kinds = kind === undefined ? null : splitKinds(kind);
  const conditions = [
    Prisma.sql`t.project_id = ${projectId}`,
    ...(before === null ? [] : [Prisma.sql`t.seq < ${before}`]),
    ...(kinds && kinds.length > 0 ? [Prisma.sql`t.kind = ANY(${kinds}::text[])`] : []),
    ...(reservation_id ? [Prisma.sql`t.reservation_id = ${reservation_id}`] : []),
    ...(grant_id
      ? [Prisma.sql`EXISTS (SELECT 1 FROM ledger_entry e WHERE e.grant_id = ${grant_id} AND e.transaction_id = t.id)`]
      : []),
    ...(from ? [Prisma.sql`t.created_at >= ${new Date(from)}`] : []),
    ...(to ? [Prisma.sql`t.created_at < ${new Date(to)}`] : []),
  ];
  return db.$queryRaw<LedgerRow[]>`
    WITH line AS MATERIALIZED (
      SELECT t.* FROM ledger_transaction t WHERE ${Prisma.join(conditions, " AND ")} ORDER BY t.seq DESC LIMIT ${limit})
    SELECT line.id, line.seq, line.kind, line.available_delta, line.held_delta, line.available_after, line.held_after,
           line.reservation_id, r.title AS reservation_title, line.note, line.created_by, line.created_at,
           (SELECT json_agg(json_build_object('grant_id', e.grant_id, 'source', g.source, 'account', e.account,
                                              'amount', e.amount::text) ORDER BY e.id)
              FROM ledger_entry e JOIN credit_grant g ON g.id = e.grant_id
             WHERE e.transaction_id = line.id) AS entries
      FROM line LEFT JOIN reservation r ON r.id = line.reservation_id AND r.project_id = ${projectId}
     ORDER BY line.seq DESC`;
}
