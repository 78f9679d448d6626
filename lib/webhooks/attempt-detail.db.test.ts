import { execFile } from "node:child_process";
import { promisify } from "node:util";
import fc from "fast-check";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { GET as getRequest } from "@/app/api/v1/projects/[project_id]/deliveries/[delivery_id]/attempts/[number]/request/route";
import { GET as getResponse } from "@/app/api/v1/projects/[project_id]/deliveries/[delivery_id]/attempts/[number]/response/route";
import type { Actor } from "@/lib/accounts/actor";
import { storeApiKey } from "@/lib/accounts/api-keys";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { until, useDeliveries } from "@/lib/queue/testing";
import { getAttemptDiff } from "@/lib/webhooks/attempt-baseline";
import { requestBody, responseBody } from "@/lib/webhooks/attempt-queries";
import { createDeliveryCurl } from "@/lib/webhooks/delivery-curl";
import { getDelivery } from "@/lib/webhooks/delivery-queries";
import { retryDelivery } from "@/lib/webhooks/delivery-retry";
import { FORGED_TEST } from "@/lib/webhooks/forged-test";
import { verify } from "@/lib/webhooks/signature";
import { createTestProject, createTestWebhook, testActor } from "@/lib/webhooks/testing";

const run = promisify(execFile);

/** Runs the command as it would be pasted into a shell; curl itself makes the request. */
async function inShell(command: string): Promise<void> {
  const running = run("/bin/sh", ["-es"]);
  running.child.stdin?.end(`${command}
`);
  await running;
}

const HOSTILE = [
  "'",
  '"',
  "\\",
  "\n",
  "\r\n",
  "$(touch /tmp/x)",
  "`id`",
  "$HOME",
  "!!",
  "@/etc/passwd",
  "é",
  "😀",
  "%s",
  "--",
  "\u2028",
];

describe("a freshly signed curl command", () => {
  const { actor, emitOne, receiver } = useDeliveries();

  it("gives the receiver the exact body with signatures that hold, whatever is in it", async () => {
    const target = await receiver();
    const { secret } = await createTestWebhook(actor(), { url: target.url("/hook?a=1&b='2'"), event_types: ["*"] });
    if (!secret) throw new Error("The webhook has no secret.");
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 3 })),
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(text, async (note) => {
        const id = await emitOne({ note: note.replaceAll("\0", "") });
        const { command } = await createDeliveryCurl(actor(), id, new Date());
        await inShell(command);
        const { event } = await getDelivery(actor(), id);
        const got = target.requests.at(-1);
        expect(got?.body).toBe(event.body);
        expect(got?.path).toBe("/hook?a=1&b='2'");
        const headers = Object.fromEntries(
          Object.entries(got?.headers ?? {}).map(([name, value]) => [name, String(value)]),
        );
        expect(new StandardWebhook(secret).verify(got?.body ?? "", headers)).toMatchObject({
          type: "instance.started",
        });
        const header = headers["x-webhook-signature"] ?? "";
        expect(verify({ header, payload: event.body, secret, now: Date.now() / 1000 })).toEqual({ ok: true });
        expect(headers["x-webhook-delivery"]).toBe(id);
      }),
      { numRuns: 25 },
    );
  });

  it("carries bodies that are too long for an argument", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    const id = await emitOne({ log: "it's long; ".repeat(15_000) });
    await inShell((await createDeliveryCurl(actor(), id, new Date())).command);
    expect(target.requests.at(-1)?.body).toBe((await getDelivery(actor(), id)).event.body);
  });

  it("is signed now, holds for five minutes, and gives no secret away", async () => {
    const target = await receiver();
    const { secret } = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      headers: { Authorization: "Bearer canary-token", "X-Team": "gpu" },
    });
    const id = await emitOne();
    const now = new Date("2026-11-22T04:00:00.500Z");
    const made = await createDeliveryCurl(actor(), id, now);
    expect(made).toMatchObject({ valid_until: "2026-11-22T04:05:00.000Z", placeholders: ["Authorization"] });
    expect(made.command).toContain(`webhook-timestamp: ${Math.floor(now.getTime() / 1000)}`);
    expect(made.command).toContain("'Authorization: <Authorization>'");
    expect(made.command).toContain("'X-Team: gpu'");
    expect(made.command).not.toContain("canary");
    expect(made.command).not.toContain(secret);
    expect(target.requests).toEqual([]);
  });

  it("stays forged for a test that exists to be refused", async () => {
    const target = await receiver();
    const { secret } = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    const id = await emitOne();
    await db.event.updateMany({ where: { projectId: actor().projectId }, data: { source: FORGED_TEST } });
    await inShell((await createDeliveryCurl(actor(), id, new Date())).command);
    const got = target.requests[0];
    const header = String(got?.headers["x-webhook-signature"]);
    expect(verify({ header, payload: got?.body ?? "", secret: secret ?? "", now: Date.now() / 1000 })).toMatchObject({
      reason: "mismatch",
    });
  });

  it("has no end of validity without a signature", async () => {
    await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"], secret: null });
    const made = await createDeliveryCurl(actor(), await emitOne(), new Date());
    expect(made.valid_until).toBeNull();
    expect(made.command).not.toMatch(/signature/);
  });

  it("is for those who may retry, in their own project, while the webhook exists", async () => {
    await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"] });
    const id = await emitOne();
    const viewer = testActor(actor().projectId, "viewer");
    await expect(createDeliveryCurl(viewer, id, new Date())).rejects.toMatchObject({ code: "forbidden" });
    await expect(createDeliveryCurl(await createTestProject(), id, new Date())).rejects.toMatchObject({
      code: "not_found",
    });
    await db.webhook.updateMany({ where: { projectId: actor().projectId }, data: { deletedAt: new Date() } });
    await expect(createDeliveryCurl(actor(), id, new Date())).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("stored bodies", () => {
  const { actor, emitOne, receiver, pump, settled } = useDeliveries();

  it("are downloaded byte for byte, never shown", async () => {
    const bytes = Buffer.from([0, 255, 254, 0x3c, 0x73, 0x0d, 0x0a]);
    const target = await receiver((_request, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end(bytes),
    );
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    pump();
    const id = await emitOne({ note: "grüße" });
    await settled();
    const call = await caller(actor());
    const answer = await call(getResponse, id, "1");
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${id}-attempt-1-response.txt"`,
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
    });
    const sent = await call(getRequest, id, "1");
    expect(await sent.text()).toBe(target.requests[0]?.body);
    expect((await call(getRequest, id, "2")).status).toBe(404);
    expect((await call(getRequest, id, "x")).status).toBe(422);
  });

  it("are not found where no answer came, and not in another project", async () => {
    const target = await receiver((_request, response) => response.destroy());
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], retry: { delays_s: [] } });
    pump();
    const id = await emitOne();
    await settled();
    await expect(responseBody(actor(), { deliveryId: id, number: 1 })).rejects.toMatchObject({ code: "not_found" });
    const stranger = await createTestProject();
    await expect(requestBody(stranger, { deliveryId: id, number: 1 })).rejects.toMatchObject({ code: "not_found" });
  });

  async function caller({ projectId }: Actor) {
    const key = `dmt_${crypto.randomUUID()}`;
    await storeApiKey(db, { projectId, createdBy: newId("user"), name: "test", scopes: ALL_PERMISSIONS, key });
    return (handler: typeof getResponse, id: string, number: string) =>
      handler(new Request("http://localhost:3000/api/v1/x", { headers: { authorization: `Bearer ${key}` } }), {
        params: Promise.resolve({ project_id: projectId, delivery_id: id, number }),
      });
  }
});

