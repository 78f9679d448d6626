import type { StatusTone } from "@/components/ui/status-badge";
import { type Attempt, type DeliveryStatus, deliveryStatusSchema } from "@/lib/contracts/deliveries";

const STATUSES: Readonly<Record<DeliveryStatus, { word: string; tone: StatusTone; meaning: string }>> = {
  pending: { word: "Pending", tone: "waiting", meaning: "Waits for its next attempt" },
  delivering: { word: "Delivering", tone: "progress", meaning: "An attempt is under way" },
  delivered: { word: "Delivered", tone: "positive", meaning: "The receiver answered with 2xx" },
  failed: { word: "Failed", tone: "danger", meaning: "Given up after the last attempt" },
  cancelled: { word: "Cancelled", tone: "off", meaning: "The webhook was deleted before it was sent" },
};

export function statusWord(status: DeliveryStatus): string {
  return STATUSES[status].word;
}

/** What the state means, in a few words. */
export function statusMeaning(status: DeliveryStatus): string {
  return STATUSES[status].meaning;
}

export function statusTone(status: DeliveryStatus): StatusTone {
  return STATUSES[status].tone;
}

/** A status that came as any text (an event's list of deliveries); null when it is none. */
export function toStatus(text: string): DeliveryStatus | null {
  return deliveryStatusSchema.safeParse(text).data ?? null;
}

const TRIGGERS: Readonly<Record<Attempt["trigger"], string>> = {
  auto: "automatic",
  manual: "manual retry",
  test: "test",
  replay: "replay",
};

/** Why an attempt was made. */
export function triggerWord(trigger: Attempt["trigger"]): string {
  return TRIGGERS[trigger];
}
