import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { env } from "@/lib/env";

/**
 * Encryption of secrets at rest: AES-256-GCM with a random 96-bit nonce. The context (table, column, row) is
 * authenticated too, so that a ciphertext copied to another row does not open there.
 *
 * Format: `v1.<nonce>.<ciphertext + tag>`, base64url.
 */
const VERSION = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param context what the secret belongs to, such as `webhook.secret:wh_…`; the same is needed to open it. */
export function seal(plaintext: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", masterKey(), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, nonce.toString("base64url"), sealed.toString("base64url")].join(".");
}

/** @throws Error when the text was altered, belongs to another context, or was sealed with another key. */
export function open(sealed: string, context: string): string {
  const [version, nonce, payload] = sealed.split(".");
  if (version !== VERSION || nonce === undefined || payload === undefined) throw new Error("Not a sealed secret.");
  const bytes = Buffer.from(payload, "base64url");
  // Node accepts tags cut down to 4 bytes unless the length is fixed here.
  const decipher = createDecipheriv("aes-256-gcm", masterKey(), Buffer.from(nonce, "base64url"), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
}

let derived: Buffer | undefined;

function masterKey(): Buffer {
  if (derived) return derived;
  if (!env.DUMONT_SECRET_KEY) throw new Error("DUMONT_SECRET_KEY is not set: secrets cannot be stored or read.");
  derived = Buffer.from(hkdfSync("sha256", env.DUMONT_SECRET_KEY, "dumont", "secret-box", 32));
  return derived;
}
