import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { migrationsFolder, readMigrations } from "@/lib/db/migration-files";
import { withSchemaEngine } from "@/lib/db/schema-engine";

/** Any number that no other use of advisory locks in this database takes. */
const LOCK = 7_351_046;

const SCHEMA_FILE = "prisma/schema.prisma";
const LOCKFILE = "migration_lock.toml";
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/**
 * Records the migration as finished in the very transaction that applies it, so that a crash between the two cannot
 * leave the engine in doubt. The engine has just inserted the one row that is unfinished.
 */
const RECORD_FINISHED =
  '\n;UPDATE "_prisma_migrations" SET "finished_at" = now() WHERE "finished_at" IS NULL AND "rolled_back_at" IS NULL;';

/** Some statements refuse to share a transaction, and so stand alone in their migration, without the record. */
const STANDS_ALONE = /\bCONCURRENTLY\b/i;

/**
 * Brings the database up to date. Safe to call from several processes at once: one works, the others wait and find
 * nothing left to do.
 * @returns names of the migrations that were applied now
 */
export async function applyMigrations(url: string): Promise<string[]> {
  const guard = await connect(url);
  try {
    await guard.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await clearInterrupted(guard);
    const rewriteScript = (script: string) => (STANDS_ALONE.test(script) ? script : script + RECORD_FINISHED);
    const { appliedMigrationNames } = await withSchemaEngine({ url, rewriteScript }, (engine) =>
      engine.applyMigrations({ migrationsList: migrationList(), filters: NO_FILTERS }),
    );
    return appliedMigrationNames;
  } finally {
    await guard.end(); // Which also gives the lock back.
  }
}

/**
 * The SQL that would lead from the database as it is to the one that schema.prisma describes; empty when they agree.
 * What schema.prisma cannot express, such as CHECK constraints and partial indexes, is not looked at.
 */
export function differenceToSchema(url: string): Promise<string> {
  const files = [{ path: SCHEMA_FILE, content: readFileSync(path.join(process.cwd(), SCHEMA_FILE), "utf8") }];
  return withSchemaEngine({ url }, async (engine) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: "" },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: true,
      filters: NO_FILTERS,
    });
    return exitCode === 0 ? "" : (stdout ?? "");
  });
}

/**
 * Writes a new migration that leads from the existing ones to schema.prisma, found with the help of a scratch database
 * beside the given one.
 * @returns its folder; undefined when there is nothing to do
 */
export async function authorMigration(url: string, name: string): Promise<string | undefined> {
  const scratch = `dumont_scratch_${randomBytes(4).toString("hex")}`;
  const admin = await connect(url);
  try {
    await admin.query(`CREATE DATABASE ${scratch}`);
    const scratchUrl = new URL(url);
    scratchUrl.pathname = `/${scratch}`;
    await applyMigrations(scratchUrl.href);
    const sql = await differenceToSchema(scratchUrl.href);
    if (sql === "") return undefined;
    const stamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
    const folder = path.join(migrationsFolder(), `${stamp}_${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "migration.sql"), sql);
    return folder;
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${scratch} WITH (FORCE)`);
    await admin.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "dumont-migrate" });
  client.on("error", () => {}); // The statement that is under way reports it.
  await client.connect();
  return client;
}

/**
 * A migration that was begun and is not recorded as finished has left nothing behind, for it is one transaction (or
 * one statement that can be repeated). The engine would refuse to go on for good; this lets it try again.
 */
async function clearInterrupted(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present",
  );
  if (!rows[0]?.present) return;
  await client.query(
    'UPDATE "_prisma_migrations" SET "rolled_back_at" = now() WHERE "finished_at" IS NULL AND "rolled_back_at" IS NULL',
  );
}

function migrationList() {
  const folder = migrationsFolder();
  return {
    baseDir: folder,
    lockfile: { path: LOCKFILE, content: readFileSync(path.join(folder, LOCKFILE), "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: readMigrations().map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
    })),
  };
}
