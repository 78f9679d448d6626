import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { DATA_DIR } from "./installation";

/** Runs statements on the database of the product under test, over a connection of their own. */
export async function onDatabase(run: (client: pg.Client) => Promise<void>): Promise<void> {
  const { url } = JSON.parse(readFileSync(path.join(DATA_DIR, "postgres.json"), "utf8")) as {
    url: string;
  };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}
