import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Account, serverAccount } from "@/lib/db/embedded/account";
import { type Binaries, usableBinaries } from "@/lib/db/embedded/binaries";
import { EmbeddedError } from "@/lib/db/embedded/embedded-error";
import { stopLeftover, stopServer } from "@/lib/db/embedded/leftover";
import { type Cluster, locateCluster, writeCluster, writePrivate } from "@/lib/db/embedded/location";
import { memoryBytes, sharedBuffersMib } from "@/lib/db/embedded/memory";
import { identify, signalProcess } from "@/lib/db/embedded/processes";
import { connectionFile } from "@/lib/db/url";

export type EmbeddedOptions = {
  dataDir: string;
  /** False only for throw-away test data: lets the operating system decide when to write. */
  durable?: boolean;
};

export type EmbeddedServer = {
  /** Connection URL of the database `dumont`. */
  url: string;
  pid: number;
  /** Whether a PostgreSQL that an earlier launcher left behind had to be ended first. */
  tookOver: boolean;
  /** Whether the data files are new. */
  created: boolean;
  /** Resolves when PostgreSQL has ended, for whatever reason, saying how. */
  ended: Promise<string>;
  stop(): Promise<void>;
  /** Ends it at once; what was committed is recovered at the next start. */
  kill(): void;
};

const DATABASE = "dumont";
const USER = "dumont";
const HOST = "127.0.0.1";
/** Recovery after a crash may have much to replay; a PostgreSQL that gives up ends by itself long before. */
const READY_TIMEOUT_MS = 10 * 60_000;
const READY_POLL_MS = 30;
const LOG_MAX_BYTES = 10 * 1024 * 1024;
const LOG_TAIL_LINES = 12;

/**
 * Starts the embedded PostgreSQL of a DATA_DIR and creates its files and its database where they are missing. It
 * listens on 127.0.0.1 only, on a port of its own, with a random password. The process is in a session of its own, so
 * that Ctrl-C reaches the launcher first, and outlives a launcher that is killed; the next start then ends it.
 * @throws EmbeddedError for the person at the console
 */
export async function startEmbedded({ dataDir, durable = true }: EmbeddedOptions): Promise<EmbeddedServer> {
  const account = serverAccount();
  const binaries = usableBinaries(account);
  const cluster = await locateCluster(dataDir, account);
  const owner = ownerOf(cluster.folder) ?? account;
  const tookOver = await stopLeftover(cluster.folder);
  const created = !existsSync(path.join(cluster.folder, "PG_VERSION"));
  if (created) await initialise(cluster, { binaries, account: owner });

  const port = await choosePort(cluster.port);
  const logFile = path.join(cluster.home, "postgres.log");
  const child = launch({ cluster, binaries, account: owner, port, logFile, durable });
  const ended = describeEnd(child);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  const url = connectionUrl(cluster.password, port, DATABASE);
  try {
    await untilReady({ adminUrl: connectionUrl(cluster.password, port, "postgres"), ended });
  } catch (error) {
    const tail = readTail(logFile);
    throw new EmbeddedError(`PostgreSQL did not start: ${error instanceof Error ? error.message : error}\n${tail}`);
  }
  if (!identity) throw new EmbeddedError("PostgreSQL ended right after its start.");
  if (cluster.port !== port) writeCluster({ ...cluster, port });
  writePrivate(connectionFile(cluster.home), JSON.stringify({ url, pid: identity.pid }));
  return {
    url,
    pid: identity.pid,
    tookOver,
    created,
    ended,
    stop: async () => {
      rmSync(connectionFile(cluster.home), { force: true });
      child.ref(); // There may be nothing else left that keeps the caller waiting for its end.
      await stopServer(identity);
      await ended;
    },
    kill: () => signalProcess(identity, "SIGQUIT"),
  };
}

/** As root: whoever owns the files goes on owning them, even if another account would be chosen today. */
function ownerOf(folder: string): Account | undefined {
  if (process.getuid?.() !== 0 || !existsSync(folder)) return undefined;
  const { uid, gid } = statSync(folder);
  return uid === 0 ? undefined : { uid, gid };
}

type Runner = { binaries: Binaries; account: Account | undefined };

/** Creates the files under another name first, so that an interrupted start leaves nothing half done behind. */
async function initialise(cluster: Cluster, { binaries, account }: Runner): Promise<void> {
  const parent = path.dirname(cluster.folder);
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  const prefix = `${path.basename(cluster.folder)}.new-`;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix)) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  const unfinished = path.join(parent, `${prefix}${process.pid}`);
  const passwordFile = path.join(parent, `${prefix}password`);
  mkdirSync(unfinished, { mode: 0o700 });
  chmodSync(unfinished, 0o700);
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (account) {
    chownSync(unfinished, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  try {
    // Sorting by code point and lower() for all of Unicode, the same on every machine whatever its locales.
    const options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const child = spawn(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--no-instructions",
        ...options,
      ],
      { ...account, cwd: "/", env: serverEnvironment(), stdio: ["ignore", "ignore", "pipe"] },
    );
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const how = await describeEnd(child);
    if (child.exitCode !== 0) throw new EmbeddedError(`PostgreSQL could not create its files (${how}):\n${output}`);
    renameSync(unfinished, cluster.folder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

type Launch = Runner & { cluster: Cluster; port: number; logFile: string; durable: boolean };

function launch({ cluster, binaries, account, port, logFile, durable }: Launch): ChildProcess {
  const settings = {
    listen_addresses: HOST,
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: `${sharedBuffersMib(memoryBytes())}MB`,
    timezone: "UTC",
    log_timezone: "UTC",
    jit: "off",
    // A checkpoint after every half GB of write-ahead log, as by default, comes every few seconds under load, and after each
    // the first change of a page writes all of it to the log.
    max_wal_size: "4GB",
    // Errors of statements go to the process that sent them; the log is for what happens to the server.
    log_min_messages: "log",
    log_checkpoints: "off",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  if (existsSync(logFile) && statSync(logFile).size > LOG_MAX_BYTES) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, "a", 0o600);
  try {
    const child = spawn(
      binaries.postgres,
      [
        "-D",
        cluster.folder,
        "-p",
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      { ...account, cwd: "/", env: serverEnvironment(), stdio: ["ignore", log, log], detached: true },
    );
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Nothing of ours: the environment of the caller holds secrets, and its locale would change messages we read. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: "production", PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}

async function describeEnd(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, "exit");
    return signal ? `ended by ${signal}` : `exit code ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The port of last time if it is free, else any free one. */
async function choosePort(preferred: number | undefined): Promise<number> {
  return (preferred !== undefined ? await tryPort(preferred) : undefined) ?? (await tryPort(0)) ?? 0;
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ host: HOST, port, exclusive: true });
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}

/** Returns when PostgreSQL takes connections and the database exists; throws when it ends before. */
async function untilReady({ adminUrl, ended }: { adminUrl: string; ended: Promise<string> }): Promise<void> {
  let end: string | undefined;
  void ended.then((how) => {
    end = how;
  });
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
    // A broken connection also rejects the call that waits on it, and is tried again there.
    client.on("error", () => {});
    try {
      await client.connect();
      const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
      return;
    } catch (error) {
      if (end !== undefined) throw new Error(end);
      if (performance.now() > deadline) throw error;
    } finally {
      await client.end().catch(() => {});
    }
    await sleep(READY_POLL_MS);
  }
}

function connectionUrl(password: string, port: number, database: string): string {
  return `postgresql://${USER}:${password}@${HOST}:${port}/${database}`;
}

function readTail(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n");
  } catch {
    return "";
  }
}
