"use client";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { webhookHref } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { disabledCause, isDisabledBySystem } from "@/components/webhooks/condition-words";
import { nameOf } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useListWebhooksQuery } from "@/store/webhooks-api";

/** On every page: a webhook that we disabled while somebody looks, until it is enabled, visited or dismissed. */
export function DisabledNotice() {
  const { project, can } = useProject();
  const webhooks = useListWebhooksQuery({ projectId: project.id }, { skip: !can("webhooks:read") }).currentData;
  const { news, forget } = useNewlyDisabled(project.id, webhooks);
  return news.map((webhook) => (
    <Alert
      key={webhook.id}
      tone="danger"
      live
      title={`${nameOf(webhook)} was disabled`}
      onDismiss={() => forget(webhook.id)}
      actions={
        <Button asChild size="sm">
          <Link href={webhookHref(webhook.id)} onClick={() => forget(webhook.id)}>
            Open webhook
          </Link>
        </Button>
      }
    >
      {disabledCause(webhook.condition)} New events pass it by until somebody enables it.
    </Alert>
  ));
}

/** Those that were enabled when the list was first seen and are disabled by us now. What was so before is no news. */
function useNewlyDisabled(projectId: string, webhooks: readonly Webhook[] | undefined) {
  const known = useRef<{ projectId: string; disabled: ReadonlySet<string> }>(undefined);
  const [newIds, setNewIds] = useState<readonly string[]>([]);
  useEffect(() => {
    if (webhooks === undefined) return;
    const disabled = new Set(webhooks.filter(isDisabledBySystem).map(({ id }) => id));
    const before = known.current?.projectId === projectId ? known.current.disabled : undefined;
    known.current = { projectId, disabled };
    setNewIds((ids) => {
      const kept = ids.filter((id) => disabled.has(id));
      const added = before === undefined ? [] : [...disabled].filter((id) => !before.has(id) && !kept.includes(id));
      return added.length === 0 && kept.length === ids.length ? ids : [...kept, ...added];
    });
  }, [projectId, webhooks]);
  return {
    news: (webhooks ?? []).filter(({ id }) => newIds.includes(id)),
    forget: (id: string) => setNewIds((ids) => ids.filter((other) => other !== id)),
  };
}
