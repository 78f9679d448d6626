import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { Signing } from "@/lib/contracts/signing";
import { generatePrivateKey, readPrivateKey } from "@/lib/webhooks/ed25519";

/**
 * A secret made ready to sign. The keys are KeyObjects because OpenSSL sets up a key that is given as bytes anew at
 * every call.
 */
export type SigningKey =
  | {
      signing: "hmac";
      /** For `webhook-signature`: the decoded base64 after `whsec_`, or the UTF-8 bytes of a secret of any other form. */
      standard: KeyObject;
      /** For `X-Webhook-Signature`: the UTF-8 bytes of the whole secret, prefix included, as Stripe's library takes it. */
      text: KeyObject;
    }
  | { signing: "ed25519"; privateKey: KeyObject; publicKey: KeyObject };

export const SECRET_PREFIX = "whsec_";

/** 32 random bytes in the form that Standard Webhooks libraries take, or a new Ed25519 private key. */
export function generateSecret(signing: Signing = "hmac"): string {
  return signing === "ed25519" ? generatePrivateKey() : SECRET_PREFIX + randomBytes(32).toString("base64");
}

/** @throws Error when the secret is no Ed25519 private key but is to be used as one */
export function toSigningKey(secret: string, signing: Signing = "hmac"): SigningKey {
  if (signing === "hmac") {
    return { signing, standard: createSecretKey(standardKeyBytes(secret)), text: createSecretKey(secret, "utf8") };
  }
  const pair = readPrivateKey(secret);
  if (!pair) throw new Error("Not an Ed25519 private key.");
  return { signing, ...pair };
}

export function standardKeyBytes(secret: string): Buffer {
  return secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), "base64")
    : Buffer.from(secret, "utf8");
}
