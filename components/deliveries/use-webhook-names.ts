"use client";
import { useMemo } from "react";
import { hostOf, nameOf } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useListWebhooksQuery } from "@/store/webhooks-api";

export type WebhookNames = {
  webhooks: readonly Webhook[];
  /** Whether the list is there; before that nothing can be said about a webhook that is not in it. */
  loaded: boolean;
  /** The description, else the host of the URL, which a row of the log brings along. */
  nameOf: (webhookId: string, url?: string) => string;
  /** What a retry has to know. A webhook that is not in the list was deleted. */
  stateOf: (webhookId: string) => { enabled: boolean; deleted: boolean };
};

const NONE: readonly Webhook[] = [];

/** The project's webhooks by id, for lists that know only the id. */
export function useWebhookNames(projectId: string): WebhookNames {
  const { data } = useListWebhooksQuery({ projectId });
  return useMemo(() => {
    const byId = new Map((data ?? NONE).map((webhook) => [webhook.id, webhook]));
    return {
      webhooks: data ?? NONE,
      loaded: data !== undefined,
      nameOf: (webhookId, url) => {
        const webhook = byId.get(webhookId);
        if (webhook) return nameOf(webhook);
        return url === undefined ? webhookId : hostOf(url);
      },
      stateOf: (webhookId) => ({
        enabled: byId.get(webhookId)?.enabled ?? true,
        deleted: data !== undefined && !byId.has(webhookId),
      }),
    };
  }, [data]);
}
