import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";

/**
 * Ed25519 keys in the forms of Standard Webhooks: the private one is `whsk_` and the base64 of its 32-byte seed followed
 * by the 32 public bytes, the public one `whpk_` and the base64 of the 32 public bytes.
 */
export const PRIVATE_PREFIX = "whsk_";
export const PUBLIC_PREFIX = "whpk_";
const SEED_BYTES = 32;
const PUBLIC_BYTES = 32;

/** RFC 8037: an Ed25519 key as a JSON Web Key. */
export type Ed25519Jwk = { kty: "OKP"; crv: "Ed25519"; x: string };

export function generatePrivateKey(): string {
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const bytes = Buffer.concat([Buffer.from(d, "base64url"), Buffer.from(x, "base64url")]);
  return PRIVATE_PREFIX + bytes.toString("base64");
}

/** null unless it is `whsk_` and 64 bytes of which the last 32 are the public key of the first 32. */
export function readPrivateKey(text: string): { privateKey: KeyObject; publicKey: KeyObject } | null {
  const bytes = bytesAfter(PRIVATE_PREFIX, text, SEED_BYTES + PUBLIC_BYTES);
  if (!bytes) return null;
  const x = bytes.subarray(SEED_BYTES).toString("base64url");
  try {
    const privateKey = createPrivateKey({
      key: { kty: "OKP", crv: "Ed25519", d: bytes.subarray(0, SEED_BYTES).toString("base64url"), x },
      format: "jwk",
    });
    const publicKey = createPublicKey(privateKey);
    return toJwk(publicKey).x === x ? { privateKey, publicKey } : null;
  } catch {
    return null;
  }
}

/** null unless it is `whpk_` and 32 bytes. */
export function readPublicKey(text: string): KeyObject | null {
  const bytes = bytesAfter(PUBLIC_PREFIX, text, PUBLIC_BYTES);
  if (!bytes) return null;
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") }, format: "jwk" });
}

/** `whpk_…`, for receivers that keep the key in their configuration. */
export function publicKeyText(publicKey: KeyObject): string {
  return PUBLIC_PREFIX + Buffer.from(toJwk(publicKey).x, "base64url").toString("base64");
}

export function toJwk(publicKey: KeyObject): Ed25519Jwk {
  const { x = "" } = publicKey.export({ format: "jwk" });
  return { kty: "OKP", crv: "Ed25519", x };
}

/** RFC 7638: the same for the same key, wherever it is computed. */
export function thumbprint({ crv, kty, x }: Ed25519Jwk): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
}

/** The signature in base64. */
export function signEd25519(privateKey: KeyObject, message: string): string {
  return signBytes(null, Buffer.from(message), privateKey).toString("base64");
}

/** @param signature base64; anything else is refused */
export function verifyEd25519(publicKey: KeyObject, message: string, signature: string): boolean {
  const bytes = Buffer.from(signature, "base64");
  // Node passes over what is not base64; one signature has one spelling here.
  if (bytes.length !== 64 || bytes.toString("base64") !== signature) return false;
  return verifyBytes(null, Buffer.from(message), publicKey, bytes);
}

function bytesAfter(prefix: string, text: string, length: number): Buffer | null {
  if (!text.startsWith(prefix)) return null;
  const base64 = text.slice(prefix.length);
  const bytes = Buffer.from(base64, "base64");
  return bytes.length === length && bytes.toString("base64") === base64 ? bytes : null;
}
