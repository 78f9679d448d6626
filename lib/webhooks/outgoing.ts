import { sign, signStandard } from "@/lib/webhooks/signature";
import type { SigningKey } from "@/lib/webhooks/signing-key";
import packageJson from "@/package.json" with { type: "json" };

const USER_AGENT = `Dumont-Webhooks/${packageJson.version}`;

/**
 * The headers of one attempt. Ours come last: a custom header never overrides them.
 * @param timestamp unix seconds of this attempt; the signatures cover it
 * @param keys all that sign at present; none for a webhook without a secret
 */
export function outgoingHeaders({
  eventId,
  eventType,
  deliveryId,
  attemptNumber,
  timestamp,
  body,
  keys,
  custom,
}: {
  eventId: string;
  eventType: string;
  deliveryId: string;
  attemptNumber: number;
  timestamp: number;
  body: string;
  keys: readonly SigningKey[];
  custom: Readonly<Record<string, string>>;
}): Record<string, string> {
  const signatures: Record<string, string> = {
    ...(keys.length > 0 && {
      "webhook-signature": signStandard({ id: eventId, timestamp, payload: body, secret: keys }),
    }),
    // Stripe's scheme knows no asymmetric keys.
    ...(keys.some((key) => key.signing === "hmac") && { "x-webhook-signature": sign(body, keys, timestamp) }),
  };
  return {
    ...custom,
    "content-type": "application/json",
    "user-agent": USER_AGENT,
    "webhook-id": eventId,
    "webhook-timestamp": String(timestamp),
    "x-webhook-event": eventType,
    "x-webhook-delivery": deliveryId,
    "x-webhook-attempt": String(attemptNumber),
    ...signatures,
  };
}
