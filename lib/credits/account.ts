import { type BookedRunOut, bookRunOuts } from "@/lib/credits/expiry";
import { type Fund, readFunds } from "@/lib/credits/funds";
import type { Tx } from "@/lib/db/transaction";

export type LockedAccount = {
  /** The time of what is posted: now, but never before the last line. */
  at: Date;
  available: bigint;
  held: bigint;
  /** What can be spent. */
  funds: Fund[];
  booked: BookedRunOut;
};

type AccountRow = { available: bigint; held: bigint; last_seq: bigint };

/** Locks the account's row until the transaction ends, making it first where the project has none. */
export async function lockAccount(tx: Tx, projectId: string): Promise<AccountRow> {
  for (;;) {
    const [row] = await tx.$queryRaw<AccountRow[]>`
      SELECT available, held, last_seq FROM credit_account WHERE project_id = ${projectId} FOR UPDATE`;
    if (row) return row;
    await tx.$executeRaw`INSERT INTO credit_account (project_id) VALUES (${projectId}) ON CONFLICT DO NOTHING`;
  }
}

/**
 * Locks the account, books what has run out and tells what can be spent. The clocks of several machines differ: time
 * never runs backwards within an account, or a grant that one has booked as expired would be good to another.
 */
export async function lockFunds(tx: Tx, projectId: string, now: Date): Promise<LockedAccount> {
  const row = await lockAccount(tx, projectId);
  const last =
    row.last_seq === 0n
      ? null
      : await tx.ledgerTransaction.findUnique({
          where: { projectId_seq: { projectId, seq: row.last_seq } },
          select: { createdAt: true },
        });
  const at = last && last.createdAt > now ? last.createdAt : now;
  const { funds, booked } = await bookRunOuts(tx, { projectId, funds: await readFunds(tx, projectId), at });
  return { at, available: row.available - booked.expired, held: row.held, funds, booked };
}
