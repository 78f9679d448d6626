import pg from "pg";
import { resolveDatabaseUrl } from "@/lib/db/url";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

declare global {
  var dumontPool: pg.Pool | undefined;
}

/** How long a caller waits for a connection, whether the pool is exhausted or the server does not answer. */
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
/** Nothing of ours takes this long; a statement that does is stuck and must give its connection back. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** Later than the server's own limit: what it does not even refuse goes over a connection that is dead. */
const ANSWER_TIMEOUT_MS = 70_000;
/** How often the sizes are looked at by which plans are made. */
const SIZES_MS = 1_000;
/** First probe of a silent connection, so that a peer that vanished without a word is noticed. */
const KEEPALIVE_MS = 10_000;

/**
 * The pool for hand-written SQL outside Prisma: schedules, notifications, what looks for work. One per process, however
 * often Next.js loads this module. Its connections are counted by DATABASE_POOL_SIZE on their own, so that it and Prisma
 * cannot starve each other; claims and settlements of deliveries have a pool of their own, see runWorker.
 */
export function pool(): pg.Pool {
  globalThis.dumontPool ??= createPool("dumont");
  return globalThis.dumontPool;
}

/**
 * A pool of connections, which shows as `name` in pg_stat_activity.
 * @param max connections
 * @param plansFor tables of a few statements that come all the time and take longer to plan than to run: each named
 *   statement is planned once per connection, not for its values the first five times, and again when the tables have grown
 * @param sizesMs with it, how often that is looked at
 */
export function createPool(
  name: string,
  {
    max = env.DATABASE_POOL_SIZE,
    plansFor,
    sizesMs = SIZES_MS,
  }: { max?: number; plansFor?: readonly string[]; sizesMs?: number } = {},
): pg.Pool {
  const created = new pg.Pool({
    ...clientConfig(name),
    max,
    ...(plansFor && { onConnect: (client) => planOnce(client, plansFor, sizesMs) }),
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
  });
  // Without these listeners a connection that breaks while nobody waits on it would end the process. The statement
  // that was running on it, if any, is rejected by itself.
  created.on("error", (err) => log.warn({ err }, "an idle database connection broke"));
  created.on("connect", (client) => client.on("error", () => {}));
  return created;
}

/** Pages of each table and each of its indexes. Through the catalogue's indexes: this runs every second. */
const PAGES = `
WITH "table" AS (SELECT to_regclass(name)::oid AS oid FROM unnest($1::text[]) AS name),
     relation AS (SELECT oid FROM "table" UNION ALL SELECT i.indexrelid FROM "table" JOIN pg_index i ON i.indrelid = "table".oid)
SELECT pg_relation_size(oid) / current_setting('block_size')::int AS pages FROM relation ORDER BY oid`;

/**
 * A plan that was made while a table was nearly empty reads all of it, and is kept until autovacuum has looked at the
 * table, a minute later at best: a burst on a new installation would be claimed in seconds per claim instead of
 * milliseconds. Making plans anew takes a connection some milliseconds, so it is done only when a table or an index of it has
 * doubled or halved.
 */
async function planOnce(client: pg.ClientBase, tables: readonly string[], sizesMs: number): Promise<void> {
  await client.query("SET plan_cache_mode = force_generic_plan");
  let plannedFor: string | undefined;
  const look = async () => {
    const { rows } = await client.query<{ pages: string }>({ name: "pages", text: PAGES, values: [tables] });
    // How often each has doubled from one page on.
    const sizes = rows.map(({ pages }) => Math.floor(Math.log2(Number(pages) + 1))).join(" ");
    if (plannedFor !== undefined && sizes !== plannedFor) await client.query("DISCARD PLANS");
    plannedFor = sizes;
  };
  await look();
  // Queued behind what is running, and no second one behind that. One that fails is on a connection that breaks, which is
  // told elsewhere.
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await look().catch(() => {});
    isLooking = false;
  }, sizesMs).unref();
  client.once("end", () => clearInterval(timer));
}

/** What every connection of this process has in common. */
export function clientConfig(name: string): pg.ClientConfig {
  return {
    connectionString: resolveDatabaseUrl(),
    application_name: name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
  };
}

/**
 * Sends a notification to every listener of the channel. Never inside a business transaction: PostgreSQL serialises
 * the commits of transactions that notify. Its own commit does not wait for the disk, or listeners would: a notification
 * does not outlive a crash anyway.
 * @param payload at most 7999 bytes
 */
export async function notify(channel: string, payload: string): Promise<void> {
  await pool().query({
    name: "notify",
    text: "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)",
    values: [channel, payload],
  });
}
