import type { JsonWebKeySet } from "@/lib/contracts/webhook-secrets";
import { db } from "@/lib/db/client";
import { notFound } from "@/lib/errors";
import { publicKeyText, thumbprint, toJwk } from "@/lib/webhooks/ed25519";
import { signingKeys } from "@/lib/webhooks/key-ring";

type Row = { id: string; secret: string | null; signing: string };

/** `whpk_…` of a webhook that signs with Ed25519; null for others, and when its key cannot be opened. */
export function publicKeyOf({ id, secret, signing }: Row): string | null {
  if (signing !== "ed25519" || secret === null) return null;
  try {
    const [key] = signingKeys({ webhookId: id, secret, signing, previousSecrets: [] }, new Date());
    return key?.signing === "ed25519" ? publicKeyText(key.publicKey) : null;
  } catch {
    return null;
  }
}

/**
 * The public keys of a webhook whose signatures are to be checked: the present one and those in their overlap. Anybody
 * may ask: they are public, and the webhook's id is all that it takes to know that there is one.
 * @throws AppError "not_found" also for a webhook that signs with a shared secret
 */
export async function webhookJwks(webhookId: string, now: Date): Promise<JsonWebKeySet> {
  const row = await db.webhook.findFirst({ where: { id: webhookId, deletedAt: null } });
  if (!row) throw notFound("webhook");
  const { secret, signing, previousSecrets } = row;
  const keys = signingKeys({ webhookId, secret, signing, previousSecrets }, now).flatMap((key) => {
    if (key.signing !== "ed25519") return [];
    const jwk = toJwk(key.publicKey);
    return [{ ...jwk, kid: thumbprint(jwk), use: "sig", alg: "EdDSA" } as const];
  });
  if (keys.length === 0) throw notFound("webhook");
  return { keys };
}
