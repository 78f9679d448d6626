import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type EmbeddedServer, startEmbedded } from "@/lib/db/embedded/server";
import { isUnavailable } from "@/lib/db/errors";
import { LaunchError } from "./environment";
import { say } from "./progress";
import { backoff } from "./supervise";

export type Database = {
  url: string;
  /** What to say about it when it is up. */
  description: string;
  stop(): Promise<void>;
  /** Ends it without waiting, if it is ours. */
  kill(): void;
};

const REACHABLE_MS = 30_000;
const POLL_MS = 500;
const STEADY_MS = 30_000;
const MINIMUM_VERSION = 15;

/**
 * Starts the embedded PostgreSQL and keeps it running.
 * @param onMove called when it had to come back under another address
 */
export async function runEmbedded(dataDir: string, onMove: (url: string) => void): Promise<Database> {
  let server = await startEmbedded({ dataDir });
  let stopping = false;
  const { url, created, tookOver } = server;
  const { port } = new URL(url);
  const notes = [created ? "new" : "", tookOver ? "one left by a killed start was ended first" : ""].filter(Boolean);

  const keepRunning = async (): Promise<void> => {
    let crashes = 0;
    for (;;) {
      const startedAt = performance.now();
      const how = await server.ended;
      if (stopping) return;
      crashes = performance.now() - startedAt > STEADY_MS ? 0 : crashes + 1;
      say(`PostgreSQL ended (${how}); starting it again in ${(backoff(crashes) / 1000).toFixed(1)} s`);
      server = (await startAgain(dataDir, crashes, () => stopping)) ?? server;
      if (stopping) return server.stop();
      say("PostgreSQL is back");
      if (server.url !== url) onMove(server.url);
    }
  };
  const kept = keepRunning();
  return {
    url,
    description: [`127.0.0.1:${port}`, ...notes].join(", "),
    stop: async () => {
      stopping = true;
      await server.stop();
      await kept;
    },
    kill: () => {
      stopping = true;
      server.kill();
    },
  };
}

async function startAgain(
  dataDir: string,
  crashes: number,
  isStopping: () => boolean,
): Promise<EmbeddedServer | undefined> {
  for (let attempt = crashes; ; attempt += 1) {
    await sleep(backoff(attempt));
    if (isStopping()) return undefined;
    try {
      return await startEmbedded({ dataDir });
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
}

/**
 * Waits for a PostgreSQL of the user's own, which may be starting at the same time.
 * @throws LaunchError when it cannot be reached, or is too old
 */
export async function reachExternal(url: string, signal: AbortSignal): Promise<Database> {
  const { host } = new URL(url);
  const deadline = performance.now() + REACHABLE_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on("error", () => {}); // The call that is under way is rejected too.
    try {
      await client.connect();
      const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
      const version = rows[0]?.version ?? "";
      if (Number.parseInt(version, 10) < MINIMUM_VERSION) {
        throw new LaunchError(`PostgreSQL ${version} at ${host} is too old: ${MINIMUM_VERSION} or newer is needed.`);
      }
      return { url, description: `PostgreSQL ${version} at ${host}`, stop: async () => {}, kill: () => {} };
    } catch (error) {
      if (error instanceof LaunchError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (signal.aborted || !isUnavailable(error) || performance.now() > deadline) {
        throw new LaunchError(`The database of DATABASE_URL (${host}) cannot be used: ${reason}`);
      }
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** Whether somebody has an account already. */
export async function isSetUp(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ set_up: boolean }>('SELECT EXISTS (SELECT FROM "user") AS set_up');
    return rows[0]?.set_up ?? false;
  } finally {
    await client.end();
  }
}
