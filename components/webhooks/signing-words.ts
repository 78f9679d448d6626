import type { Signing } from "@/lib/contracts/signing";

/** How deliveries can be signed, in a word and a sentence. */
export const SIGNING_WORDS: Readonly<Record<Signing, { label: string; description: string }>> = {
  hmac: {
    label: "HMAC, shared secret",
    description: "Both sides hold the same secret; every library of Standard Webhooks and Stripe verifies it.",
  },
  ed25519: {
    label: "Ed25519, public key",
    description: "Receivers hold only a public key, which cannot sign; for receivers that are not yours.",
  },
};

/** How long a replaced secret signs on, in the steps that are offered. */
export const OVERLAPS = [
  {
    seconds: 0,
    label: "None",
    description: "It stops at once. Receivers refuse everything until they have the new one.",
  },
  { seconds: 3600, label: "1 hour", description: "For a receiver that you change right now." },
  { seconds: 86_400, label: "24 hours", description: "For most receivers." },
  { seconds: 604_800, label: "7 days", description: "For receivers of others." },
] as const;

/** What the rotation will do, before it is done. */
export function rotationWords({ overlapS, from, to }: { overlapS: number; from: Signing; to: Signing }): string {
  const change =
    from === to
      ? ""
      : to === "ed25519"
        ? " X-Webhook-Signature ends with the shared secret."
        : " Receivers need the new shared secret.";
  if (overlapS === 0) {
    return `The old secret stops signing at once, also for retries of deliveries that are waiting. Until your receiver has the new one, it will refuse what it gets.${change}`;
  }
  const { label } = OVERLAPS.find(({ seconds }) => seconds === overlapS) ?? { label: `${overlapS} seconds` };
  return `From the next attempt on the new secret signs, and for ${label} the old one beside it, also retries of deliveries that are waiting. A receiver that has either accepts them.${change}`;
}

/** Where the public keys of a webhook are found. */
export function jwksUrl(origin: string, webhookId: string): string {
  return `${origin}/api/v1/webhooks/${encodeURIComponent(webhookId)}/jwks.json`;
}
