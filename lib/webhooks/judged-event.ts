import { z } from "zod";
import { isOperationalType } from "@/lib/contracts/event-types";
import type { Event as EventRow } from "@/lib/generated/prisma/client";
import type { JudgedEvent } from "@/lib/webhooks/verdict";

const labelsSchema = z.record(z.string(), z.string());
const bodySchema = z.record(z.string(), z.unknown());
const aboutWebhookSchema = z.object({ data: z.object({ webhook_id: z.string() }) });

type Row = Pick<EventRow, "type" | "labels" | "application" | "environment" | "createdAt" | "body">;

/** A stored event as webhooks are matched with it. */
export function toJudgedEvent(row: Row): JudgedEvent {
  return {
    type: row.type,
    labels: labelsSchema.parse(row.labels),
    application: row.application,
    environment: row.environment,
    body: bodySchema.parse(JSON.parse(row.body)),
    createdAt: row.createdAt,
    testOf: row.type === "webhook.test" ? aboutWebhook(row.body) : null,
    troubleOf: isOperationalType(row.type) ? aboutWebhook(row.body) : null,
  };
}

function aboutWebhook(body: string): string | null {
  return aboutWebhookSchema.safeParse(JSON.parse(body)).data?.data.webhook_id ?? null;
}
