import type { GrantSource } from "@/lib/contracts/credits";
import type { Tx } from "@/lib/db/transaction";
import type { CreditGrant } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

type NewGrant = {
  projectId: string;
  source: GrantSource;
  amount: bigint;
  expiresAt: Date | null;
  /** Lower is used first; 50 unless told. */
  priority?: number | undefined;
  parentId?: string | undefined;
  note?: string | undefined;
  by: string;
};

/** Used in the middle unless told otherwise. */
const DEFAULT_PRIORITY = 50;

/** The row of a grant with nothing in it yet: what is in it comes by the entries that the caller posts next. */
export function createEmptyGrant(tx: Tx, grant: NewGrant, at: Date): Promise<CreditGrant> {
  return tx.creditGrant.create({
    data: {
      id: newId("creditGrant"),
      projectId: grant.projectId,
      source: grant.source,
      amount: grant.amount,
      available: 0n,
      priority: grant.priority ?? DEFAULT_PRIORITY,
      expiresAt: grant.expiresAt,
      parentId: grant.parentId ?? null,
      note: grant.note ?? "",
      createdBy: grant.by,
      createdAt: at,
    },
  });
}
