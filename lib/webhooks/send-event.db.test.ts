import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { useDeliveries } from "@/lib/queue/testing";
import { emit, type NewEvent } from "@/lib/webhooks/emit";
import { getOverview } from "@/lib/webhooks/overview";
import { sendEvent } from "@/lib/webhooks/send-event";
import { deleteWebhook, testWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook, testActor } from "@/lib/webhooks/testing";

const url = "https://example.com/hook";
const started = { type: "instance.started", data: { instance_id: "i-1" }, source: "api" } as const;

describe("sending an event anyway", () => {
  const deliveries = useDeliveries();
  const { actor } = deliveries;
  const make = (body: Partial<Parameters<typeof createTestWebhook>[1]> = {}) =>
    createTestWebhook(actor(), { url, event_types: ["snapshot.*"], ...body });
  const emitNow = (event: NewEvent = started) => transaction((tx) => emit(tx, actor().projectId, event));
  const unaccounted = async () => (await getOverview(actor(), new Date())).unaccounted;

  it("reaches a webhook that did not ask for it, by a delivery like any other", async () => {
    const receiver = await deliveries.receiver();
    const webhook = await make({ url: receiver.url("/hook") });
    const event = await emitNow();
    const answer = await sendEvent(actor(), event.id, [webhook.id]);
    expect(answer).toMatchObject({ created: 1, deliveries: [{ webhook_id: webhook.id, status: "pending" }] });
    deliveries.pump();
    await deliveries.settled();
    expect(receiver.requests).toHaveLength(1);
    expect(JSON.parse(receiver.requests[0]?.body ?? "")).toMatchObject({ id: event.id, type: "instance.started" });
    const attempts = await db.attempt.findMany({ where: { deliveryId: answer.deliveries[0]?.id ?? "" } });
    expect(attempts).toMatchObject([{ trigger: "manual", httpStatus: 200 }]);
    expect(await unaccounted()).toBe(0);
  });

  it("sends a delivery that ended once more, with the same id", async () => {
    const receiver = await deliveries.receiver();
    const webhook = await make({ url: receiver.url("/hook"), event_types: ["*"] });
    const event = await emitNow();
    deliveries.pump();
    await deliveries.settled();
    const again = await sendEvent(actor(), event.id, [webhook.id]);
    expect(again).toMatchObject({ created: 0, deliveries: [{ id: event.deliveries[0]?.id, max_attempts: 2 }] });
    await deliveries.settled();
    const ids = receiver.requests.map(({ headers }) => headers["x-webhook-delivery"]);
    expect(ids).toEqual([event.deliveries[0]?.id, event.deliveries[0]?.id]);
    expect(await unaccounted()).toBe(0);
  });

  it("makes one delivery per webhook, however many send at once", async () => {
    const webhooks = await Promise.all([
      ...Array.from({ length: 4 }, () => make()),
      ...Array.from({ length: 4 }, () => make({ ordering: "strict", order_key: "data.instance_id" })),
      make({ event_types: ["*"] }),
    ]);
    const ids = webhooks.map(({ id }) => id);
    const event = await emitNow();
    // In other orders each time, and with events that take numbers of the same webhooks meanwhile.
    const answers = await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        if (index % 4 === 0) await emitNow({ ...started, type: "snapshot.completed" });
        return sendEvent(actor(), event.id, index % 2 === 0 ? ids : ids.toReversed().slice(index % 5));
      }),
    );
    expect(answers.reduce((sum, { created }) => sum + created, 0)).toBe(8);
    const rows = await db.delivery.findMany({ where: { eventId: event.id } });
    expect(rows.map((row) => row.webhookId).toSorted()).toEqual(ids.toSorted());
    expect(await db.event.findUniqueOrThrow({ where: { id: event.id } })).toMatchObject({ deliveryCount: 9 });
    expect(await unaccounted()).toBe(0);
    for (const { id, ordering } of webhooks) {
      const numbered = await db.delivery.findMany({ where: { webhookId: id, seq: { not: null } } });
      expect(new Set(numbered.map((row) => row.seq)).size).toBe(numbered.length);
      expect(numbered.length).toBe(ordering === "strict" ? 7 : 0);
    }
  });

  it("joins the lane of a strictly ordered webhook at its end", async () => {
    const webhook = await make({ ordering: "strict", order_key: "data.instance_id" });
    const passedBy = await emitNow();
    const wanted = await emitNow({ ...started, type: "snapshot.completed" });
    await sendEvent(actor(), passedBy.id, [webhook.id]);
    const lane = await db.delivery.findMany({ where: { webhookId: webhook.id, lane: "i-1" }, orderBy: { seq: "asc" } });
    expect(lane.map((row) => row.eventId)).toEqual([wanted.id, passedBy.id]);
  });

  it("leaves a delivery that is under way as it is", async () => {
    const webhook = await make({ event_types: ["*"] });
    const event = await emitNow();
    await db.delivery.updateMany({
      where: { eventId: event.id },
      data: { leaseToken: crypto.randomUUID(), leaseUntil: new Date(Date.now() + 60_000), attemptCount: 1 },
    });
    const before = await db.delivery.findFirstOrThrow({ where: { eventId: event.id } });
    const answer = await sendEvent(actor(), event.id, [webhook.id]);
    expect(answer).toMatchObject({ created: 0, deliveries: [{ status: "delivering" }] });
    expect(await db.delivery.findFirstOrThrow({ where: { eventId: event.id } })).toEqual(before);
  });

  it("refuses disabled and deleted webhooks by name and sends nothing then", async () => {
    const fine = await make();
    const off = await make({ enabled: false });
    const gone = await make();
    await deleteWebhook(actor(), gone.id);
    const event = await emitNow();
    await expect(sendEvent(actor(), event.id, [fine.id, off.id, gone.id])).rejects.toMatchObject({
      code: "conflict",
      errors: [
        { field: "webhook_ids[1]", message: "The webhook is disabled; enable it first." },
        { field: "webhook_ids[2]", message: "The webhook was deleted; nothing can be sent to it." },
      ],
    });
    expect(await db.delivery.count({ where: { eventId: event.id } })).toBe(0);
    await updateWebhook(actor(), off.id, { enabled: true });
    await expect(sendEvent(actor(), event.id, [fine.id, off.id])).resolves.toMatchObject({ created: 2 });
  });

  it("does not send one webhook's test to another", async () => {
    const [tested, other] = [await make(), await make()];
    const event = await testWebhook(actor(), tested.id);
    await expect(sendEvent(actor(), event.id, [other.id])).rejects.toMatchObject({ code: "conflict" });
    await expect(sendEvent(actor(), event.id, [tested.id])).resolves.toMatchObject({ created: 0 });
  });

  it("knows neither events nor webhooks of other projects", async () => {
    const webhook = await make();
    const event = await emitNow();
    const stranger = await createTestProject();
    const foreign = await createTestWebhook(stranger, { url, event_types: ["*"] });
    await expect(sendEvent(stranger, event.id, [foreign.id])).rejects.toMatchObject({ code: "not_found" });
    await expect(sendEvent(actor(), event.id, [webhook.id, foreign.id])).rejects.toMatchObject({ code: "not_found" });
    await expect(sendEvent(actor(), newId("event"), [webhook.id])).rejects.toMatchObject({ code: "not_found" });
    expect(await db.delivery.count({ where: { eventId: event.id } })).toBe(0);
    const viewer = testActor(actor().projectId, "viewer");
    await expect(sendEvent(viewer, event.id, [webhook.id])).rejects.toMatchObject({ code: "forbidden" });
  });
});
