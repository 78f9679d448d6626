import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { DELIVERY_LOG_LIMITS, retryDeliveriesBody } from "@/lib/contracts/delivery-log";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { retryDeliveries, retryDelivery } from "@/lib/webhooks/delivery-retry";
import * as webhooks from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook, testActor } from "@/lib/webhooks/testing";

let actor: Actor;
let webhookId: string;

beforeEach(async () => {
  actor = await createTestProject();
  webhookId = (await createTestWebhook(actor, { url: "https://example.com/hook", event_types: ["*"] })).id;
});

/** A delivery that ended, or is as told. */
async function delivery(data: Parameters<typeof db.delivery.update>[0]["data"] = {}, to = webhookId): Promise<string> {
  const event = await webhooks.testWebhook(actor, to);
  const id = event.deliveries[0]?.id ?? "";
  const ended = { status: "failed", attemptCount: 4, completedAt: new Date(), nextAttemptAt: null };
  await db.delivery.update({ where: { id }, data: { ...ended, ...data } });
  return id;
}

const retry = (body: unknown, by = actor) => retryDeliveries(by, retryDeliveriesBody.parse(body), new Date());
const stored = (id: string) => db.delivery.findUniqueOrThrow({ where: { id } });

describe("retrying several deliveries", () => {
  it("queues what can be sent and tells why the rest cannot", async () => {
    const disabled = (await createTestWebhook(actor, { url: "https://example.com/off", event_types: ["*"] })).id;
    const deleted = (await createTestWebhook(actor, { url: "https://example.com/gone", event_types: ["*"] })).id;
    const failed = await delivery();
    const waiting = await delivery({ status: "pending", attemptCount: 1, nextAttemptAt: new Date(Date.now() + 3.6e6) });
    const underWay = await delivery({ status: "pending", leaseUntil: new Date(Date.now() + 60_000) });
    const toDisabled = await delivery({}, disabled);
    const toDeleted = await delivery({}, deleted);
    await webhooks.updateWebhook(actor, disabled, { enabled: false });
    await webhooks.deleteWebhook(actor, deleted);

    const ids = [failed, waiting, underWay, toDisabled, toDeleted, newId("delivery")];
    expect(await retry({ delivery_ids: ids })).toEqual({
      queued: 2,
      skipped: [
        { id: underWay, reason: "in_progress" },
        { id: toDisabled, reason: "webhook_disabled" },
        { id: toDeleted, reason: "webhook_deleted" },
        { id: ids[5], reason: "not_found" },
      ],
      next_cursor: null,
    });
    expect(await stored(failed)).toMatchObject({
      status: "pending",
      maxAttempts: 5,
      trigger: "manual",
      completedAt: null,
    });
    expect((await stored(waiting)).nextAttemptAt?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await stored(toDisabled)).toMatchObject({ status: "failed", revision: 1 });
  });

  it("takes what a filter means part by part, each once", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) ids.push(await delivery());
    const delivered = await delivery({ status: "delivered" });
    const to = new Date(Date.now() + 1000).toISOString();
    const first = await retry({ filter: { status: "failed", to } });
    expect(first).toEqual({ queued: 7, skipped: [], next_cursor: null });
    expect(await retry({ filter: { status: "failed", to } })).toMatchObject({ queued: 0 });
    expect(await stored(delivered)).toMatchObject({ status: "delivered", revision: 1 });
    const { revision } = await stored(ids[3] ?? "");
    expect(revision).toBe(2);
  });

  it("goes on below its cursor", async () => {
    const [older, newer] = [await delivery(), await delivery()];
    expect(await retry({ filter: {}, cursor: newer })).toMatchObject({ queued: 1 });
    expect(await stored(older)).toMatchObject({ status: "pending" });
    expect(await stored(newer)).toMatchObject({ status: "failed" });
    await expect(retry({ filter: {}, cursor: "nonsense" })).rejects.toMatchObject({ code: "invalid_cursor" });
  });

  it("puts each back once when several ask at the same time", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 20; index += 1) ids.push(await delivery());
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => retry({ delivery_ids: index % 2 === 0 ? ids : ids.toReversed() })),
    );
    for (const answer of answers) expect(answer.queued + answer.skipped.length).toBe(ids.length);
    for (const id of ids) expect(await stored(id)).toMatchObject({ status: "pending", maxAttempts: 5 });
  });

  it("is refused to viewers, and finds nothing of another project", async () => {
    const id = await delivery();
    await expect(retry({ delivery_ids: [id] }, testActor(actor.projectId, "viewer"))).rejects.toMatchObject({
      code: "forbidden",
    });
    const stranger = await createTestProject();
    expect(await retry({ delivery_ids: [id] }, stranger)).toMatchObject({
      queued: 0,
      skipped: [{ reason: "not_found" }],
    });
    expect(await retry({ filter: {} }, stranger)).toMatchObject({ queued: 0, skipped: [] });
    await expect(retryDelivery(stranger, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(retryDelivery(actor, id, newId("webhook"))).rejects.toMatchObject({ code: "not_found" });
    expect(await stored(id)).toMatchObject({ status: "failed", revision: 1 });
  });

  it("wants either ids, few enough and each once, or a filter", () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `dlv_${index}`);
    const most = DELIVERY_LOG_LIMITS.per_retry;
    expect(retryDeliveriesBody.safeParse({ delivery_ids: many(most) }).success).toBe(true);
    for (const body of [
      {},
      { delivery_ids: [] },
      { delivery_ids: many(most + 1) },
      { delivery_ids: ["dlv_1", "dlv_1"] },
      { delivery_ids: ["dlv_1"], filter: {} },
      { delivery_ids: ["dlv_1"], cursor: "dlv_1" },
      { filter: { state: "failed" } },
    ]) {
      expect(retryDeliveriesBody.safeParse(body).success, JSON.stringify(body)).toBe(false);
    }
  });
});
