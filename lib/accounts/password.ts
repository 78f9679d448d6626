import { randomBytes } from "node:crypto";
import { hash, type Options, verify } from "@node-rs/argon2";

/** argon2id (the library's default) with the cost that OWASP names first for it. Hashes carry their own parameters. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/**
 * Whether the password belongs to the hash. Without a hash (no such account, or one without a password) the answer is
 * no, after the same work: the time must not tell who has an account.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword(randomBytes(16).toString("hex"));
  const matches = await verify(stored ?? (await nobody), password);
  return matches && stored !== null;
}

let nobody: Promise<string> | undefined;
