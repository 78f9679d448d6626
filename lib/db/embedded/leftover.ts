import { readFileSync } from "node:fs";
import path from "node:path";
import { commandLine, identify, type ProcessIdentity, signalProcess, waitForExit } from "@/lib/db/embedded/processes";

/** PostgreSQL writes a checkpoint before it ends, which takes a while on a slow disk. */
const FAST_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 5_000;

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
 * Ends the PostgreSQL that a killed launcher left behind on this folder, if any.
 * @returns whether there was one
 */
export async function stopLeftover(folder: string): Promise<boolean> {
  const server = findServer(folder);
  if (!server) return false;
  await stopServer(server);
  return true;
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
