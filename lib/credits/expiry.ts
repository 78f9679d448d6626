import { type Fund, hasRunOut, rulesFor, runOuts } from "@/lib/credits/funds";
import { createEmptyGrant } from "@/lib/credits/grants";
import { move, post } from "@/lib/credits/post";
import type { Tx } from "@/lib/db/transaction";

export type BookedRunOut = { expired: bigint; rolled: bigint; grants: number };

/**
 * Books what has run out: what rolls over goes into a new grant, the rest expires. What is held of such a grant stays
 * held. Done under the account's lock, before every other movement and by the midnight bookkeeping, so whoever comes
 * first does it and the others find nothing left.
 * @returns the grants that can be spent afterwards, and what was booked
 */
export async function bookRunOuts(
  tx: Tx,
  { projectId, funds, at }: { projectId: string; funds: readonly Fund[]; at: Date },
): Promise<{ funds: Fund[]; booked: BookedRunOut }> {
  const booked: BookedRunOut = { expired: 0n, rolled: 0n, grants: 0 };
  let left = [...funds];
  // After long silence even what rolled over may have run out.
  while (left.some((fund) => hasRunOut(fund, at))) {
    const due = runOuts(left, at, await rulesFor(tx, left, at));
    left = left.filter((fund) => !hasRunOut(fund, at));
    for (const { grant, rolled } of due) {
      booked.grants += 1;
      const rest = grant.available - (rolled?.amount ?? 0n);
      if (rolled) {
        const made = await createEmptyGrant(
          tx,
          {
            projectId,
            source: "rollover",
            amount: rolled.amount,
            expiresAt: rolled.expiresAt,
            priority: grant.priority,
            parentId: grant.id,
            by: "system",
          },
          at,
        );
        await post(tx, {
          projectId,
          kind: "rollover",
          entries: [
            ...move(grant.id, "available", "funding", rolled.amount),
            ...move(made.id, "funding", "available", rolled.amount),
          ],
          at,
          by: "system",
          key: `rollover:${grant.id}`,
        });
        booked.rolled += rolled.amount;
        left.push({ ...made, available: rolled.amount });
      }
      if (rest > 0n) {
        await post(tx, {
          projectId,
          kind: "expire",
          entries: move(grant.id, "available", "expired", rest),
          at,
          by: "system",
          key: `expire:${grant.id}`,
        });
        booked.expired += rest;
      }
    }
  }
  return { funds: left, booked };
}
