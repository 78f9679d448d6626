import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type pg from "pg";
import { sqlState } from "@/lib/db/errors";

export type MigrationFile = { name: string; sql: string };

/** The folder of migrations. npm and Next.js both run with the project's folder as working directory. */
export function migrationsFolder(): string {
  return path.join(process.cwd(), "prisma", "migrations");
}

/** Names of all migrations that this version of the code needs, oldest first. */
export function migrationNames(): string[] {
  return readdirSync(migrationsFolder(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

export function readMigrations(): MigrationFile[] {
  return migrationNames().map((name) => ({
    name,
    sql: readFileSync(path.join(migrationsFolder(), name, "migration.sql"), "utf8"),
  }));
}

/** Names of the migrations that the database still lacks; all of them on an empty one. */
export async function pendingMigrations(database: pg.Pool): Promise<string[]> {
  const applied = await appliedMigrations(database);
  return migrationNames().filter((name) => !applied.has(name));
}

async function appliedMigrations(database: pg.Pool): Promise<Set<string>> {
  try {
    const { rows } = await database.query<{ migration_name: string }>(
      "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
    );
    return new Set(rows.map((row) => row.migration_name));
  } catch (error) {
    if (sqlState(error) === "42P01") return new Set();
    throw error;
  }
}
