import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { env } from "@/lib/env";

/**
 * Encryption of secrets at rest: AES-256-GCM with a random 96-bit nonce. The context (table, column, row) is
 * authenticated too, so that a ciphertext copied to another row does not open there.
 *
 * Format: `v2.<key id>.<nonce>.<ciphertext + tag>`, base64url; the key id is 8 hex digits. `v1.<nonce>.<ciphertext + tag>`
 * of earlier versions names no key and still opens.
 */
const VERSION = "v2";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The text was sealed with a key that this process does not have. The message is for people and names the mend. */
export class SecretKeyError extends Error {
  override name = "SecretKeyError";
}

export type SecretBox = {
  seal(plaintext: string, context: string): string;
  open(sealed: string, context: string): string;
  /** How everything begins that is sealed with the current key in the present format. */
  currentPrefix: string;
};

type MasterKey = { id: string; key: KeyObject };

/**
 * @param current seals and opens
 * @param previous only opens, while a rotation is under way
 */
export function createSecretBox({ current, previous }: { current: string; previous?: string | undefined }): SecretBox {
  const sealing = derive(current);
  const keys = previous === undefined ? [sealing] : [sealing, derive(previous)];
  return {
    seal: (plaintext, context) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", sealing.key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context));
      const payload = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, sealing.id, nonce.toString("base64url"), payload.toString("base64url")].join(".");
    },
    open: (sealed, context) => {
      const parts = sealed.split(".");
      if (parts[0] === "v1" && parts.length === 3) return openUnnamed(keys, parts[1] ?? "", parts[2] ?? "", context);
      const [version, id, nonce, payload] = parts;
      if (version !== VERSION || id === undefined || nonce === undefined || payload === undefined) {
        throw new Error("Not a sealed secret.");
      }
      const key = keys.find((candidate) => candidate.id === id);
      if (!key) throw new SecretKeyError(`Sealed with the key ${id}, but ${ownKeys(keys)}. ${MEND}`);
      return decrypt(key, nonce, payload, context);
    },
    currentPrefix: `${VERSION}.${sealing.id}.`,
  };
}

const MEND = "Set DUMONT_SECRET_KEY, or DUMONT_SECRET_KEY_PREVIOUS during a rotation, to the key it was sealed with.";

/** @param context what the secret belongs to, such as `webhook.secret:wh_…`; the same is needed to open it. */
export function seal(plaintext: string, context: string): string {
  return installationBox().seal(plaintext, context);
}

/**
 * @throws SecretKeyError when the text was sealed with a key that is not here
 * @throws Error when it was altered or belongs to another context
 */
export function open(sealed: string, context: string): string {
  return installationBox().open(sealed, context);
}

let installation: SecretBox | undefined;

/** The box of this installation's keys: DUMONT_SECRET_KEY and, during a rotation, DUMONT_SECRET_KEY_PREVIOUS. */
export function installationBox(): SecretBox {
  if (installation) return installation;
  const { DUMONT_SECRET_KEY: current, DUMONT_SECRET_KEY_PREVIOUS: previous } = env;
  if (!current) throw new Error("DUMONT_SECRET_KEY is not set: secrets cannot be stored or read.");
  installation = createSecretBox({ current, previous });
  return installation;
}

/** Kept as KeyObjects: a key given as bytes is set up anew at every call. */
function derive(secret: string): MasterKey {
  const bytes = (info: string, length: number) => Buffer.from(hkdfSync("sha256", secret, "dumont", info, length));
  return { id: bytes("secret-box key id", 4).toString("hex"), key: createSecretKey(bytes("secret-box", 32)) };
}

function decrypt({ key }: MasterKey, nonce: string, payload: string, context: string): string {
  const bytes = Buffer.from(payload, "base64url");
  // Node accepts tags cut down to 4 bytes unless the length is fixed here.
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
}

/** The old format names no key: whichever opens it, sealed it. */
function openUnnamed(keys: readonly MasterKey[], nonce: string, payload: string, context: string): string {
  for (const key of keys) {
    try {
      return decrypt(key, nonce, payload, context);
    } catch {
      // Another key, or altered: GCM does not tell these apart.
    }
  }
  throw new SecretKeyError(`Sealed with another key, or altered: ${ownKeys(keys)}, and it does not open. ${MEND}`);
}

function ownKeys(keys: readonly MasterKey[]): string {
  return `this process has ${keys.map(({ id }) => id).join(" and ")}`;
}
