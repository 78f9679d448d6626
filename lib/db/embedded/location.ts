import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { type Account, canEnter } from "@/lib/db/embedded/account";
import { EmbeddedError } from "@/lib/db/embedded/embedded-error";
import { stopLeftover } from "@/lib/db/embedded/leftover";

/** Where root keeps what PostgreSQL must reach and cannot reach in root's checkout. */
export const SHARED_DIR = "/var/lib/dumont";

const clusterSchema = z.object({
  /** DATA_DIR when this was written: tells a folder that was moved or copied. */
  home: z.string(),
  /** The folder of PostgreSQL's files. */
  folder: z.string(),
  password: z.string(),
  /** The port of the last start; taken again if it is free, so that other processes find the way back. */
  port: z.number().int().optional(),
});

/** What is remembered about the embedded PostgreSQL of one DATA_DIR. */
export type Cluster = z.infer<typeof clusterSchema>;

/**
 * The cluster of this DATA_DIR, new or known. Its files lie in DATA_DIR or, where the account cannot get there, in
 * SHARED_DIR under a name made from DATA_DIR, so that checkouts on one machine stay apart.
 * @throws EmbeddedError when this DATA_DIR is a copy of another one whose files lie outside of it
 */
export async function locateCluster(dataDir: string, account: Account | undefined): Promise<Cluster> {
  // Others must pass through to reach the files that are theirs; each file guards itself by its own mode.
  mkdirSync(dataDir, { recursive: true, mode: account ? 0o711 : 0o700 });
  const home = realpathSync(dataDir);
  const known = readCluster(home);
  if (known?.home === home) return known;
  if (known) return relocate(known, home);

  const folder = canEnter(account, home) ? path.join(home, "postgres") : sharedFolder(home);
  await setAside(folder);
  const cluster = { home, folder, password: randomBytes(24).toString("base64url") };
  writeCluster(cluster);
  return cluster;
}

export function writeCluster(cluster: Cluster): void {
  writePrivate(clusterFile(cluster.home), JSON.stringify(cluster));
  if (cluster.folder.startsWith(SHARED_DIR)) noteOwner(cluster);
}

/** Writes a file that only the caller may read, whole or not at all. */
export function writePrivate(file: string, content: string): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content, { mode: 0o600 });
  renameSync(unfinished, file);
}

function clusterFile(home: string): string {
  return path.join(home, "cluster.json");
}

function readCluster(home: string): Cluster | undefined {
  const file = clusterFile(home);
  if (!existsSync(file)) return undefined;
  const cluster = clusterSchema.safeParse(parseJson(readFileSync(file, "utf8")));
  if (cluster.success) return cluster.data;
  throw new EmbeddedError(`${file} is damaged. Restore it from a backup, or remove ${home} to start afresh.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sharedFolder(home: string): string {
  const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
  return path.join(SHARED_DIR, name, "postgres");
}

/** For the administrator who finds the folder and wonders what it is for. */
function noteOwner({ folder, home }: Cluster): void {
  mkdirSync(path.dirname(folder), { recursive: true, mode: 0o755 });
  writeFileSync(path.join(path.dirname(folder), "BELONGS_TO"), `${home}\n`);
}

/** DATA_DIR was moved or copied since. Files inside came along; those in SHARED_DIR belong to a single DATA_DIR. */
function relocate(known: Cluster, home: string): Cluster {
  const inside = path.relative(known.home, known.folder);
  const came = !inside.startsWith("..");
  if (!came && readClusterOf(known.home)?.folder === known.folder) {
    throw new EmbeddedError(
      `${home} is a copy of ${known.home}, and the database of that one is not in it but in ${known.folder}. ` +
        `Remove ${home} to start with an empty database, and bring data over with pg_dump.`,
    );
  }
  const cluster = { ...known, home, folder: came ? path.join(home, inside) : known.folder };
  writeCluster(cluster);
  return cluster;
}

function readClusterOf(home: string): Cluster | undefined {
  return existsSync(clusterFile(home)) ? readCluster(home) : undefined;
}

/** Without its password a cluster is of no use, but it is not ours to delete. */
async function setAside(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await stopLeftover(folder);
  renameSync(folder, `${folder}.unclaimed-${Date.now()}`);
}
