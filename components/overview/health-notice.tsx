"use client";

import Link from "next/link";
import { textLinkClass, webhookHref } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { needsAttention, STATUS_ORDER } from "@/components/webhooks/condition-words";
import { nameOf } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useListWebhooksQuery } from "@/store/webhooks-api";

/** Webhooks named in the notice; the list below has them all. */
const NAMED = 5;

const STATE_WORDS = {
  disabled: "was disabled",
  probing: "gets one request at a time",
  warning: "is failing",
  healthy: "",
} as const satisfies Record<Webhook["status"], string>;

/** That webhooks are failing or were disabled by us, with the way to each. */
export function HealthNotice() {
  const { project } = useProject();
  const webhooks = useListWebhooksQuery({ projectId: project.id }).currentData ?? [];
  const found = webhooks
    .filter(needsAttention)
    .toSorted((a, b) => STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status));
  if (found.length === 0) return null;
  const named = found.slice(0, NAMED);
  return (
    <Alert
      tone={found.some(({ status }) => status !== "warning") ? "danger" : "caution"}
      title={found.length === 1 ? "A webhook needs a look" : `${found.length} webhooks need a look`}
    >
      <ul className="flex flex-col gap-0.5">
        {named.map((webhook) => (
          <li key={webhook.id}>
            <Link href={webhookHref(webhook.id)} className={`${textLinkClass} font-medium underline`}>
              {nameOf(webhook)}
            </Link>{" "}
            {STATE_WORDS[webhook.status]}
            {webhook.condition.last_failure === null ? "." : `: ${webhook.condition.last_failure}`}
          </li>
        ))}
        {found.length > NAMED ? <li>and {found.length - NAMED} more, listed below.</li> : null}
      </ul>
    </Alert>
  );
}
