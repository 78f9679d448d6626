import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, type ProcessIdentity } from "@/lib/db/embedded/processes";
import { LaunchError } from "./environment";
import { say } from "./progress";

export type Supervised = {
  name: string;
  /** The running process; undefined between an end and the next start. */
  identity(): ProcessIdentity | undefined;
  /** Tells it to read its configuration again: SIGHUP. Only for a child that hears it. */
  reload(): void;
  /** Asks it to end, insists after a while, and returns when it has ended. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
};

export type ChildOptions = {
  name: string;
  /** Arguments for Node.js. */
  command: string[];
  env: NodeJS.ProcessEnv;
  /** Called whenever its process is another one. */
  onChange: () => void;
};

const READY_MS = 120_000;
/** A worker finishes the requests under way, which take 10 s at most. */
const STOP_MS = 15_000;
const BACKOFF_FIRST_MS = 250;
const BACKOFF_LAST_MS = 10_000;
/** Having run for so long, it is not one that keeps crashing. */
const STEADY_MS = 30_000;

/**
 * Starts a child and returns when it is ready; from then on it is started again whenever it ends by itself.
 *
 * Each child leads a session of its own, so that Ctrl-C reaches only the launcher, which ends things in order. It is
 * connected to the launcher by a channel, whose end tells it that the launcher is gone.
 * @throws LaunchError when it ends before it is ready for the first time; it has said why by then
 */
export async function supervise({ name, command, env, onChange }: ChildOptions): Promise<Supervised> {
  const stopping = new AbortController();
  let current: ChildProcess | undefined;

  const start = (): ChildProcess => {
    const child = spawn(process.execPath, command, {
      env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      detached: true,
    });
    child.on("error", () => {}); // Also ends it, which is dealt with there.
    current = child;
    onChange();
    return child;
  };

  const keepRunning = async (first: ChildProcess): Promise<void> => {
    let child = first;
    let crashes = 0;
    let startedAt = performance.now();
    for (;;) {
      const how = await untilEnd(child);
      current = undefined;
      onChange();
      if (stopping.signal.aborted) return;
      crashes = performance.now() - startedAt > STEADY_MS ? 0 : crashes + 1;
      const delayMs = backoff(crashes);
      say(`The ${name} ended (${how}); starting it again in ${(delayMs / 1000).toFixed(1)} s`);
      await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      startedAt = performance.now();
      child = start();
    }
  };

  const first = start();
  await untilReady(first, name);
  const kept = keepRunning(first);
  return {
    name,
    identity: () => (current?.pid === undefined ? undefined : identify(current.pid)),
    reload: () => void current?.kill("SIGHUP"),
    stop: async () => {
      stopping.abort();
      current?.kill("SIGTERM");
      const insist = setTimeout(() => killGroup(current), STOP_MS);
      await kept;
      clearTimeout(insist);
    },
    kill: () => {
      stopping.abort();
      killGroup(current);
    },
  };
}

/** Milliseconds to wait before something that has just crashed for the n-th time in a row is started again. */
export function backoff(crashes: number): number {
  return Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** Math.max(0, crashes - 1));
}

async function untilReady(child: ChildProcess, name: string): Promise<void> {
  const timeout = new AbortController();
  const outcome = await Promise.race([
    once(child, "message").then(() => "ready"),
    untilEnd(child),
    sleep(READY_MS, `no sign of life in ${READY_MS / 1000} s`, { signal: timeout.signal }),
  ]);
  timeout.abort();
  if (outcome === "ready") return;
  killGroup(child);
  throw new LaunchError(`The ${name} did not start (${outcome}).`);
}

async function untilEnd(child: ChildProcess): Promise<string> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit").catch(() => {});
  return child.signalCode ?? `exit code ${child.exitCode}`;
}

/** With everything that it has started itself. */
function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
