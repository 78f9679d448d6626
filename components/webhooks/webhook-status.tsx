"use client";
import { Stethoscope } from "lucide-react";
import { CountdownWords } from "@/components/deliveries/next-attempt";
import { StatusBadge, type StatusTone } from "@/components/ui/status-badge";
import { useNow } from "@/components/ui/use-now";
import { isDisabledBySystem } from "@/components/webhooks/condition-words";
import type { Webhook } from "@/lib/contracts/webhooks";

type Stated = Pick<Webhook, "status" | "condition">;

const LOOKS = {
  healthy: { tone: "positive", word: "Healthy" },
  warning: { tone: "caution", word: "Warning" },
  probing: { tone: "danger", word: "Probing" },
  disabled: { tone: "off", word: "Disabled" },
} as const satisfies Record<Webhook["status"], { tone: StatusTone; word: string }>;

/** The state of a webhook as icon and word. What a person switched off is quiet; what we switched off is not. */
export function WebhookStatus({
  webhook,
  filled,
  className,
}: {
  webhook: Stated;
  filled?: boolean;
  className?: string;
}) {
  const { tone, word } = LOOKS[webhook.status];
  return (
    <StatusBadge
      tone={isDisabledBySystem(webhook) ? "danger" : tone}
      filled={filled}
      icon={webhook.status === "probing" ? <Stethoscope /> : undefined}
      className={className}
    >
      {word}
    </StatusBadge>
  );
}

/** Until when nothing is sent to an enabled webhook, and why; nothing when that is over. */
export function PauseHint({ webhook: { status, condition } }: { webhook: Stated }) {
  const now = useNow();
  const until = condition.paused_until;
  if (status === "disabled" || until === null || now === undefined || Date.parse(until) <= now) return null;
  return (
    <span className="text-ink-muted text-xs tabular-nums">
      {status === "probing" ? "next probe" : "asked to wait;"} <CountdownWords at={until} />
    </span>
  );
}
