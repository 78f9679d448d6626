import { pool } from "@/lib/db/pool";

/**
 * Does the work unless another process is at work of this name. The lock goes with the connection: who dies lets go of it.
 * @returns undefined when another was at it
 */
export async function asTheOnlyOne<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  const client = await pool().connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const { rows } = await client.query<{ locked: boolean }>(
      "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked",
      [name],
    );
    const result = rows[0]?.locked ? await work() : undefined;
    await client.query("COMMIT");
    return result;
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}
