import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { env } from "@/lib/env";

/** There is no database to talk to: neither DATABASE_URL nor a running embedded PostgreSQL. */
export class DatabaseUrlError extends Error {
  override name = "DatabaseUrlError";
}

/** Written by the launcher into DATA_DIR while its PostgreSQL runs; read by every other process on the machine. */
const connectionSchema = z.object({ url: z.string(), pid: z.number().int().positive() });

/** Where the running embedded PostgreSQL is found. The file holds the password, so its mode is 0600. */
export function connectionFile(dataDir: string): string {
  return path.join(path.resolve(dataDir), "postgres.json");
}

/**
 * The database of this process: DATABASE_URL, or else the embedded PostgreSQL that runs for DATA_DIR.
 * @throws DatabaseUrlError saying how to get one
 */
export function resolveDatabaseUrl(): string {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  const file = connectionFile(env.DATA_DIR);
  const connection = readConnection(file);
  if (!connection || !isAlive(connection.pid)) {
    throw new DatabaseUrlError(
      `No database is running for ${path.dirname(file)}. Start one with "npm start", or set DATABASE_URL.`,
    );
  }
  return connection.url;
}

function readConnection(file: string): z.infer<typeof connectionSchema> | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EACCES") {
      throw new DatabaseUrlError(`${file} belongs to another user. Run this command as the user who ran "npm start".`);
    }
    return undefined;
  }
  return connectionSchema.safeParse(parseJson(text)).data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Signal 0 only asks. EPERM means that it lives under another user, as PostgreSQL does when root runs npm start. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
