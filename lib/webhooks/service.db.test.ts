import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { updateWebhookBody } from "@/lib/contracts/webhooks";
import { db } from "@/lib/db/client";
import { listDeliveries } from "@/lib/webhooks/delivery-queries";
import { retryDelivery } from "@/lib/webhooks/delivery-retry";
import { getEvent } from "@/lib/webhooks/events";
import { listWebhookHealth } from "@/lib/webhooks/health";
import { getOverview } from "@/lib/webhooks/overview";
import { regenerateSecret } from "@/lib/webhooks/rotation";
import * as webhooks from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook, testActor } from "@/lib/webhooks/testing";

const url = "https://example.com/hook";

describe("webhooks", () => {
  let actor: Actor;
  beforeEach(async () => {
    actor = await createTestProject();
  });

  it("show the generated secret once and keep it encrypted", async () => {
    const created = await createTestWebhook(actor, { url, event_types: ["*"] });
    expect(created.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await webhooks.getWebhook(actor, created.id)).toMatchObject({ has_secret: true });
    expect(JSON.stringify(await webhooks.listWebhooks(actor))).not.toContain("whsec_");
    const [stored] = await db.$queryRaw<
      { text: string }[]
    >`SELECT w::text AS text FROM webhook w WHERE id = ${created.id}`;
    expect(stored?.text).not.toContain("whsec_");
    expect(stored?.text).not.toContain(created.secret?.slice(6) ?? "?");
  });

  it("take a secret of one's own, or none", async () => {
    const own = await createTestWebhook(actor, {
      url,
      event_types: ["*"],
      secret: "my-own-secret-long",
    });
    expect(own.secret).toBe("my-own-secret-long");
    const unsigned = await createTestWebhook(actor, { url, event_types: ["*"], secret: null });
    expect(unsigned).toMatchObject({ secret: null, has_secret: false });
  });

  it.each([
    ["https://127.0.0.2:99999/", "complete"],
    ["https://10.0.0.1/", "not a public address"],
    ["https://user:pass@example.com/", "user name"],
    ["https://example.com:22/", "Port 22"],
    ["not a url", "complete"],
    ["ftp://example.com/", "https://"],
  ])("refuse the URL %s", async (bad, reason) => {
    const refused = createTestWebhook(actor, { url: bad, event_types: ["*"] });
    await expect(refused).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "url", message: expect.stringContaining(reason) }],
    });
  });

  it("refuse headers that would override ours, and keep masked values that come back", async () => {
    await expect(
      createTestWebhook(actor, { url, event_types: ["*"], headers: { "Webhook-Signature": "x", Host: "y" } }),
    ).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "headers.Webhook-Signature" }, { field: "headers.Host" }],
    });

    const created = await createTestWebhook(actor, {
      url,
      event_types: ["*"],
      headers: { Authorization: "Bearer abc", "X-Env": "prod" },
    });
    expect(created.headers).toEqual({ Authorization: "••••••", "X-Env": "prod" });
    await webhooks.updateWebhook(
      actor,
      created.id,
      updateWebhookBody.parse({ headers: { ...created.headers, "X-Env": "test" } }),
    );
    const row = await db.webhook.findUniqueOrThrow({ where: { id: created.id } });
    const { openHeaders } = await import("@/lib/webhooks/secrets");
    expect(openHeaders(row.id, row.headers)).toEqual({ Authorization: "Bearer abc", "X-Env": "test" });
  });

  it("refuse an order key without strict order", async () => {
    await expect(createTestWebhook(actor, { url, event_types: ["*"], order_key: "data.id" })).rejects.toMatchObject({
      errors: [{ field: "order_key" }],
    });
  });

  it("change only the fields that are given", async () => {
    const created = await createTestWebhook(actor, { url, event_types: ["instance.*"], description: "before" });
    const updated = await webhooks.updateWebhook(actor, created.id, updateWebhookBody.parse({ description: "after" }));
    const { secret: _secret, updated_at: _updatedAt, ...rest } = created;
    expect(updated).toMatchObject({ ...rest, description: "after" });
  });

  it("are another project's secret: every call answers that there is none", async () => {
    const created = await createTestWebhook(actor, { url, event_types: ["*"] });
    const event = await webhooks.testWebhook(actor, created.id);
    const deliveryId = event.deliveries[0]?.id ?? "";
    const stranger = await createTestProject();
    const calls = [
      () => webhooks.getWebhook(stranger, created.id),
      () => webhooks.updateWebhook(stranger, created.id, { description: "mine" }),
      () => webhooks.deleteWebhook(stranger, created.id),
      () => regenerateSecret(stranger, created.id, { overlap_s: 0 }),
      () => webhooks.testWebhook(stranger, created.id),
      () => retryDelivery(stranger, deliveryId),
      () => getEvent(stranger, event.id),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "not_found" });
    expect(await webhooks.listWebhooks(stranger)).toEqual([]);
    expect((await listDeliveries(stranger, { limit: 50 })).data).toEqual([]);
    expect((await getOverview(stranger, new Date())).accepted).toBe(0);
    expect(await webhooks.getWebhook(actor, created.id)).toMatchObject({ description: "" });
  });

  it("may be looked at by viewers, and changed by members and above", async () => {
    const created = await createTestWebhook(actor, { url, event_types: ["*"] });
    const viewer = testActor(actor.projectId, "viewer");
    expect(await webhooks.listWebhooks(viewer)).toHaveLength(1);
    for (const call of [
      () => createTestWebhook(viewer, { url, event_types: ["*"] }),
      () => webhooks.updateWebhook(viewer, created.id, {}),
      () => webhooks.deleteWebhook(viewer, created.id),
      () => regenerateSecret(viewer, created.id, { overlap_s: 0 }),
      () => webhooks.testWebhook(viewer, created.id),
      () => retryDelivery(viewer, "dlv_x"),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "forbidden" });
    }
    await expect(
      createTestWebhook(testActor(actor.projectId, "member"), { url, event_types: ["*"] }),
    ).resolves.toBeDefined();
  });

  it("count their last 24 hours hour by hour", async () => {
    const created = await createTestWebhook(actor, { url, event_types: ["*"] });
    const now = new Date();
    for (const [hoursAgo, status] of [
      [0, "delivered"],
      [0, "failed"],
      [5, "delivered"],
      [30, "delivered"],
    ] as const) {
      const event = await webhooks.testWebhook(actor, created.id);
      await db.delivery.updateMany({
        where: { eventId: event.id },
        data: { status, completedAt: new Date(now.getTime() - hoursAgo * 3600 * 1000) },
      });
      const minute = new Date(now.getTime() - hoursAgo * 3600 * 1000);
      minute.setUTCSeconds(status === "failed" ? 1 : 0, 0);
      await db.webhookStat.create({
        data: { webhookId: created.id, projectId: actor.projectId, minute, [status]: 1 },
      });
    }
    await webhooks.testWebhook(actor, created.id);
    const [health] = await listWebhookHealth(actor, now);
    expect(health).toMatchObject({ webhook_id: created.id, delivered: 2, failed: 1, pending: 1, last_attempt: null });
    expect(health?.hours).toHaveLength(24);
    expect(health?.hours.at(-1)).toMatchObject({ delivered: 1, failed: 1 });
    expect(health?.hours.at(-6)).toMatchObject({ delivered: 1, failed: 0 });
    expect(await getOverview(actor, now)).toMatchObject({
      accepted: 5,
      delivered: 3,
      failed: 1,
      pending: 1,
      unaccounted: 0,
    });
  });
});

