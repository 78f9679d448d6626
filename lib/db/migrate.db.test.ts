import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { applyMigrations, authorMigration, differenceToSchema } from "@/lib/db/migrate";
import { migrationNames, pendingMigrations } from "@/lib/db/migration-files";
import { pool } from "@/lib/db/pool";
import { createTestDatabase, type TestDatabase } from "@/lib/db/testing";

let empty: TestDatabase;

beforeAll(async () => {
  empty = await createTestDatabase();
  await empty.pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
});
afterAll(() => empty.drop());

const urlOfFile = () => String(pool().options.connectionString);

test("schema.prisma and the migrations agree", async () => {
  expect(await differenceToSchema(urlOfFile())).toBe("");
});

test("the comparison sees tables, columns, indexes and foreign keys that differ", async () => {
  const changed = await createTestDatabase();
  try {
    await changed.pool.query(`
      CREATE TABLE surplus (id text PRIMARY KEY);
      ALTER TABLE project DROP COLUMN plan;
      ALTER TABLE webhook ALTER COLUMN description TYPE varchar(100);
      DROP INDEX identity_user_id_idx;
      ALTER TABLE member DROP CONSTRAINT member_user_id_fkey;
    `);
    const difference = await differenceToSchema(changed.url);
    for (const part of ['"surplus"', '"plan"', '"description"', '"identity_user_id_idx"', '"member_user_id_fkey"']) {
      expect(difference).toContain(part);
    }
  } finally {
    await changed.drop();
  }
});

test("several processes may migrate one empty database at once", async () => {
  expect(await pendingMigrations(empty.pool)).toEqual(migrationNames());
  const applied = await Promise.all([1, 2, 3].map(() => applyMigrations(empty.url)));
  expect(applied.flat()).toEqual(migrationNames());
  expect(await pendingMigrations(empty.pool)).toEqual([]);
});

test("applying again changes nothing", async () => {
  const history = "SELECT * FROM _prisma_migrations ORDER BY migration_name";
  const before = await empty.pool.query(history);
  expect(await applyMigrations(empty.url)).toEqual([]);
  expect((await empty.pool.query(history)).rows).toEqual(before.rows);
  expect(before.rows.map((row) => [row.migration_name, row.applied_steps_count])).toEqual(
    migrationNames().map((name) => [name, 1]),
  );
});

test("a migration that a crash interrupted is applied at the next start", async () => {
  const crashed = await createTestDatabase();
  try {
    // As the crash leaves it: begun, and everything it did rolled back.
    await crashed.pool.query(`
      DROP SCHEMA public CASCADE; CREATE SCHEMA public;
      CREATE TABLE _prisma_migrations (
        id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
        migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
        started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0);
    `);
    await crashed.pool.query("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', $1)", [
      migrationNames()[0],
    ]);
    expect(await applyMigrations(crashed.url)).toEqual(migrationNames());
    expect(await differenceToSchema(crashed.url)).toBe("");
  } finally {
    await crashed.drop();
  }
});

test("a script is one transaction, and its semicolons are its own", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "dumont-project-"));
  const { cpSync, mkdirSync, writeFileSync } = await import("node:fs");
  const changed = await createTestDatabase();
  cpSync(path.join(process.cwd(), "prisma"), path.join(folder, "prisma"), { recursive: true });
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
  const write = (name: string, sql: string) => {
    mkdirSync(path.join(folder, "prisma", "migrations", name), { recursive: true });
    writeFileSync(path.join(folder, "prisma", "migrations", name, "migration.sql"), sql);
  };
  try {
    const body = "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a;b'; END $$;";
    write("30000101000000_half", `${body} SELECT 1 / 0; -- ;`);
    await expect(applyMigrations(changed.url)).rejects.toThrow("division by zero");
    expect((await changed.pool.query("SELECT to_regproc('f') AS f")).rows).toEqual([{ f: null }]);

    write("30000101000000_half", `${body} -- mended;`);
    expect(await applyMigrations(changed.url)).toEqual(["30000101000000_half"]);
    expect((await changed.pool.query("SELECT f()")).rows).toEqual([{ f: "a;b" }]);

    write("30000101000001_index", "CREATE INDEX CONCURRENTLY IF NOT EXISTS late_idx ON project (name)");
    expect(await applyMigrations(changed.url)).toEqual(["30000101000001_index"]);
  } finally {
    cwd.mockRestore();
    await changed.drop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a new migration is written from what was added to schema.prisma", async () => {
  const { appendFileSync, cpSync } = await import("node:fs");
  const folder = mkdtempSync(path.join(tmpdir(), "dumont-project-"));
  cpSync(path.join(process.cwd(), "prisma"), path.join(folder, "prisma"), { recursive: true });
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
  try {
    expect(await authorMigration(urlOfFile(), "nothing")).toBeUndefined();
    appendFileSync(path.join(folder, "prisma", "schema.prisma"), "\nmodel Extra {\n  id String @id\n}\n");
    const written = await authorMigration(urlOfFile(), "extra");
    expect(written).toMatch(/\d{14}_extra$/);
    expect(readFileSync(path.join(String(written), "migration.sql"), "utf8")).toContain('CREATE TABLE "Extra"');
    const { rows } = await pool().query("SELECT 1 FROM pg_database WHERE datname LIKE 'dumont_scratch%'");
    expect(rows).toEqual([]);
  } finally {
    cwd.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  }
});
