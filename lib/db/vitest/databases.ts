import { randomBytes } from "node:crypto";
import pg from "pg";

// Loaded before the database of a test file is known, so nothing here may lead to lib/env, which reads its URL.

/** The migrated database that every test database is a copy of. */
export const TEMPLATE = "dumont_template";

/** Makes a migrated, empty database on the shared server and gives its URL. */
export async function copyTemplate(serverUrl: string): Promise<string> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  return withDatabase(serverUrl, name);
}

/** Removes a database that `copyTemplate` made. */
export async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await onServer(withDatabase(url, "postgres"), (client) =>
    client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
  );
}

export async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
