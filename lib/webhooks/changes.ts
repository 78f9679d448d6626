import type { Tx } from "@/lib/db/transaction";
import { Prisma, type Webhook as WebhookRow } from "@/lib/generated/prisma/client";

export type ChangeKind = "created" | "updated" | "enabled" | "disabled" | "deleted";

/**
 * Keeps what a webhook subscribed to from now on, so that "why did I not get it?" can judge an event by the webhook as
 * it was then. Called in the transaction of every change of URL, types, filter or state.
 * @param by a user's or an API key's id, "file" or "system"
 * @param reason for people, where the kind does not say it all
 */
export async function recordChange(
  tx: Tx,
  webhook: WebhookRow,
  { kind, by, reason }: { kind: ChangeKind; by: string; reason?: string },
): Promise<void> {
  await tx.webhookChange.create({
    data: {
      webhookId: webhook.id,
      projectId: webhook.projectId,
      kind,
      by,
      reason: reason ?? null,
      enabled: webhook.enabled,
      url: webhook.url,
      eventTypes: webhook.eventTypes,
      filter: webhook.filter ?? Prisma.DbNull,
    },
  });
}
