import { beforeEach, describe, expect, it } from "vitest";
import { POST } from "@/app/api/v1/projects/[project_id]/webhooks/filter-preview/route";
import type { Actor } from "@/lib/accounts/actor";
import { storeApiKey } from "@/lib/accounts/api-keys";
import { filterPreviewBody, filterPreviewSchema, PREVIEW_EVENTS } from "@/lib/contracts/filter-preview";
import type { Permission } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { emit, type NewEvent } from "@/lib/webhooks/emit";
import { previewFilter } from "@/lib/webhooks/filter-preview";
import { testWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook, testActor } from "@/lib/webhooks/testing";

describe("the dry run of a filter", () => {
  let actor: Actor;
  beforeEach(async () => {
    actor = await createTestProject();
  });

  const emitOne = (event: Partial<NewEvent>) =>
    transaction((tx) => emit(tx, actor.projectId, { type: "instance.started", data: {}, source: "api", ...event }));
  const preview = (body: unknown, by = actor) => previewFilter(by, filterPreviewBody.parse(body));

  it("tells of each event whether it would have come, and which clause says no", async () => {
    const events = {
      match: await emitOne({
        data: { gpu_count: 8 },
        application: "train",
        environment: "prod",
        labels: { team: "ml" },
      }),
      payload: await emitOne({
        data: { gpu_count: 4 },
        application: "train",
        environment: "prod",
        labels: { team: "ml" },
      }),
      labels: await emitOne({ data: { gpu_count: 8 }, application: "train", environment: "prod" }),
      environment: await emitOne({ data: { gpu_count: 8 }, application: "train" }),
      application: await emitOne({ data: { gpu_count: 8 } }),
      type: await emitOne({ type: "instance.stopped" }),
    };
    const result = await preview({
      event_types: ["instance.started"],
      filter: {
        applications: ["train"],
        environments: ["prod"],
        labels: { team: "ml" },
        payload: { "data.gpu_count": { $gte: 8 } },
      },
    });
    expect(result).toMatchObject({ considered: 6, matched: 1 });
    expect(result.events.map(({ id }) => id)).toEqual(
      Object.values(events)
        .map(({ id }) => id)
        .reverse(),
    );
    const told = Object.fromEntries(
      result.events.map(({ id, verdict, detail, matched }) => [id, [verdict, matched, detail]]),
    );
    expect(told).toEqual({
      [events.match.id]: ["match", true, null],
      [events.payload.id]: ["payload", false, "data.gpu_count $gte 8: it is 4"],
      [events.labels.id]: ["labels", false, "It asks for label team ml; the event has no label team."],
      [events.environment.id]: ["environment", false, "It asks for environment prod; the event has no environment."],
      [events.application.id]: ["application", false, "It asks for application train; the event has no application."],
      [events.type.id]: ["type", false, "It asks for instance.started; the event is instance.stopped."],
    });
  });

  it("decides as emitting does", async () => {
    const filter = { payload: { $or: [{ "data.n": { $mod: [3, 0] } }, { "data.n": { $gt: 10 } }] } };
    const webhook = await createTestWebhook(actor, {
      url: "https://example.com/",
      event_types: ["instance.*"],
      filter,
    });
    for (let n = 0; n < 15; n += 1)
      await emitOne({ type: n % 2 ? "instance.started" : "snapshot.completed", data: { n } });
    const delivered = await db.delivery.findMany({ where: { webhookId: webhook.id } });
    const { events, matched } = await preview({ event_types: ["instance.*"], filter });
    expect(matched).toBe(4);
    expect(
      events
        .filter((event) => event.matched)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(delivered.map(({ eventId }) => eventId).sort());
  });

  it("looks at the latest events of the project, without tests and without anybody else's", async () => {
    const stranger = await createTestProject();
    await transaction((tx) => emit(tx, stranger.projectId, { type: "user.login", data: {}, source: "api" }));
    expect(await preview({ event_types: ["*"] })).toEqual({ considered: 0, matched: 0, events: [] });

    const oldest = await emitOne({ data: { n: 0 } });
    const webhook = await createTestWebhook(actor, { url: "https://example.com/", event_types: ["*"] });
    for (let n = 1; n <= PREVIEW_EVENTS; n += 1) await emitOne({ data: { n } });
    await testWebhook(actor, webhook.id);
    const { considered, matched, events } = await preview({ event_types: ["*"] });
    expect([considered, matched]).toEqual([PREVIEW_EVENTS, PREVIEW_EVENTS]);
    expect(events.map(({ id }) => id)).not.toContain(oldest.id);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(["instance.started"]));
  });

  it("stores and sends nothing", async () => {
    await emitOne({});
    const count = async () => [await db.webhook.count(), await db.delivery.count(), await db.event.count()];
    const before = await count();
    await preview({ event_types: ["*"] });
    expect(await count()).toEqual(before);
  });

  it("is for everybody who may see webhooks and events", async () => {
    await expect(preview({ event_types: ["*"] }, testActor(actor.projectId, "viewer"))).resolves.toBeDefined();
    for (const only of ["webhooks:read", "events:read"] as const) {
      const half = { ...testActor(actor.projectId, "viewer"), permissions: new Set<Permission>([only]) };
      await expect(preview({ event_types: ["*"] }, half)).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("refuses over the API what a webhook could not have, and names the place", async () => {
    await emitOne({ data: { x: "abc" } });
    const key = `dmt_${crypto.randomUUID()}`;
    const { projectId } = actor;
    await storeApiKey(db, {
      projectId,
      createdBy: actor.subject.id,
      name: "t",
      scopes: ["webhooks:read", "events:read"],
      key,
    });
    const post = async (body: unknown) => {
      const response = await POST(
        new Request("http://localhost:3000/api/v1/x", {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
        { params: Promise.resolve({ project_id: "default" }) },
      );
      return { status: response.status, body: await response.json() };
    };
    const refused = await post({ event_types: ["*"], filter: { payload: { "data.x": { $regex: "^a" } } } });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: "validation_failed",
        errors: [{ field: "filter.payload.data.x.$regex", message: expect.stringContaining('"$startsWith"') }],
      },
    });
    expect((await post({ event_types: [] })).body).toMatchObject({ errors: [{ field: "event_types" }] });

    const answer = await post({ event_types: ["*"], filter: { payload: { "data.x": { $startsWith: "b" } } } });
    expect(answer.status).toBe(200);
    expect(filterPreviewSchema.parse(answer.body)).toMatchObject({
      considered: 1,
      matched: 0,
      events: [{ verdict: "payload", detail: 'data.x $startsWith "b": it is "abc"' }],
    });
  });
});
