import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";

/** Seconds for which a replay belongs to the worker that took its last step. */
export const LEASE_S = 15;

export type Lease = { replayId: string; projectId: string; token: string };

/** Runs, and belongs to no worker, or to one that no longer renews its lease. */
const FREE = "status = 'running' AND (lease_until IS NULL OR lease_until <= clock_timestamp())";

/** SQL: whether there is a replay to be taken. */
export const REPLAY_DUE = `EXISTS (SELECT FROM replay WHERE ${FREE})`;

/** Takes a running replay that belongs to no worker, or to one that no longer renews its lease. */
export async function takeLease(): Promise<Lease | undefined> {
  const [row] = await db.$queryRaw<{ id: string; project_id: string; lease_token: string }[]>`
    UPDATE replay SET lease_token = gen_random_uuid(), lease_until = clock_timestamp() + make_interval(secs => ${LEASE_S})
     WHERE id = (SELECT id FROM replay WHERE ${Prisma.raw(FREE)}
                  ORDER BY lease_until NULLS FIRST LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id, project_id, lease_token::text`;
  return row && { replayId: row.id, projectId: row.project_id, token: row.lease_token };
}

/** Gives it back, so that another worker need not wait for the lease to run out. */
export async function releaseLease({ replayId, token }: Lease): Promise<void> {
  await db.$executeRaw`
    UPDATE replay SET lease_token = NULL, lease_until = NULL WHERE id = ${replayId} AND lease_token = ${token}::uuid`;
}
