import { createHash, randomBytes } from "node:crypto";

/** 256 random bits as 43 base64url characters. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * What is stored of an API key or an invitation link: SHA-256 in hex. A fast hash is right for random tokens, and a
 * look-up by the hash over a unique index leaves nothing for an attacker to time.
 */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
