import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { z } from "zod";
import { writePrivate } from "@/lib/db/embedded/location";
import {
  commandLine,
  identify,
  isRunning,
  type ProcessIdentity,
  parentOf,
  signalProcess,
  waitForExit,
} from "@/lib/db/embedded/processes";
import { LaunchError } from "./environment";
import { say } from "./progress";

const identitySchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() });

const recordSchema = z.object({
  launcher: identitySchema,
  /** The npm that runs the launcher. */
  npm: identitySchema.optional(),
  url: z.string(),
  children: z.array(identitySchema),
});

/** The one launcher of a DATA_DIR. */
export type Instance = {
  /** Notes which children run, for the next start to end them should this launcher be killed. */
  record(children: ProcessIdentity[]): void;
  release(): void;
};

const LAUNCHER_STOP_MS = 30_000;
const CHILD_STOP_MS = 5_000;
const ANCESTORS = 4;

/**
 * Makes this process the launcher of its DATA_DIR, and ends what a killed one has left running: only processes whose
 * number and time of start are on record.
 * @throws LaunchError when another launcher is at work there
 */
export async function claimInstance(dataDir: string, url: string): Promise<Instance> {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const file = path.join(realpathSync(dataDir), "launcher.json");
  const lock = (await takeLock(file)) ?? (await takeOver(file));
  await endLeftovers(file);
  const launcher = identify(process.pid);
  const npm = findNpm();
  const record = (children: ProcessIdentity[]) => {
    if (launcher) writePrivate(file, JSON.stringify({ launcher, ...(npm ? { npm } : {}), url, children }));
  };
  record([]);
  return {
    record,
    release: () => {
      rmSync(file, { force: true });
      lock.close();
    },
  };
}

/**
 * The npm that runs this script, if one does. npm that is killed takes nothing with it, so the launcher watches it:
 * without it nobody could stop the launcher by Ctrl-C.
 */
export function findNpm(): ProcessIdentity | undefined {
  if (!process.env.npm_lifecycle_event) return undefined;
  let pid: number | undefined = process.pid;
  for (let level = 0; level < ANCESTORS; level += 1) {
    pid = pid === undefined ? undefined : parentOf(pid);
    if (pid === undefined) return undefined;
    if (/^npm /.test(commandLine(pid))) return identify(pid);
  }
  return undefined;
}

/** The lock ends with the process that holds it, however that ends: a name that lives in the kernel, not in a file. */
async function takeLock(file: string): Promise<Server | undefined> {
  const name = createHash("sha256").update(file).digest("hex").slice(0, 32);
  const lock = createServer();
  lock.unref();
  // Elsewhere there are no such names, and the record alone has to do.
  lock.listen(process.platform === "linux" ? `\0dumont-${name}` : 0);
  try {
    await once(lock, "listening");
    return lock;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return undefined;
    throw error;
  }
}

/** The lock is held. By a launcher whose npm was killed: end it and take the lock. By any other: give way. */
async function takeOver(file: string): Promise<Server> {
  const record = readRecord(file);
  if (record?.npm && !isRunning(record.npm)) {
    say(`Ending the launcher whose npm was killed (process ${record.launcher.pid})`);
    signalProcess(record.launcher, "SIGTERM");
    if (!(await waitForExit(record.launcher, LAUNCHER_STOP_MS))) signalProcess(record.launcher, "SIGKILL");
    await waitForExit(record.launcher, CHILD_STOP_MS);
    const lock = await takeLock(file);
    if (lock) return lock;
  }
  const where = record ? `at ${record.url}, process ${record.launcher.pid}` : "and is just starting or ending";
  throw new LaunchError(`Dumont already runs from this folder (${where}). Stop it there with Ctrl-C first.`);
}

async function endLeftovers(file: string): Promise<void> {
  const record = readRecord(file);
  const left = record?.children.filter(isRunning) ?? [];
  if (left.length === 0) return;
  say(`Ending what a killed launcher left running (${left.map((child) => `process ${child.pid}`).join(", ")})`);
  for (const child of left) signalProcess(child, "SIGTERM");
  await Promise.all(
    left.map(async (child) => {
      if (await waitForExit(child, CHILD_STOP_MS)) return;
      signalProcess(child, "SIGKILL");
      await waitForExit(child, CHILD_STOP_MS);
    }),
  );
}

function readRecord(file: string): z.infer<typeof recordSchema> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined; // Nothing that could be relied on.
  }
}
