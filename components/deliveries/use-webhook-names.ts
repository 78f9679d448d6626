"use client";
import { useMemo } from "react";
import { hostOf, nameOf } from "@/components/webhooks/words";
import type { Delivery } from "@/lib/contracts/deliveries";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useListWebhooksQuery } from "@/store/webhooks-api";

export type WebhookNames = {
  webhooks: readonly Webhook[];
  /** Whether the list is there; before that nothing can be said about a webhook that is not in it. */
  loaded: boolean;
  /** The description, else the host of the URL, which a row of the log brings along. */
  nameOf: (webhookId: string, url?: string) => string;
  /** The same for a delivery, whose webhook may be one that a request brought along. */
  nameOfDelivery: (delivery: Row) => string;
  /** What a retry has to know. A webhook that is not in the list was deleted, unless a request brought it along. */
  stateOf: (delivery: Row) => { enabled: boolean; deleted: boolean };
};

type Row = Pick<Delivery, "webhook_id" | "url" | "of_request">;

const NONE: readonly Webhook[] = [];

/** The project's webhooks by id, for lists that know only the id. */
export function useWebhookNames(projectId: string): WebhookNames {
  const { data } = useListWebhooksQuery({ projectId });
  return useMemo(() => {
    const byId = new Map((data ?? NONE).map((webhook) => [webhook.id, webhook]));
    const nameById = (webhookId: string, url?: string) => {
      const webhook = byId.get(webhookId);
      if (webhook) return nameOf(webhook);
      return url === undefined ? webhookId : hostOf(url);
    };
    return {
      webhooks: data ?? NONE,
      loaded: data !== undefined,
      nameOf: nameById,
      nameOfDelivery: ({ webhook_id, url, of_request }) =>
        of_request ? `Request webhook, ${hostOf(url)}` : nameById(webhook_id, url),
      stateOf: ({ webhook_id, of_request }) => ({
        enabled: byId.get(webhook_id)?.enabled ?? true,
        deleted: !of_request && data !== undefined && !byId.has(webhook_id),
      }),
    };
  }, [data]);
}
