import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";

/**
 * What the database's clock says at this moment: the one clock that all processes share. Not the start of the transaction,
 * which may have waited for a lock since.
 */
export async function databaseNow(client: Tx | typeof db): Promise<Date> {
  const [row] = await client.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  return row.now;
}