describe("the comparison with the last success", () => {
  const { actor, emitOne, receiver, pump, settled } = useDeliveries();

  it("takes the last one before, of the same type where there is one", async () => {
    let status = 200;
    const target = await receiver((_request, response) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ ok: status === 200 })),
    );
    const webhook = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      retry: { delays_s: [] },
    });
    pump();
    const first = await emitOne();
    await settled();
    expect((await getAttemptDiff(actor(), { deliveryId: first, number: 1 })).baseline).toBeNull();
    await emitOne({ snapshot_id: "s" }, "snapshot.completed");
    await settled();
    status = 500;
    const failing = await emitOne({ instance_id: 7 });
    await settled();
    const diff = await getAttemptDiff(actor(), { deliveryId: failing, number: 1 });
    expect(diff.baseline).toMatchObject({
      delivery_id: first,
      number: 1,
      event_type: "instance.started",
      http_status: 200,
    });
    const [request, response] = diff.sections;
    expect(request?.changes).toContainEqual({
      path: "body.data.instance_id",
      before: "string",
      after: "number",
      kind: "changed",
    });
    expect(request?.changes.find(({ path }) => path === "header webhook-id")?.kind).toBe("expected");
    expect(response?.changes.slice(0, 1)).toEqual([{ path: "status", before: "200", after: "500", kind: "changed" }]);
    expect(response?.changes).toContainEqual({ path: "body.ok", before: "true", after: "false", kind: "changed" });

    const other = await emitOne({}, "reservation.created");
    await settled();
    expect((await getAttemptDiff(actor(), { deliveryId: other, number: 1 })).baseline?.event_type).toBe(
      "snapshot.completed",
    );

    status = 200;
    await retryDelivery(actor(), failing);
    await until("the retry", async () => (await getDelivery(actor(), failing)).attempts.length === 2);
    const again = await getAttemptDiff(actor(), { deliveryId: failing, number: 1 });
    expect(again.baseline?.delivery_id, "a later success is not the last one before").toBe(first);
    expect(webhook.id).toBe((await getDelivery(actor(), failing)).webhook_id);
  });
});

describe("what a pending delivery waits for", () => {
  const { actor, emitOne } = useDeliveries();
  const waitingOf = async (id: string) => (await getDelivery(actor(), id)).waiting;

  it("is its webhook, or the head of its lane", async () => {
    const { id: webhookId } = await createTestWebhook(actor(), {
      url: "https://example.com/",
      event_types: ["*"],
      ordering: "strict",
    });
    const head = await emitOne();
    const behind = await emitOne();
    expect(await waitingOf(head)).toBeNull();
    expect(await waitingOf(behind)).toEqual({ reason: "lane", until: null, detail: null, head_delivery_id: head });

    const pausedUntil = new Date(Date.now() + 60_000);
    await db.webhook.update({ where: { id: webhookId }, data: { pausedUntil } });
    expect(await waitingOf(head)).toEqual({
      reason: "paused",
      until: pausedUntil.toISOString(),
      head_delivery_id: null,
      detail: null,
    });
    await db.webhook.update({ where: { id: webhookId }, data: { health: "probing" } });
    expect((await waitingOf(head))?.reason).toBe("probing");
    await db.webhook.update({ where: { id: webhookId }, data: { enabled: false } });
    expect((await waitingOf(head))?.reason).toBe("disabled");
  });
});
