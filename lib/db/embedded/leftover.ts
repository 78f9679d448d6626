import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  commandLine,
  identify,
  type ProcessIdentity,
  processesIn,
  signalProcess,
  waitForExit,
} from "@/lib/db/embedded/processes";

/** PostgreSQL writes a checkpoint before it ends, which takes a while on a slow disk. */
const FAST_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 5_000;
/** Its processes end by themselves as soon as they notice that the first of them is gone. */
const SESSIONS_END_MS = 10_000;
const POLL_MS = 25;

/** The PostgreSQL that runs on this folder, whoever started it. */
export function findServer(folder: string): ProcessIdentity | undefined {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(path.join(folder, "postmaster.pid"), "utf8"), 10);
  } catch {
    return undefined;
  }
  const identity = identify(pid);
  // The number may have passed to another process since; a PostgreSQL of ours names its folder.
  return identity && commandLine(pid).split(" ").includes(folder) ? identity : undefined;
}

/**
 * Ends the PostgreSQL that a killed launcher left behind on this folder, if any, so that a new one can start there.
 * @returns whether there was one
 */
export async function stopLeftover(folder: string): Promise<boolean> {
  const server = findServer(folder);
  if (server) await stopServer(server);
  await clearStaleLock(folder);
  return server !== undefined;
}

/** Fast shutdown: sessions are ended and everything is written. What does not react is ended harder; nothing is lost. */
export async function stopServer(server: ProcessIdentity): Promise<void> {
  signalProcess(server, "SIGINT");
  if (await waitForExit(server, FAST_STOP_MS)) return;
  signalProcess(server, "SIGQUIT");
  if (await waitForExit(server, IMMEDIATE_STOP_MS)) return;
  signalProcess(server, "SIGKILL");
  await waitForExit(server, IMMEDIATE_STOP_MS);
}

/**
 * Removes the lock file of a PostgreSQL that is no more. PostgreSQL does so itself, unless the number in it has passed
 * to another process, as numbers do in a restarted container, or belongs to a dead one that nobody has reaped. What it
 * guards against must be made sure of first: no process of the old server may still be at work on the files.
 */
async function clearStaleLock(folder: string): Promise<void> {
  const lockFile = path.join(folder, "postmaster.pid");
  if (process.platform !== "linux" || !existsSync(lockFile)) return;
  const deadline = performance.now() + SESSIONS_END_MS;
  while (processesIn(folder).length > 0) {
    if (performance.now() > deadline) return; // Let PostgreSQL judge.
    await sleep(POLL_MS);
  }
  rmSync(lockFile, { force: true });
}
