import type { LedgerAccount, LedgerKind } from "@/lib/contracts/credits";
import { MAX_MICROS } from "@/lib/contracts/money";
import { afterCommit, type Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { announceCredits } from "@/lib/live/channel";

export type Entry = { grantId: string; account: LedgerAccount; amount: bigint };

export type Posting = {
  projectId: string;
  kind: LedgerKind;
  entries: readonly Entry[];
  /** Not before that of the line before; see lockFunds. */
  at: Date;
  by: string;
  reservationId?: string | undefined;
  /** A movement with a key is made once per project. */
  key?: string | undefined;
  note?: string | undefined;
};

/** Two entries that move an amount of one grant from an account to another. */
export function move(grantId: string, from: LedgerAccount, to: LedgerAccount, amount: bigint): Entry[] {
  return [
    { grantId, account: from, amount: -amount },
    { grantId, account: to, amount },
  ];
}

/**
 * Writes one line of the ledger with its entries, in one statement; triggers add the entries to the balances and refuse
 * what does not sum to zero. Consoles are told after the commit. The caller holds the lock on the account (lockFunds),
 * which is what makes the number and the running balances right.
 * @throws AppError "conflict" when a balance would exceed what is counted exactly
 */
export async function post(tx: Tx, posting: Posting): Promise<void> {
  const { projectId, kind, entries, at, by } = posting;
  const available = sumOf(entries, "available");
  const held = sumOf(entries, "held");
  const [line] = await tx.$queryRaw<{ most: bigint }[]>`
    WITH account AS (
      UPDATE credit_account SET last_seq = last_seq + 1 WHERE project_id = ${projectId}
      RETURNING project_id, last_seq, available, held),
    line AS (
      INSERT INTO ledger_transaction (id, project_id, seq, kind, available_delta, held_delta, available_after, held_after,
                                      reservation_id, key, note, created_by, created_at)
      SELECT ${newId("ledgerTransaction")}, project_id, last_seq, ${kind}, ${available}::bigint, ${held}::bigint,
             available + ${available}::bigint, held + ${held}::bigint,
             ${posting.reservationId ?? null}::text, ${posting.key ?? null}::text, ${posting.note ?? ""}, ${by}, ${at}
        FROM account
      RETURNING id, project_id, available_after, held_after),
    entry AS (
      INSERT INTO ledger_entry (transaction_id, project_id, grant_id, account, amount)
      SELECT line.id, line.project_id, e.grant_id, e.account, e.amount
        FROM line, unnest(${entries.map(({ grantId }) => grantId)}::text[], ${entries.map(({ account }) => account)}::text[],
                          ${entries.map(({ amount }) => String(amount))}::bigint[])
                   WITH ORDINALITY AS e (grant_id, account, amount, n)
       ORDER BY e.n)
    SELECT available_after + held_after AS most FROM line`;
  if (!line) throw new Error(`Project ${projectId} has no credit account to post to.`);
  if (line.most > BigInt(MAX_MICROS)) throw tooMuch();
  // Those of one change travel together.
  afterCommit(tx, () => announceCredits(projectId));
}

/** @returns what an account can still take before its sums leave what JSON carries exactly */
export function roomFor(total: bigint): bigint {
  return BigInt(MAX_MICROS) - total;
}

function tooMuch(): AppError {
  return new AppError("conflict", "The project would have more credits than can be counted exactly (9,007,199,254).");
}

function sumOf(entries: readonly Entry[], account: LedgerAccount): bigint {
  return entries.reduce((sum, entry) => (entry.account === account ? sum + entry.amount : sum), 0n);
}
