import type { ClaimedDelivery } from "@/lib/queue/claim";
import { Throttle } from "@/lib/queue/throttle";

/** A claimed delivery of the webhook, about which nothing is special. */
export function delivery(webhookId: string, overrides: Partial<ClaimedDelivery> = {}): ClaimedDelivery {
  return {
    id: "dlv_1",
    leaseToken: "",
    attemptNumber: 1,
    maxAttempts: 4,
    trigger: "auto",
    projectId: "prj_1",
    eventId: "evt_1",
    eventType: "custom.x",
    eventSource: "api",
    signing: "hmac",
    previousSecrets: [],
    body: "{}",
    webhookId,
    url: "https://example.com",
    secret: null,
    headers: null,
    retry: { preset: "quick" },
    maxInFlight: null,
    rateLimit: null,
    isFailing: false,
    isOrdered: false,
    isProbing: false,
    waitedMs: 0,
    ...overrides,
  };
}

/** A throttle with a clock of the test's. */
export function setUp({ concurrency = 32, perWebhook = 8 } = {}) {
  let time = 0;
  const throttle = new Throttle({ concurrency, perWebhook, now: () => time });
  return {
    throttle,
    pass: (ms: number) => {
      time += ms;
    },
    hasRoomFor: (counts: Record<string, number>) => throttle.hasRoomFor(new Map(Object.entries(counts))),
    room: (webhookId: string) => throttle.request(100, "").known.find((known) => known.webhookId === webhookId)?.room,
  };
}
