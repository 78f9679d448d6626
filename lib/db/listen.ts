import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { clientConfig } from "@/lib/db/pool";
import { log } from "@/lib/log";

export type ListenLock = { name: string; until: AbortSignal };

export type ListenOptions = {
  /** Ends the listening. */
  signal: AbortSignal;
  /** Called after each reconnection: notifications of the time in between are lost, so look for yourself. */
  onGap?: () => void;
  /** An advisory lock that is held while this listens, for others to know of it; given back at `until`, if that is sooner. */
  lock?: ListenLock;
  /** Milliseconds between two heartbeats. */
  heartbeatMs?: number;
};

/** A silent connection is not an idle one: only an answer proves that notifications would still arrive. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT_ANSWER_MS = 5_000;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_LAST_MS = 5_000;

/**
 * Listens on PostgreSQL channels over a connection of its own, and reconnects whenever it breaks or stops answering.
 * @returns when the signal is aborted; never rejects because of the database
 */
export async function listen(
  channels: readonly string[],
  handler: (channel: string, payload: string) => void,
  { signal, onGap, lock, heartbeatMs = HEARTBEAT_MS }: ListenOptions,
): Promise<void> {
  let connectedBefore = false;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await listenOnce(channels, {
        handler,
        signal,
        lock,
        heartbeatMs,
        onReady: () => {
          failures = 0;
          if (connectedBefore) onGap?.();
          connectedBefore = true;
        },
      });
    } catch (err) {
      if (signal.aborted) return;
      failures += 1;
      log.warn({ err, channels }, "lost the connection that listens for notifications");
      // Half fixed, half random, so that the processes of one machine do not return in step.
      const ceiling = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures, 10));
      await pause(ceiling / 2 + (Math.random() * ceiling) / 2, signal);
    }
  }
}

type Session = {
  handler: (channel: string, payload: string) => void;
  signal: AbortSignal;
  lock: ListenLock | undefined;
  heartbeatMs: number;
  onReady: () => void;
};

/** One connection from its opening to its end: returns when the signal is aborted, throws when it breaks. */
async function listenOnce(channels: readonly string[], { handler, signal, lock, heartbeatMs, onReady }: Session) {
  const client = new pg.Client({ ...clientConfig("dumont-listen"), query_timeout: HEARTBEAT_ANSWER_MS });
  // Waits for whichever comes first: the heartbeat is due, the connection breaks, or the caller has enough.
  const ended = new AbortController();
  let failure: Error | undefined;
  client.on("error", (error) => {
    failure ??= error;
    ended.abort();
  });
  client.on("end", () => {
    failure ??= new Error("The server closed the connection.");
    ended.abort();
  });
  client.on("notification", ({ channel, payload }) => {
    try {
      handler(channel, payload ?? "");
    } catch (err) {
      log.error({ err, channel }, "a notification could not be handled");
    }
  });
  const either = AbortSignal.any([signal, ended.signal]);
  try {
    await client.connect();
    for (const channel of channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    let isLocked = await takeLock(client, lock);
    lock?.until.addEventListener("abort", () => giveBack(client, lock), { once: true, signal: ended.signal });
    onReady();
    while (!signal.aborted) {
      await pause(heartbeatMs, either);
      if (signal.aborted) return;
      if (failure) throw failure;
      if (isLocked) await client.query("SELECT 1");
      else isLocked = await takeLock(client, lock);
    }
  } finally {
    ended.abort();
    // Not awaited: on a connection that no longer answers, the farewell would never come back.
    client.end().catch(() => {});
  }
}

/** Not in its types: the number of the process that serves the connection, as the server told it in the beginning. */
type Numbered = { processID: number | null };

/**
 * Does not wait for it: until the server has noticed that the connection before this one is dead, that one holds it. Not
 * behind a pooler, which tells a number of its own: there the lock would stay with a connection that hears nothing.
 * @returns whether it need not be tried again
 */
async function takeLock(client: pg.Client, lock: ListenLock | undefined): Promise<boolean> {
  if (!lock || lock.until.aborted) return true;
  const text = `SELECT CASE WHEN pg_backend_pid() = $2 THEN pg_try_advisory_lock(hashtextextended($1, 0)) END AS taken`;
  const { processID } = client as pg.Client & Numbered;
  const { rows } = await client.query<{ taken: boolean | null }>(text, [lock.name, processID]);
  return rows[0]?.taken ?? false;
}

/** If that fails, the connection is lost and the lock with it. */
function giveBack(client: pg.Client, { name }: ListenLock): void {
  client.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", [name]).catch(() => {});
}

/** Resolves after the time or as soon as the signal is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
