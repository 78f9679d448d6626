import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { isRunning } from "@/lib/db/embedded/processes";
import { env, publicOrigin } from "@/lib/env";
import { build, isBuilt } from "./build";
import { WORKER_COMMAND } from "./build-worker";
import { type Database, isSetUp, reachExternal, runEmbedded } from "./database";
import { LaunchError } from "./environment";
import { claimInstance, findNpm } from "./instance";
import { prepareDatabase } from "./prepare";
import { say, step } from "./progress";
import { type Supervised, supervise } from "./supervise";

export type LaunchOptions = {
  /** Serve with `next dev`. */
  dev: boolean;
  /** Leave the console away; the tests of the launcher do. */
  web: boolean;
};

const WORKER = "worker";
const FROM_SOURCE = ["--import", "tsx"];
const NPM_POLL_MS = 500;
/** A terminal sends Ctrl-C to npm and to us, and npm passes it on: within this time it is one and the same. */
const SAME_CTRL_C_MS = 500;

/**
 * Runs everything on this machine until it is told to stop (Ctrl-C, SIGTERM, a closed terminal), then stops what it
 * has started, in reverse order. SIGHUP that is not a closed terminal makes it read the webhooks' file again.
 */
export async function launch({ dev, web }: LaunchOptions): Promise<void> {
  const children: Supervised[] = [];
  let database: Database | undefined;
  const stop = stopSignal({
    force: () => {
      for (const child of children) child.kill();
      database?.kill();
    },
    reload: () => {
      say("Reading the webhooks' file again");
      for (const child of children) if (child.name === WORKER) child.reload();
    },
  });
  const dataDir = path.resolve(env.DATA_DIR);
  const instance = await claimInstance(dataDir, publicOrigin);
  try {
    if (web) await checkPort(env.PORT);
    database = await startDatabase(dataDir, stop.signal, () => {
      for (const child of children) child.kill();
      stop.because(new LaunchError("PostgreSQL lost its port and came back under another one. Start Dumont again."));
    });
    await prepareDatabase(database.url);
    if (web && !dev) await buildIfNeeded(stop.signal);

    const childEnv = {
      ...process.env,
      NODE_ENV: dev ? ("development" as const) : ("production" as const),
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      PORT: String(env.PORT),
      NEXTAUTH_URL: env.NEXTAUTH_URL ?? publicOrigin,
    };
    const onChange = () => instance.record(children.flatMap((child) => child.identity() ?? []));
    const start = async (name: string, command: string[]) => {
      if (stop.signal.aborted) return;
      const child = await step(`Starting the ${name}`, () => supervise({ name, command, env: childEnv, onChange }));
      children.push(child);
      onChange();
    };
    if (web) await start("web server", [...FROM_SOURCE, "scripts/web.ts", ...(dev ? ["--dev"] : [])]);
    await start(WORKER, web && !dev ? WORKER_COMMAND : [...FROM_SOURCE, "scripts/worker.ts"]);

    if (!stop.signal.aborted) {
      announce({ web, setUp: await isSetUp(database.url), database });
      process.send?.({ ready: publicOrigin });
      await once(stop.signal, "abort");
    }
  } catch (error) {
    // What breaks because everything is being stopped is not worth a word.
    if (!stop.signal.aborted) stop.because(error);
  }
  say("Stopping …");
  await Promise.all(children.map((child) => child.stop()));
  await database?.stop();
  instance.release();
  if (stop.reason() !== undefined) throw stop.reason();
  say("Stopped");
}

type Stop = {
  signal: AbortSignal;
  because(reason: unknown): void;
  reason(): unknown;
};

function stopSignal({ force, reload }: { force: () => void; reload: () => void }): Stop {
  const controller = new AbortController();
  let reason: unknown;
  let first = Number.POSITIVE_INFINITY;
  const hadTerminal = hasTerminal();
  process.on("SIGHUP", () => {
    if (hadTerminal && !hasTerminal()) controller.abort();
    else reload();
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (signal === "SIGINT" && performance.now() - first > SAME_CTRL_C_MS) {
        say("Stopped by force");
        force();
        process.exit(130);
      }
      first = Math.min(first, performance.now());
      controller.abort();
    });
  }
  const npm = findNpm();
  if (npm) {
    const watch = setInterval(() => {
      if (isRunning(npm)) return;
      clearInterval(watch);
      controller.abort();
    }, NPM_POLL_MS);
    watch.unref();
  }
  return {
    signal: controller.signal,
    because: (why) => {
      reason ??= why;
      controller.abort();
    },
    reason: () => reason,
  };
}

/** Whether a terminal controls this process. One that was closed does so no more when its SIGHUP arrives. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

async function checkPort(port: number): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port);
    await once(probe, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    const why = code === "EACCES" ? "may not be opened by this user" : "is taken by another program";
    throw new LaunchError(`Port ${port} ${why}. Choose another one, for example: PORT=${port + 1} npm start`);
  } finally {
    probe.close();
  }
}

function startDatabase(dataDir: string, signal: AbortSignal, onMove: () => void): Promise<Database> {
  const url = env.DATABASE_URL;
  if (url) return step("Connecting to the database", () => reachExternal(url, signal), describe);
  return step("Starting PostgreSQL", () => runEmbedded(dataDir, onMove), describe);
}

function describe({ description }: Database): string {
  return description;
}

async function buildIfNeeded(signal: AbortSignal): Promise<void> {
  if (isBuilt()) return say("Building the console: not needed, nothing has changed");
  await step("Building the console, which takes a minute after changes", () => build({ quiet: true, signal }));
}

function announce({ web, setUp, database }: { web: boolean; setUp: boolean; database: Database }): void {
  const lines = [
    web ? `Dumont is ready:  ${publicOrigin}` : "Dumont is ready, without its console",
    ...(web && !setUp ? ["                  Open it to create the owner account."] : []),
    `Database:         ${env.DATABASE_URL ? database.description : `${path.resolve(env.DATA_DIR)} (${database.description})`}`,
    "Stop:             Ctrl-C",
  ];
  console.log(`\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
}
