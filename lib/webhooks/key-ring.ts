import { z } from "zod";
import { SIGNINGS, type Signing } from "@/lib/contracts/signing";
import { openSecret } from "@/lib/webhooks/secrets";
import { type SigningKey, toSigningKey } from "@/lib/webhooks/signing-key";

/** A secret that was replaced and signs on until it expires, as the column previous_secrets holds it. */
export const previousSecretSchema = z.object({
  id: z.string(),
  /** Encrypted, as webhook.secret. */
  secret: z.string(),
  signing: z.enum(SIGNINGS),
  created_at: z.string(),
  expires_at: z.string(),
});
export type PreviousSecret = z.infer<typeof previousSecretSchema>;

export type SecretColumns = {
  webhookId: string;
  /** Encrypted; null for a webhook that is not signed. */
  secret: string | null;
  signing: string;
  /** The JSON of webhook.previous_secrets. */
  previousSecrets: unknown;
};

/** Those of the column that have not expired, the newest first. */
export function livePrevious(previousSecrets: unknown, now: Date): PreviousSecret[] {
  if (!Array.isArray(previousSecrets) || previousSecrets.length === 0) return [];
  return z
    .array(previousSecretSchema)
    .parse(previousSecrets)
    .filter((entry) => Date.parse(entry.expires_at) > now.getTime());
}

/**
 * Every key that signs now: the present secret's first, then those still in their overlap. Empty for a webhook without
 * a secret.
 * @throws Error when one of them cannot be opened
 */
export function signingKeys({ webhookId, secret, signing, previousSecrets }: SecretColumns, now: Date): SigningKey[] {
  if (secret === null) return [];
  const previous = livePrevious(previousSecrets, now);
  return [
    keyOf(webhookId, secret, signing === "ed25519" ? "ed25519" : "hmac"),
    ...previous.map((entry) => keyOf(webhookId, entry.secret, entry.signing)),
  ];
}

/** How many opened keys a process keeps; at a few hundred bytes each. */
const KEPT = 4096;

/** By the encrypted text, oldest first. It belongs to one webhook, and must not open for another. */
const opened = new Map<string, { webhookId: string; signing: Signing; key: SigningKey }>();

/** Opening a secret and setting its keys up costs more than signing, so the keys of webhooks in use are kept. */
function keyOf(webhookId: string, sealed: string, signing: Signing): SigningKey {
  const known = opened.get(sealed);
  if (known?.webhookId === webhookId && known.signing === signing) return known.key;
  const key = toSigningKey(openSecret(webhookId, sealed), signing);
  opened.set(sealed, { webhookId, signing, key });
  if (opened.size > KEPT) {
    const [oldest] = opened.keys();
    if (oldest !== undefined) opened.delete(oldest);
  }
  return key;
}
