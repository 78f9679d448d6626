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
/** Making plans anew takes a worker's connections some milliseconds each time. */
const REPLAN_MS = 5_000;
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
 * @param plansOnce plan each named statement once per connection, and not for its values the first five times: for a few
 *   statements that come all the time and take longer to plan than to run
 * @param replanMs with it, how often plans are made anew
 */
export function createPool(
  name: string,
  { max = env.DATABASE_POOL_SIZE, plansOnce = false, replanMs = REPLAN_MS } = {},
): pg.Pool {
  const created = new pg.Pool({
    ...clientConfig(name),
    max,
    ...(plansOnce && { onConnect: (client) => planOnce(client, replanMs) }),
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

/**
 * A plan that was made while a table was nearly empty reads all of it, and is kept until autovacuum has looked at the
 * table, a minute later at best: a burst on a new installation would be claimed in seconds per claim instead of
 * milliseconds. Plans that are made anew go by the size that the table has by then.
 */
async function planOnce(client: pg.ClientBase, replanMs: number): Promise<void> {
  await client.query("SET plan_cache_mode = force_generic_plan");
  // Queued behind what is running. One that fails is on a connection that breaks, which is told elsewhere.
  const timer = setInterval(() => void client.query("DISCARD PLANS").catch(() => {}), replanMs).unref();
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
