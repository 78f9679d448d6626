import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { emit, type NewEvent } from "@/lib/webhooks/emit";
import { getOverview } from "@/lib/webhooks/overview";
import { REJUDGED } from "@/lib/webhooks/rejudge";
import { sendEvent } from "@/lib/webhooks/send-event";
import { deleteWebhook, testWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

const url = "https://example.com/hook";
const started = { type: "instance.started", data: { instance_id: "i-1" }, source: "api" } as const;

describe("the newest events, judged anew", () => {
  let actor: Actor;
  beforeEach(async () => {
    actor = await createTestProject();
  });

  const make = (body: Partial<Parameters<typeof createTestWebhook>[1]> = {}) =>
    createTestWebhook(actor, { url, event_types: ["*"], ...body });
  const emitNow = (event: NewEvent = started) => transaction((tx) => emit(tx, actor.projectId, event));
  const overview = () => getOverview(actor, new Date());
  /** As if every webhook had been as it is for long enough. */
  const age = () => db.$executeRaw`
    UPDATE webhook_change SET at = at - ${`${REJUDGED.unchangedMs + 5000} milliseconds`}::interval
     WHERE project_id = ${actor.projectId}`;
  /** As if it had been emitted to nobody: no delivery, and none promised. */
  const passOver = async (event: { id: string }) => {
    await db.delivery.deleteMany({ where: { eventId: event.id } });
    await db.event.update({ where: { id: event.id }, data: { deliveryCount: 0 } });
  };

  it("tell of a webhook that was wrongly passed over, until the event is sent anyway", async () => {
    const webhook = await make({
      filter: { labels: { team: "ml" }, payload: { "data.instance_id": { $startsWith: "i-" } } },
    });
    await age();
    const event = await emitNow({ ...started, labels: { team: "ml" } });
    await emitNow({ ...started, labels: { team: "web" } });
    await emitNow({ ...started, labels: { team: "ml" }, data: { instance_id: "other" } });
    expect(event.deliveries).toHaveLength(1);
    expect(await overview()).toMatchObject({ rejudged_events: 3, missing: 0 });
    await passOver(event);
    expect(await overview()).toMatchObject({ rejudged_events: 3, missing: 1, unaccounted: 0 });
    await sendEvent(actor, event.id, [webhook.id]);
    expect(await overview()).toMatchObject({ rejudged_events: 3, missing: 0, unaccounted: 0 });
  });

  it("say nothing of webhooks that changed since, or were made later, however they are now", async () => {
    const changed = await make({ event_types: ["snapshot.*"] });
    const enabled = await make({ enabled: false });
    const fresh = await make();
    const unchanged = await make();
    await age();
    const event = await emitNow();
    expect(event.deliveries.map(({ webhookId }) => webhookId).sort()).toEqual([fresh.id, unchanged.id].sort());
    await updateWebhook(actor, changed.id, { event_types: ["*"] });
    await updateWebhook(actor, enabled.id, { enabled: true });
    await make();
    expect(await overview()).toMatchObject({ missing: 0 });
    // Changed too shortly before the event for anybody to say whether that was in force.
    await db.$executeRaw`UPDATE webhook_change SET at = now() - interval '5 s' WHERE webhook_id = ${fresh.id}`;
    await passOver(event);
    expect(await overview()).toMatchObject({ missing: 1 });
    await updateWebhook(actor, unchanged.id, { enabled: false });
    expect(await overview()).toMatchObject({ missing: 0 });
    await updateWebhook(actor, unchanged.id, { enabled: true });
    await deleteWebhook(actor, unchanged.id);
    expect(await overview()).toMatchObject({ missing: 0 });
  });

  it("miss neither another's test, nor the telling of a webhook's own trouble, nor another project's events", async () => {
    const tested = await make();
    const other = await make();
    await age();
    const stranger = await createTestProject();
    await transaction((tx) => emit(tx, stranger.projectId, started));
    const test = await testWebhook(actor, tested.id);
    const trouble = await emitNow({ type: "endpoint.disabled", data: { webhook_id: tested.id }, source: "engine" });
    expect(trouble.deliveries.map(({ webhookId }) => webhookId)).toEqual([other.id]);
    expect(await overview()).toMatchObject({ rejudged_events: 2, missing: 0 });
    await passOver(test);
    await passOver(trouble);
    // The test's own webhook, and the one that is told of the other's trouble.
    expect(await overview()).toMatchObject({ missing: 2 });
  });

  it("are bounded, whatever the day held", async () => {
    await make();
    const ids = Array.from({ length: REJUDGED.events + 30 }, () => newId("event"));
    await db.event.createMany({
      data: ids.map((id, n) => ({
        id,
        projectId: actor.projectId,
        type: "instance.started",
        body: JSON.stringify({ id, data: { text: n === ids.length - 1 ? "x".repeat(REJUDGED.bodyBytes) : "" } }),
        correlationId: id,
        source: "api",
        occurredAt: new Date(),
      })),
    });
    await age();
    expect(await overview()).toMatchObject({ rejudged_events: REJUDGED.events - 1, missing: REJUDGED.events - 1 });
    const many = 50;
    for (let n = 1; n < many; n += 1) await make();
    expect(await overview()).toMatchObject({ rejudged_events: REJUDGED.pairs / many - 1 });
  });
});
