import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { stopLeftover } from "@/lib/db/embedded/leftover";
import { identify, isRunning, signalProcess } from "@/lib/db/embedded/processes";
import { type EmbeddedServer, startEmbedded } from "@/lib/db/embedded/server";
import { applyMigrations } from "@/lib/db/migrate";
import { copyTemplate, dropDatabase, onServer, TEMPLATE, withDatabase } from "@/lib/db/vitest/databases";
import { PrismaClient } from "@/lib/generated/prisma/client";

/** Where the servers of this user's tests keep their files, so that those of killed runs can be found and ended. */
const TEST_ROOT = path.join(tmpdir(), `dumont-tests-${process.getuid?.() ?? 0}`);

export type TestDatabase = {
  url: string;
  pool: pg.Pool;
  db: PrismaClient;
  /** Closes both clients and removes the database, whoever is still connected to it. */
  drop(): Promise<void>;
};

/**
 * A migrated, empty database of its own. Tests of product code need none: the file's database, which `db` and `pool()`
 * lead to, is there before the test file is loaded.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const url = await copyTemplate(testServerUrl());
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  pool.on("error", () => {}); // Tests crash databases; a statement that suffers from it is rejected anyway.
  const db = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }) });
  return {
    url,
    pool,
    db,
    drop: async () => {
      await Promise.all([pool.end(), db.$disconnect()]);
      await dropDatabase(url);
    },
  };
}

export type TestServer = {
  /** Of a migrated, empty database; stays the same after crashes and restarts. */
  url: string;
  dataDir: string;
  /** Kills PostgreSQL without a chance to write anything. */
  crash(): Promise<void>;
  /** Starts it again after a crash or a stop. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
};

/**
 * A PostgreSQL of one's own, for tests that crash it.
 * @param options whether what it has confirmed outlives a crash, as in production
 */
export async function startTestServer({ durable = false } = {}): Promise<TestServer> {
  const dataDir = temporaryDataDir();
  let server = await startEmbedded({ dataDir, durable });
  const { url } = server;
  await applyMigrations(url);
  return {
    url,
    dataDir,
    crash: async () => {
      const identity = identify(server.pid);
      if (identity) signalProcess(identity, "SIGKILL");
      await server.ended;
    },
    restart: async () => {
      server = await startEmbedded({ dataDir, durable });
      if (server.url !== url) throw new Error("PostgreSQL came back under another address.");
    },
    stop: () => server.stop(),
    remove: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Starts the server of a whole test run and makes the template. */
export async function startSharedTestServer(): Promise<{ url: string; stop(): Promise<void> }> {
  await removeAbandoned();
  const dataDir = temporaryDataDir();
  const server: EmbeddedServer = await startEmbedded({ dataDir, durable: false });
  await onServer(server.url, (client) => client.query(`CREATE DATABASE ${TEMPLATE}`));
  await applyMigrations(withDatabase(server.url, TEMPLATE));
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function testServerUrl(): string {
  // biome-ignore lint/style/noProcessEnv: set by the test harness, not a setting of the product
  const url = process.env.TEST_SERVER_URL;
  if (!url) throw new Error("Test databases exist only in *.db.test.ts and *.faults.test.ts files.");
  return url;
}

/** A new DATA_DIR that names its owner, so that a later run can tell whether it is abandoned. */
function temporaryDataDir(): string {
  mkdirSync(TEST_ROOT, { recursive: true, mode: 0o711 });
  const folder = mkdtempSync(path.join(TEST_ROOT, "run-"));
  // The user under which PostgreSQL runs when we are root must get through.
  chmodSync(folder, 0o711);
  writeFileSync(path.join(folder, "owner.json"), JSON.stringify(identify(process.pid)));
  return folder;
}

/** Ends and removes what killed runs have left behind. */
async function removeAbandoned(): Promise<void> {
  mkdirSync(TEST_ROOT, { recursive: true, mode: 0o711 });
  for (const name of readdirSync(TEST_ROOT)) {
    const folder = path.join(TEST_ROOT, name);
    try {
      const owner: unknown = JSON.parse(readFileSync(path.join(folder, "owner.json"), "utf8"));
      if (isIdentity(owner) && isRunning(owner)) continue;
      await stopLeftover(path.join(folder, "postgres"));
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Just being made, or half removed: the next run will see.
    }
  }
}

function isIdentity(value: unknown): value is { pid: number; startedAt: string } {
  return typeof value === "object" && value !== null && "pid" in value && "startedAt" in value;
}
