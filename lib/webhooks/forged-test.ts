import type { EventSource } from "@/lib/contracts/events";
import { generateSecret, type SigningKey, toSigningKey } from "@/lib/webhooks/signing-key";

/**
 * The source of an event that exists to be refused: a test whose signature is made with a key that nobody has. It is the
 * event that is marked and not the delivery, and only testWebhook makes such events: so no event of a real change can
 * ever be signed wrongly, and a forged test stays forged however often it is sent again.
 */
export const FORGED_TEST: EventSource = "forged_test";

/** A key of the kind that the webhook signs with, thrown away after its one use. */
export function forgedKeys(signing: string): SigningKey[] {
  const kind = signing === "ed25519" ? "ed25519" : "hmac";
  return [toSigningKey(generateSecret(kind), kind)];
}
