import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { MISSED_LIMITS } from "@/lib/contracts/missed";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { emit, type NewEvent } from "@/lib/webhooks/emit";
import { missedEvents } from "@/lib/webhooks/missed";
import { testWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

describe("events missed while disabled", () => {
  let actor: Actor;
  beforeEach(async () => {
    actor = await createTestProject();
  });

  const send = (type: string, more: Partial<NewEvent> = {}) =>
    transaction((tx) => emit(tx, actor.projectId, { type, data: {}, source: "api", ...more }));
  const make = (body = {}) =>
    createTestWebhook(actor, { url: "https://example.com/a", event_types: ["instance.*"], ...body });

  it("is nothing for a webhook that was never disabled", async () => {
    const { id } = await make();
    await send("instance.started");
    expect(await missedEvents(actor, id)).toEqual({ from: null, to: null, events: 0, more: false });
  });

  it("counts what its types and filter would have let through, since it was disabled", async () => {
    const { id } = await make({ filter: { environments: ["production"] } });
    await send("instance.started", { environment: "production" });
    const { condition } = await updateWebhook(actor, id, { enabled: false });
    await send("instance.started", { environment: "production" });
    await send("instance.stopped", { environment: "production" });
    await send("instance.stopped", { environment: "staging" });
    await send("snapshot.completed", { environment: "production" });
    await testWebhook(actor, id);
    expect(await missedEvents(actor, id)).toEqual({ from: condition.since, to: null, events: 2, more: false });
  });

  it("remembers the last stretch after it was enabled, until the events were sent all the same", async () => {
    const { id, url } = await make({ enabled: false });
    const first = await send("instance.started");
    await send("instance.stopped");
    await updateWebhook(actor, id, { enabled: true });
    await send("instance.started");
    const missed = await missedEvents(actor, id);
    expect(missed).toMatchObject({ from: expect.any(String), to: expect.any(String), events: 2 });
    await db.delivery.create({
      data: {
        id: newId("delivery"),
        projectId: actor.projectId,
        eventId: first.id,
        webhookId: id,
        eventType: first.type,
        url,
        maxAttempts: 1,
        trigger: "replay",
      },
    });
    expect(await missedEvents(actor, id)).toMatchObject({ events: 1 });
  });

  it("stops counting at its limit and says that there are more", async () => {
    const { id } = await make({ enabled: false });
    const count = MISSED_LIMITS.counted + 5;
    await db.event.createMany({
      data: Array.from({ length: count }, () => {
        const eventId = newId("event");
        return {
          id: eventId,
          projectId: actor.projectId,
          type: "instance.started",
          body: "{}",
          correlationId: eventId,
          source: "api",
          occurredAt: new Date(),
        };
      }),
    });
    expect(await missedEvents(actor, id)).toMatchObject({ events: MISSED_LIMITS.counted, more: true });
  });

  it("is not told of another project's webhook", async () => {
    const { id } = await make();
    const stranger = await createTestProject();
    await expect(missedEvents(stranger, id)).rejects.toMatchObject({ code: "not_found" });
  });
});
