import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { DATA_DIR } from "./installation";

/** Works in the database of the product under test: for what would take a test too long to bring about by itself. */
export async function inDatabase(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const { url } = JSON.parse(readFileSync(path.join(DATA_DIR, "postgres.json"), "utf8")) as { url: string };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
