import type { Actor } from "@/lib/accounts/actor";
import { ROLE_PERMISSIONS, type Role } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { newReceiverToken } from "@/lib/receiver/service";
import { outgoingHeaders } from "@/lib/webhooks/outgoing";
import { sealSecret } from "@/lib/webhooks/secrets";
import { toSigningKey } from "@/lib/webhooks/signing-key";

export type TestReceiver = { projectId: string; token: string; actor: Actor };

/** A project with a receiver, as every new project has one. */
export async function makeReceiver(settings: { failNext?: number; failStatus?: number } = {}): Promise<TestReceiver> {
  const projectId = newId("project");
  const token = newReceiverToken();
  await db.project.create({ data: { id: projectId, name: "Test", receiver: { create: { token, ...settings } } } });
  return { projectId, token, actor: actorOf(projectId, "member") };
}

export function actorOf(projectId: string, role: Role): Actor {
  const permissions = new Set(ROLE_PERMISSIONS[role]);
  return { projectId, subject: { kind: "user", id: newId("user") }, role, permissions };
}

/** A delivery that a worker is about to send, and the request as the worker would send it. */
export async function makeDelivery(projectId: string, { secret }: { secret: string | null }) {
  const webhookId = newId("webhook");
  const eventId = newId("event");
  const deliveryId = newId("delivery");
  const type = "instance.started";
  const body = `{"id":"${eventId}","type":"${type}","data":{"note":"Grüße"}}`;
  const url = "http://localhost:3000/receiver/test";
  await db.webhook.create({
    data: {
      id: webhookId,
      projectId,
      url,
      eventTypes: [type],
      secret: secret === null ? null : sealSecret(webhookId, secret),
      retry: { preset: "quick" },
    },
  });
  await db.event.create({
    data: { id: eventId, projectId, type, body, correlationId: eventId, source: "api", occurredAt: new Date() },
  });
  await db.delivery.create({
    data: { id: deliveryId, projectId, eventId, webhookId, eventType: type, url, maxAttempts: 4 },
  });
  const headers = outgoingHeaders({
    eventId,
    eventType: type,
    deliveryId,
    attemptNumber: 1,
    timestamp: Math.floor(Date.now() / 1000),
    body,
    keys: secret === null ? [] : [toSigningKey(secret)],
    custom: {},
  });
  return { webhookId, deliveryId, body, headers };
}
