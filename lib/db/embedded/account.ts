import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { EmbeddedError } from "@/lib/db/embedded/embedded-error";

/** The user under which PostgreSQL runs when the caller is root, which PostgreSQL refuses to be. */
export type Account = { uid: number; gid: number };

const OWN_USER = "dumont";
/** Taken when no user can be created, as on a read-only system. */
const FALLBACK_USERS = ["postgres", "nobody"];

/** Undefined for an ordinary user: PostgreSQL then simply runs as the caller. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = findUser(OWN_USER) ?? createUser();
  if (existing) return existing;
  for (const name of FALLBACK_USERS) {
    const user = findUser(name);
    if (user) return user;
  }
  throw new EmbeddedError(
    `PostgreSQL does not run as root, and the user "${OWN_USER}" could not be created. ` +
      `Create it (useradd --system ${OWN_USER}), run this as an ordinary user, or set DATABASE_URL.`,
  );
}

/** Whether the account may enter the folder. Asked of the system itself, which alone knows all its rules. */
export function canEnter(account: Account | undefined, folder: string): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...account, cwd: "/" }).status === 0;
}

function createUser(): Account | undefined {
  spawnSync("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--home-dir",
    "/nonexistent",
    "--shell",
    "/usr/sbin/nologin",
    OWN_USER,
  ]);
  return findUser(OWN_USER);
}

function findUser(name: string): Account | undefined {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
