import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

// Runs before lib/env is loaded, because that reads the environment once and for all.

const SECRETS = ["DUMONT_SECRET_KEY", "NEXTAUTH_SECRET"] as const;
/** Kept while a rotation is under way: what it encrypted still opens. */
const PREVIOUS_KEY = "DUMONT_SECRET_KEY_PREVIOUS";
const secretsSchema = z.partialRecord(z.enum([...SECRETS, PREVIOUS_KEY]), z.string());

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
  const secrets = readSecrets();
  // The previous key belongs to the file's own key: beside another one it would be some other installation's.
  if (process.env.DUMONT_SECRET_KEY) delete secrets[PREVIOUS_KEY];
  for (const [name, value] of Object.entries(secrets)) {
    if (!process.env[name]) process.env[name] = value;
  }
}

/** Whether the master key in use is the one that was generated into DATA_DIR. */
export function hasOwnKeyFile(): boolean {
  const { DUMONT_SECRET_KEY: kept } = readSecrets();
  return kept !== undefined && kept === process.env.DUMONT_SECRET_KEY;
}

/** Generates a new master key into DATA_DIR and keeps the present one beside it. No process may be using it meanwhile. */
export function startNewKey(): void {
  const { DUMONT_SECRET_KEY: present, ...others } = readSecrets();
  if (present === undefined) throw new LaunchError(`${secretsFile()} holds no DUMONT_SECRET_KEY.`);
  writeSecrets({ ...others, DUMONT_SECRET_KEY: randomKey(), [PREVIOUS_KEY]: present });
}

/** Nothing is encrypted with it any more. */
export function forgetPreviousKey(): void {
  const { [PREVIOUS_KEY]: _previous, ...kept } = readSecrets();
  writeSecrets(kept);
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
  const generated = Object.fromEntries(missing.map((name) => [name, randomKey()]));
  mkdirSync(dataDir(), { recursive: true, mode: 0o711 });
  writeSecrets({ ...readSecrets(), ...generated });
  Object.assign(process.env, generated);
}

function randomKey(): string {
  return randomBytes(32).toString("base64url");
}

/** As a whole or not at all: half a file would be the loss of every stored secret. */
function writeSecrets(secrets: z.infer<typeof secretsSchema>): void {
  const temporary = `${secretsFile()}.new`;
  writeFileSync(temporary, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(temporary, secretsFile());
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
