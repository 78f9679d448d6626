import type { DeliveryStatus } from "@/lib/contracts/deliveries";

export type RetrySituation = {
  status: DeliveryStatus;
  /** Whether the reader's role allows it. */
  mayRetry: boolean;
  webhook: { enabled: boolean; deleted: boolean };
};

/** Why a delivery cannot be sent again now, in words for the reader; null when it can. The server decides the same. */
export function retryBlock({ status, mayRetry, webhook }: RetrySituation): string | null {
  if (!mayRetry) return "Your role can look at deliveries but not retry them.";
  if (webhook.deleted) return "The webhook was deleted; nothing can be sent to it.";
  if (!webhook.enabled) return "The webhook is disabled; enable it first.";
  if (status === "delivering") return "An attempt is under way.";
  return null;
}
