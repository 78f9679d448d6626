import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { emitEventBody } from "@/lib/contracts/events";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { transaction } from "@/lib/db/transaction";
import { recover } from "@/lib/queue/recover";
import { until, useDeliveries } from "@/lib/queue/testing";
import { makePlan } from "@/lib/replay/plan";
import { getDelivery, listDeliveries } from "@/lib/webhooks/delivery-queries";
import { retryDelivery } from "@/lib/webhooks/delivery-retry";
import { emit } from "@/lib/webhooks/emit";
import { emitEvent, getEvent, listEvents } from "@/lib/webhooks/events";
import { listWebhookHealth } from "@/lib/webhooks/health";
import { getOverview } from "@/lib/webhooks/overview";
import { sendEvent } from "@/lib/webhooks/send-event";
import { getWebhook, listWebhooks } from "@/lib/webhooks/service";
import { createTestWebhook, testActor } from "@/lib/webhooks/testing";
import { listVerdicts } from "@/lib/webhooks/verdict-queries";

const SECRET = "a secret of the caller's own";

describe("the webhook of a request", () => {
  const { actor, receiver, pump, settled, emitNow } = useDeliveries();

  const post = (body: Record<string, unknown> = {}) =>
    emitEvent(actor(), emitEventBody.parse({ type: "custom.job.begun", data: { job: 1 }, ...body }));
  const follow = (correlationId: string, type = "custom.job.went_on") =>
    transaction((tx) => emit(tx, actor().projectId, { type, data: {}, source: "platform", correlationId }));

  it("gets every event of its workflow in order, signed, and no other; ordinary webhooks go on as always", async () => {
    const own = await receiver();
    const ordinary = await receiver();
    await createTestWebhook(actor(), { url: ordinary.url(), event_types: ["instance.*"] });
    pump();
    const begun = await post({ webhook: { url: own.url("/hook"), secret: SECRET } });
    const other = await post({ webhook: { url: own.url("/other") } });
    await emitNow();
    for (let index = 0; index < 5; index += 1) await follow(begun.correlationId);
    await follow(begun.correlationId, "instance.started");
    await settled();

    const got = own.requests.filter(({ path }) => path === "/hook");
    expect(got.map(({ body }) => JSON.parse(body).sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(got.map(({ body }) => JSON.parse(body).correlation_id))).toEqual(new Set([begun.correlationId]));
    expect(
      own.requests.filter(({ path }) => path === "/other").map(({ body }) => JSON.parse(body).correlation_id),
    ).toEqual([other.correlationId]);
    expect(ordinary.requests.map(({ body }) => JSON.parse(body).correlation_id)).toEqual(
      expect.arrayContaining([undefined, begun.correlationId]),
    );
    expect(ordinary.requests).toHaveLength(2);
    const headers = got[0]?.headers as Record<string, string>;
    new Webhook(Buffer.from(SECRET).toString("base64")).verify(got[0]?.body ?? "", headers);
    expect(own.requests.find(({ path }) => path === "/other")?.headers).not.toHaveProperty("webhook-signature");
  });

  it("is tried 1, 2 and 4 seconds later and then given up, and the next event has its turn", async () => {
    const dead = await receiver(({ body }, response) => {
      response.statusCode = JSON.parse(body).sequence === 1 ? 503 : 200;
      response.end();
    });
    const { correlationId, deliveries } = await post({ webhook: { url: dead.url() } });
    const row = await db.webhook.findFirstOrThrow({ where: { id: deliveries[0]?.webhookId ?? "" } });
    expect(row).toMatchObject({ retry: { delays_s: [1, 2, 4] }, ordering: "strict", source: "request" });
    await follow(correlationId);
    pump();
    await settled();
    const statuses = await db.delivery.findMany({ where: { webhookId: row.id }, orderBy: { seq: "asc" } });
    expect(statuses.map(({ status, attemptCount }) => [status, attemptCount])).toEqual([
      ["failed", 4],
      ["delivered", 1],
    ]);
    expect(dead.requests.map(({ body }) => JSON.parse(body).sequence)).toEqual([1, 1, 1, 1, 2]);
    // Nobody is told: the project has no such webhook.
    expect(await db.event.count({ where: { projectId: actor().projectId, type: { startsWith: "delivery." } } })).toBe(
      0,
    );
    expect(await db.webhookStat.count({ where: { webhookId: row.id } })).toBe(0);
  });

  it("is forgotten with what waits for it when it answers 410, without an event about it", async () => {
    const gone = await receiver((_request, response) => {
      response.statusCode = 410;
      response.end();
    });
    const { correlationId, deliveries } = await post({ webhook: { url: gone.url(), secret: SECRET } });
    await follow(correlationId);
    pump();
    const id = deliveries[0]?.webhookId ?? "";
    await until(
      "it is deleted",
      async () => (await db.webhook.findUniqueOrThrow({ where: { id } })).deletedAt !== null,
    );
    expect(await db.webhook.findUniqueOrThrow({ where: { id } })).toMatchObject({ enabled: false, secret: null });
    // An attempt that was being settled while the webhook was deleted is cancelled by this, which runs every minute.
    await recover();
    await settled();
    expect((await follow(correlationId)).deliveries).toEqual([]);
    expect(await db.event.count({ where: { projectId: actor().projectId, type: { startsWith: "endpoint." } } })).toBe(
      0,
    );
  });

  it("shows up in the delivery log and with its events, and nowhere else", async () => {
    const { id, correlationId, deliveries } = await post({ webhook: { url: "https://example.com/x" } });
    const stranger = await emitNow();
    const webhookId = deliveries[0]?.webhookId ?? "";
    const now = await databaseNow(db);

    expect((await listDeliveries(actor(), { limit: 10 })).data).toMatchObject([{ webhook_id: webhookId }]);
    expect(await getDelivery(actor(), deliveries[0]?.id ?? "")).toMatchObject({
      webhook: { source: "request" },
      event: { sequence: 1, correlation_id: correlationId },
    });
    expect((await listEvents(actor(), { limit: 10 })).data.map(({ sequence }) => sequence)).toEqual([null, 1]);
    expect(await getEvent(actor(), id)).toMatchObject({ sequence: 1, deliveries: [{ webhook_id: webhookId }] });
    expect((await listVerdicts(actor(), id, now)).map(({ webhook }) => webhook.id)).toEqual([webhookId]);
    expect(await listVerdicts(actor(), stranger.id, now)).toEqual([]);

    expect(await listWebhooks(actor())).toEqual([]);
    expect(await listWebhookHealth(actor(), now)).toEqual([]);
    await expect(getWebhook(actor(), webhookId)).rejects.toMatchObject({ code: "not_found" });
    expect(await getOverview(actor(), now)).toMatchObject({ accepted: 1, pending: 1, unaccounted: 0 });
    const scope = {
      kind: "missing",
      from: new Date(now.getTime() - 3_600_000).toISOString(),
      to: now.toISOString(),
    } as const;
    expect((await transaction((tx) => makePlan(tx, actor().projectId, scope, now))).targets).toEqual([]);
    await expect(sendEvent(actor(), stranger.id, [webhookId])).rejects.toMatchObject({ code: "not_found" });
  });

  it("can be sent a single delivery again by hand", async () => {
    const failing = await receiver((_request, response) => {
      response.statusCode = failing.requests.length <= 4 ? 500 : 200;
      response.end();
    });
    const { deliveries } = await post({ webhook: { url: failing.url() } });
    pump();
    await settled();
    await retryDelivery(actor(), deliveries[0]?.id ?? "");
    await settled();
    expect(await db.delivery.findUniqueOrThrow({ where: { id: deliveries[0]?.id ?? "" } })).toMatchObject({
      status: "delivered",
      attemptCount: 5,
    });
  });

  it("must be a URL that deliveries may go to, and nothing is stored otherwise", async () => {
    for (const url of ["http://169.254.169.254/latest", "https://10.0.0.1/", "ftp://example.com/", "not a url"]) {
      await expect(post({ webhook: { url } })).rejects.toMatchObject({
        code: "validation_failed",
        errors: [{ field: "webhook.url" }],
      });
    }
    expect(await db.event.count({ where: { projectId: actor().projectId } })).toBe(0);
    expect(await db.workflow.count({ where: { projectId: actor().projectId } })).toBe(0);
  });

  it("is one webhook however often the same call brings it along, and at most ten of a workflow", async () => {
    const url = "https://example.com/same";
    await post({ correlation_id: "w", webhook: { url } });
    const again = await post({ correlation_id: "w", webhook: { url } });
    expect(again).toMatchObject({ sequence: 2 });
    expect(again.deliveries).toHaveLength(1);
    for (let index = 0; index < 9; index += 1) {
      await post({ correlation_id: "w", webhook: { url: `https://example.com/${index}` } });
    }
    await expect(post({ correlation_id: "w", webhook: { url: "https://example.com/x" } })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("may join a workflow that somebody else began only for those who may write webhooks", async () => {
    await post({ correlation_id: "w", webhook: { url: "https://example.com/1" } });
    const key = {
      ...actor(),
      subject: { kind: "api_key", id: "key_x" } as const,
      permissions: new Set(["events:write"] as const),
    };
    const body = emitEventBody.parse({
      type: "custom.x",
      data: {},
      correlation_id: "w",
      webhook: { url: "https://example.com/2" },
    });
    await expect(emitEvent(key, body)).rejects.toMatchObject({ code: "forbidden" });
    await expect(emitEvent(testActor(actor().projectId, "member"), body)).resolves.toMatchObject({ sequence: 2 });
    // One of their own they may begin.
    await expect(emitEvent(key, { ...body, correlation_id: "mine" })).resolves.toMatchObject({ sequence: 1 });
  });
});
