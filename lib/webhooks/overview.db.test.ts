import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId, newIdAt, timeOfId } from "@/lib/ids";
import { emit } from "@/lib/webhooks/emit";
import { listEvents } from "@/lib/webhooks/events";
import { getOverview } from "@/lib/webhooks/overview";
import { sendEvent } from "@/lib/webhooks/send-event";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

const url = "https://example.com/hook";
const HOUR_MS = 3600 * 1000;

describe("the loss audit", () => {
  let actor: Actor;
  let wantedBy: { id: string }[];
  beforeEach(async () => {
    actor = await createTestProject();
    wantedBy = [
      await createTestWebhook(actor, { url, event_types: ["instance.*"] }),
      await createTestWebhook(actor, { url, event_types: ["instance.started"] }),
    ];
  });

  const emitNow = (type: string, correlationId?: string) =>
    transaction((tx) => emit(tx, actor.projectId, { type, data: {}, source: "api", correlationId }));
  const overview = (now = new Date()) => getOverview(actor, now);

  it("counts events, those that nobody wanted, and their deliveries by what became of them", async () => {
    const events = [await emitNow("instance.started"), await emitNow("instance.stopped"), await emitNow("user.login")];
    const ids = events.flatMap((event) => event.deliveries.map(({ id }) => id));
    const end = (id: string | undefined, status: string) =>
      db.delivery.update({ where: { id: id ?? "" }, data: { status, completedAt: new Date(), nextAttemptAt: null } });
    await end(ids[0], "delivered");
    await end(ids[1], "failed");
    expect(await overview()).toMatchObject({
      events: 3,
      filtered: 1,
      accepted: 3,
      delivered: 1,
      pending: 1,
      failed: 1,
      cancelled: 0,
      unaccounted: 0,
    });
  });

  it("misses a delivery whose row was deleted behind the product's back", async () => {
    const event = await emitNow("instance.started");
    await db.$executeRaw`DELETE FROM delivery WHERE id = ${event.deliveries[0]?.id}`;
    expect(await overview()).toMatchObject({ accepted: 2, pending: 1, lost: 1, surplus: 0, unaccounted: 1 });
    await sendEvent(
      actor,
      event.id,
      wantedBy.map(({ id }) => id),
    );
    // It was sent again, and what was lost stays lost: the audit does not forget.
    expect(await overview()).toMatchObject({ accepted: 3, pending: 2, unaccounted: 1 });
  });

  it("does not let what one event lacks be made up for by what another has too many of", async () => {
    const event = await emitNow("instance.started");
    const filtered = await emitNow("user.login");
    await db.$executeRaw`DELETE FROM delivery WHERE id = ${event.deliveries[0]?.id}`;
    await db.delivery.create({
      data: {
        id: newId("delivery"),
        projectId: actor.projectId,
        eventId: filtered.id,
        webhookId: wantedBy[0]?.id ?? "",
        eventType: "user.login",
        url,
        maxAttempts: 4,
      },
    });
    // The sums agree; the events do not.
    expect(await overview()).toMatchObject({ accepted: 2, pending: 2, lost: 1, surplus: 1, unaccounted: 2 });
  });

  it("adds what is sent anyway to what is accounted for, also for an event that nobody wanted", async () => {
    const event = await emitNow("user.login");
    expect(await overview()).toMatchObject({ filtered: 1, accepted: 0 });
    await sendEvent(
      actor,
      event.id,
      wantedBy.map(({ id }) => id),
    );
    expect(await overview()).toMatchObject({ events: 1, filtered: 0, accepted: 2, pending: 2, unaccounted: 0 });
  });

  it("looks at the events of 24 hours, whenever their deliveries were made", async () => {
    const event = await emitNow("instance.started");
    const at = timeOfId(event.id).getTime();
    // One sent anyway long after.
    await db.$executeRaw`
      UPDATE delivery SET id = ${newIdAt("delivery", new Date(at + 20 * HOUR_MS))} WHERE id = ${event.deliveries[0]?.id}`;
    expect(await overview(new Date(at + 24 * HOUR_MS - 1000))).toMatchObject({
      events: 1,
      accepted: 2,
      unaccounted: 0,
    });
    expect(await overview(new Date(at + 24 * HOUR_MS + 1000))).toMatchObject({
      events: 0,
      accepted: 0,
      pending: 0,
      unaccounted: 0,
    });
  });

  it("is true while events are being emitted", async () => {
    let emitting = true;
    const emitters = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let n = 0; n < 25; n += 1) await emitNow(n % 3 === 0 ? "user.login" : "instance.started");
      }),
    ).finally(() => {
      emitting = false;
    });
    while (emitting) expect((await overview()).unaccounted).toBe(0);
    await emitters;
    expect(await overview()).toMatchObject({ events: 100, filtered: 36, accepted: 128, unaccounted: 0 });
  });

  it("leads to lists of events with what became of each", async () => {
    const sent = await emitNow("instance.started", "deploy-7");
    const filtered = await emitNow("user.login", "deploy-7");
    const other = await emitNow("instance.stopped");
    await db.delivery.update({
      where: { id: sent.deliveries[0]?.id ?? "" },
      data: { status: "delivered", completedAt: new Date(), nextAttemptAt: null, revision: 5 },
    });
    const list = async (query: Partial<Parameters<typeof listEvents>[1]>) =>
      (await listEvents(actor, { limit: 50, ...query })).data;
    expect((await list({ outcome: "filtered" })).map(({ id }) => id)).toEqual([filtered.id]);
    expect((await list({ outcome: "sent" })).map(({ id }) => id)).toEqual([other.id, sent.id]);
    expect((await list({ correlation_id: "deploy-7" })).map(({ id }) => id)).toEqual([filtered.id, sent.id]);
    expect((await list({ type: "instance.started" })).map((event) => event.delivery_counts)).toEqual([
      { pending: 1, delivered: 1, failed: 0, cancelled: 0, revision: 6 },
    ]);
    expect((await list({ outcome: "filtered" }))[0]?.delivery_counts).toEqual({
      pending: 0,
      delivered: 0,
      failed: 0,
      cancelled: 0,
      revision: 0,
    });
  });
});
