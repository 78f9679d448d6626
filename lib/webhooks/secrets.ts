import { open, seal } from "@/lib/crypto/secret-box";

/** A webhook's secret and custom headers at rest: encrypted, bound to the webhook so that a copied row does not open. */
export function sealSecret(webhookId: string, secret: string): string {
  return seal(secret, secretContext(webhookId));
}

export function openSecret(webhookId: string, sealed: string): string {
  return open(sealed, secretContext(webhookId));
}

/** null for no headers. */
export function sealHeaders(webhookId: string, headers: Record<string, string>): string | null {
  if (Object.keys(headers).length === 0) return null;
  return seal(JSON.stringify(headers), headersContext(webhookId));
}

export function openHeaders(webhookId: string, sealed: string | null): Record<string, string> {
  return sealed === null ? {} : JSON.parse(open(sealed, headersContext(webhookId)));
}

/** What a secret is encrypted for; the same for the present one and those it replaced. */
export function secretContext(webhookId: string): string {
  return `webhook.secret:${webhookId}`;
}

export function headersContext(webhookId: string): string {
  return `webhook.headers:${webhookId}`;
}
