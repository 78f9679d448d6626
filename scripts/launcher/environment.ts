import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

// Runs before lib/env is loaded, because that reads the environment once and for all.

const SECRETS = ["DUMONT_SECRET_KEY", "NEXTAUTH_SECRET"] as const;
const secretsSchema = z.partialRecord(z.enum(SECRETS), z.string());

/** The start cannot go on; the message is for the person at the console and names the mend. */
export class LaunchError extends Error {
  override name = "LaunchError";
}

/**
 * Completes the environment of this process: from the file `.env`, and with the secrets that an earlier start
 * generated into DATA_DIR. What is set already stays.
 */
export function loadEnvironment(): void {
  if (existsSync(".env")) process.loadEnvFile(".env");
  if (SECRETS.every((name) => process.env[name])) return;
  for (const [name, value] of Object.entries(readSecrets())) {
    if (!process.env[name]) process.env[name] = value;
  }
}

/**
 * Generates the secrets that are still missing and keeps them in DATA_DIR, readable for this user only. Beside a
 * database of one's own they are to be given instead: generated ones would be different in every process's DATA_DIR.
 * @throws LaunchError naming the missing ones when DATABASE_URL is set
 */
export function ensureSecrets(): void {
  const missing = SECRETS.filter((name) => !process.env[name]);
  if (missing.length === 0) return;
  if (process.env.DATABASE_URL) {
    throw new LaunchError(
      `DATABASE_URL is set, so ${missing.join(" and ")} must be set too, to the same value for every process that ` +
        "uses that database. For a new installation, make one with: openssl rand -base64 32",
    );
  }
  const generated = Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString("base64url")]));
  mkdirSync(dataDir(), { recursive: true, mode: 0o711 });
  writeFileSync(secretsFile(), `${JSON.stringify({ ...readSecrets(), ...generated }, null, 2)}\n`, { mode: 0o600 });
  Object.assign(process.env, generated);
}

function readSecrets(): z.infer<typeof secretsSchema> {
  if (!existsSync(secretsFile())) return {};
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(secretsFile(), "utf8")));
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : "it is damaged";
    throw new LaunchError(
      `The secrets in ${secretsFile()} cannot be read (${reason}). Run this as the user who ran "npm start" before, ` +
        "or restore the file from a backup: without it, stored webhook secrets cannot be decrypted.",
    );
  }
}

function dataDir(): string {
  return path.resolve(process.env.DATA_DIR || ".data");
}

function secretsFile(): string {
  return path.join(dataDir(), "secrets.json");
}
