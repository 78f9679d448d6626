import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { ROLE_PERMISSIONS, type Role } from "@/lib/contracts/permissions";
import type { createWebhookBody } from "@/lib/contracts/webhooks";
import { createWebhookBody as createWebhookSchema } from "@/lib/contracts/webhooks";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { createWebhook } from "@/lib/webhooks/service";

/** What tests of events and deliveries have in common: a project, somebody who acts in it, and somewhere to deliver to. */
export async function createTestProject(role: Role = "owner"): Promise<Actor> {
  const projectId = newId("project");
  await db.project.create({ data: { id: projectId, name: "Test", plan: "premium" } });
  return testActor(projectId, role);
}

export function testActor(projectId: string, role: Role): Actor {
  return {
    projectId,
    subject: { kind: "user", id: newId("user") },
    role,
    permissions: new Set(ROLE_PERMISSIONS[role]),
  };
}

/** The same way as the API: through the contract and the service. */
export function createTestWebhook(actor: Actor, body: z.input<typeof createWebhookBody>) {
  return createWebhook(actor, createWebhookSchema.parse(body));
}

export type ReceivedRequest = { path: string; method: string; headers: IncomingHttpHeaders; body: string; at: number };

export type TestReceiver = { url: (path?: string) => string; requests: ReceivedRequest[]; close: () => Promise<void> };

/** A real HTTP server on loopback that keeps what it gets; answers 200 unless told otherwise. */
export async function startReceiver(
  answer: (request: ReceivedRequest, response: ServerResponse) => void = (_request, response) => response.end("ok"),
): Promise<TestReceiver> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request = {
        path: incoming.url ?? "",
        method: incoming.method ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
        at: performance.now(),
      };
      requests.push(request);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The receiver has no port.");
  return {
    url: (path = "/") => `http://127.0.0.1:${address.port}${path}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
