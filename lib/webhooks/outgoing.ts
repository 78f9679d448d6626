import { sign, signStandard } from "@/lib/webhooks/signature";
import packageJson from "@/package.json" with { type: "json" };

const USER_AGENT = `Dumont-Webhooks/${packageJson.version}`;

/**
 * The headers of one attempt. Ours come last: a custom header never overrides them.
 * @param timestamp unix seconds of this attempt; the signature covers it
 */
export function outgoingHeaders({
  eventId,
  eventType,
  deliveryId,
  attemptNumber,
  timestamp,
  body,
  secret,
  custom,
}: {
  eventId: string;
  eventType: string;
  deliveryId: string;
  attemptNumber: number;
  timestamp: number;
  body: string;
  secret: string | null;
  custom: Readonly<Record<string, string>>;
}): Record<string, string> {
  const signatures: Record<string, string> =
    secret === null
      ? {}
      : {
          "webhook-signature": signStandard({ id: eventId, timestamp, payload: body, secret }),
          "x-webhook-signature": sign(body, secret, timestamp),
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
