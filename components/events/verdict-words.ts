import type { StatusTone } from "@/components/ui/status-badge";
import type { EventVerdict, Verdict } from "@/lib/contracts/verdicts";

export const VERDICT_GROUPS = ["got", "waiting", "failed", "passed"] as const;
export type VerdictGroup = (typeof VERDICT_GROUPS)[number];

type Words = { word: string; tone: StatusTone; group: VerdictGroup };

const WORDS: Readonly<Record<Verdict, Words>> = {
  delivered: { word: "Delivered", tone: "positive", group: "got" },
  pending: { word: "Pending", tone: "waiting", group: "waiting" },
  delivering: { word: "Delivering", tone: "progress", group: "waiting" },
  failed: { word: "Failed", tone: "danger", group: "failed" },
  blocked: { word: "Blocked address", tone: "danger", group: "failed" },
  cancelled: { word: "Cancelled", tone: "off", group: "failed" },
  missing: { word: "Missing", tone: "danger", group: "failed" },
  not_subscribed: { word: "Not subscribed", tone: "off", group: "passed" },
  application: { word: "Other application", tone: "off", group: "passed" },
  environment: { word: "Other environment", tone: "off", group: "passed" },
  labels: { word: "Other labels", tone: "off", group: "passed" },
  payload: { word: "Other content", tone: "off", group: "passed" },
  disabled: { word: "Disabled", tone: "caution", group: "passed" },
  created_later: { word: "Created later", tone: "off", group: "passed" },
  deleted: { word: "Deleted", tone: "off", group: "passed" },
  addressed_to_another: { word: "Not addressed", tone: "off", group: "passed" },
  about_itself: { word: "About itself", tone: "off", group: "passed" },
};

const GROUP_WORDS: Readonly<Record<VerdictGroup, string>> = {
  got: "Got it",
  waiting: "On its way",
  failed: "Failed",
  passed: "Passed by",
};

export function verdictWord(verdict: Verdict): string {
  return WORDS[verdict].word;
}

export function verdictTone(verdict: Verdict): StatusTone {
  return WORDS[verdict].tone;
}

export function groupOf(verdict: Verdict): VerdictGroup {
  return WORDS[verdict].group;
}

export function groupWord(group: VerdictGroup): string {
  return GROUP_WORDS[group];
}

/** What sending would be: the first time, sooner, or once more. */
export function sendWord({ delivery }: Pick<EventVerdict, "delivery">): "Send anyway" | "Send now" | "Send again" {
  if (delivery === null) return "Send anyway";
  return delivery.status === "pending" ? "Send now" : "Send again";
}

/** Why a webhook cannot be sent to, for the reader; undefined when it can. The server decides the same. */
export function sendBlock(
  { can_send, webhook, verdict, delivery }: Pick<EventVerdict, "can_send" | "webhook" | "verdict" | "delivery">,
  mayRetry: boolean,
): string | undefined {
  if (!mayRetry) return "Your role can look at deliveries but not send them.";
  if (can_send) return undefined;
  if (webhook.status === "deleted") return "The webhook was deleted; nothing can be sent to it.";
  if (webhook.status === "disabled") return "The webhook is disabled; enable it first.";
  if (delivery?.status === "delivering") return "An attempt is under way.";
  if (verdict === "addressed_to_another") return "The event is a test of another webhook.";
  return "It cannot be sent now.";
}

/** What would happen to such an event now, where that adds something to the verdict; else null. */
export function nowWords({
  delivery,
  now,
  verdict,
}: Pick<EventVerdict, "delivery" | "now" | "verdict">): string | null {
  if (delivery !== null || verdict === "missing") return null;
  if (now.would_match) return "It would get such an event now.";
  return verdict === "disabled" || verdict === "created_later" ? `It would not get it now either. ${now.detail}` : null;
}

/** What the confirmation says that sending does. Those with a delivery may see it a second time. */
export function sendConsequence(verdicts: readonly Pick<EventVerdict, "delivery">[]): string[] {
  const fresh = verdicts.filter(({ delivery }) => delivery === null).length;
  const waiting = verdicts.filter(({ delivery }) => delivery?.status === "pending").length;
  const ended = verdicts.length - fresh - waiting;
  const alone = verdicts.length === 1;
  return [
    ...(fresh === 0
      ? []
      : [
          `${alone ? "It gets" : `${webhooks(fresh)} ${fresh === 1 ? "gets" : "get"}`} a delivery of its own, signed and retried like any other, although nothing asked for it.`,
        ]),
    ...(waiting === 0
      ? []
      : [
          `${alone ? "The delivery that waits" : `${deliveries(waiting)} that ${waiting === 1 ? "waits" : "wait"}`} is sent at once instead.`,
        ]),
    ...(ended === 0
      ? []
      : [
          `${alone ? "It" : webhooks(ended)} had a delivery of this event: the receiver may see it a second time, with the same delivery id and event id. One that does not check ids acts on it twice.`,
        ]),
  ];
}

function webhooks(count: number): string {
  return `${count} webhook${count === 1 ? "" : "s"}`;
}

function deliveries(count: number): string {
  return count === 1 ? "1 delivery" : `${count} deliveries`;
}