describe("the delivery log", () => {
  it("pages by keyset through everything once, in order, while rows arrive", async () => {
    const actor = await createTestProject();
    const webhook = await createTestWebhook(actor, { url, event_types: ["*"] });
    for (let index = 0; index < 25; index += 1) await webhooks.testWebhook(actor, webhook.id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDeliveries(actor, { limit: 10, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.data.map((delivery) => delivery.id));
      cursor = page.next_cursor ?? undefined;
      await webhooks.testWebhook(actor, webhook.id);
    } while (cursor);
    expect(seen).toHaveLength(25);
    expect(seen).toEqual(seen.toSorted().reverse());
  });

  it("filters by webhook, type, status, time and ids", async () => {
    const actor = await createTestProject();
    const first = await createTestWebhook(actor, { url, event_types: ["*"] });
    const second = await createTestWebhook(actor, { url, event_types: ["*"] });
    const older = await webhooks.testWebhook(actor, first.id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const middle = new Date();
    const newer = await webhooks.testWebhook(actor, second.id);
    await db.delivery.updateMany({ where: { eventId: older.id }, data: { status: "failed" } });
    const olderId = older.deliveries[0]?.id;
    const newerId = newer.deliveries[0]?.id;
    const list = async (query: Partial<Parameters<typeof listDeliveries>[1]>) =>
      (await listDeliveries(actor, { limit: 50, ...query })).data.map((delivery) => delivery.id);

    expect(await list({})).toEqual([newerId, olderId]);
    expect(await list({ webhook_id: [first.id] })).toEqual([olderId]);
    expect(await list({ event_type: ["webhook.test"] })).toEqual([newerId, olderId]);
    expect(await list({ event_type: ["instance.started"] })).toEqual([]);
    expect(await list({ status: ["failed"] })).toEqual([olderId]);
    expect(await list({ status: ["failed", "pending"] })).toEqual([newerId, olderId]);
    expect(await list({ from: middle.toISOString() })).toEqual([newerId]);
    expect(await list({ to: middle.toISOString() })).toEqual([olderId]);
    expect(await list({ q: olderId ?? "" })).toEqual([olderId]);
    expect(await list({ q: newer.id })).toEqual([newerId]);
    expect(await list({ q: newer.correlationId })).toEqual([newerId]);
    expect(await list({ q: "dlv_" })).toEqual([newerId, olderId]);
    expect(await list({ q: "nothing" })).toEqual([]);
    await expect(list({ cursor: "dlv_nonsense" })).rejects.toMatchObject({ code: "invalid_cursor" });
  });
});
