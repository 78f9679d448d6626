import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { claimDue } from "@/lib/queue/claim";
import { ALONE } from "@/lib/queue/share";
import { getDelivery } from "@/lib/webhooks/delivery-queries";
import { emit, type NewEvent } from "@/lib/webhooks/emit";
import { getEvent } from "@/lib/webhooks/events";
import { sendEvent } from "@/lib/webhooks/send-event";
import { deleteWebhook, testWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook, testActor } from "@/lib/webhooks/testing";
import { SKEW_MS } from "@/lib/webhooks/verdict";
import { listVerdicts } from "@/lib/webhooks/verdict-queries";

const url = "https://example.com/hook";
const started = {
  type: "instance.started",
  data: { instance_id: "i-1" },
  labels: { team: "ml" },
  environment: "production",
  source: "api",
} as const;

describe("the verdicts on an event", () => {
  let actor: Actor;
  beforeEach(async () => {
    actor = await createTestProject();
  });

  const make = (body: Partial<Parameters<typeof createTestWebhook>[1]> = {}) =>
    createTestWebhook(actor, { url, event_types: ["*"], ...body });
  const emitNow = (event: NewEvent = started) => transaction((tx) => emit(tx, actor.projectId, event));
  const verdictsOn = async (eventId: string) =>
    new Map((await listVerdicts(actor, eventId, new Date())).map((verdict) => [verdict.webhook.id, verdict]));
  /** As if everything so far had happened longer ago than clocks and long transactions can explain. */
  const age = async () => {
    const by = `${SKEW_MS + 5000} milliseconds`;
    await db.$executeRaw`UPDATE webhook_change SET at = at - ${by}::interval WHERE project_id = ${actor.projectId}`;
    await db.$executeRaw`UPDATE webhook SET created_at = created_at - ${by}::interval WHERE project_id = ${actor.projectId}`;
  };

  it("tell of every webhook whether it got it and which clause decided", async () => {
    const got = await make();
    const other = await make({ event_types: ["snapshot.*"] });
    const labelled = await make({ filter: { labels: { team: "web" } } });
    const staging = await make({ filter: { environments: ["staging"] } });
    const training = await make({ filter: { applications: ["train"] } });
    const off = await make({ enabled: false });
    const gone = await make();
    await deleteWebhook(actor, gone.id);
    await age();
    const event = await emitNow();
    const late = await make();
    const verdicts = await verdictsOn(event.id);

    expect(Object.fromEntries([...verdicts].map(([id, { verdict }]) => [id, verdict]))).toEqual({
      [got.id]: "pending",
      [other.id]: "not_subscribed",
      [labelled.id]: "labels",
      [staging.id]: "environment",
      [training.id]: "application",
      [off.id]: "disabled",
      [gone.id]: "deleted",
      [late.id]: "created_later",
    });
    // The one with a delivery first, the deleted one last, the newest first between them.
    expect([...verdicts.keys()]).toEqual([
      got.id,
      ...[late, off, training, staging, labelled, other].map(({ id }) => id),
      gone.id,
    ]);
    expect(verdicts.get(got.id)).toMatchObject({
      delivery: { id: event.deliveries[0]?.id, status: "pending" },
      waits_for: "worker",
      can_send: true,
    });
    expect(verdicts.get(labelled.id)).toMatchObject({
      clause: { field: "filter.labels.team", wanted: "web", had: "ml" },
      delivery: null,
      now: { would_match: false },
      can_send: true,
    });
    expect(verdicts.get(off.id)).toMatchObject({ webhook: { status: "disabled" }, can_send: false });
    expect(verdicts.get(gone.id)).toMatchObject({ webhook: { status: "deleted" }, can_send: false });
    expect(verdicts.get(late.id)).toMatchObject({ now: { would_match: true }, can_send: true });
  });

  it("judge by what the webhook was at the event's time, and tell what it would get now", async () => {
    const webhook = await make({ event_types: ["snapshot.*"] });
    await age();
    const event = await emitNow();
    await updateWebhook(actor, webhook.id, { event_types: ["*"] });
    expect((await verdictsOn(event.id)).get(webhook.id)).toMatchObject({
      verdict: "not_subscribed",
      now: { would_match: true },
    });
    await deleteWebhook(actor, webhook.id);
    expect((await verdictsOn(event.id)).get(webhook.id)).toMatchObject({
      verdict: "not_subscribed",
      webhook: { status: "deleted" },
      now: { would_match: false },
    });
  });

  it("name who disabled it and since when, also after later changes", async () => {
    const user = await db.user.create({
      data: { id: newId("user"), email: `${newId("user")}@example.com`, name: "Ada" },
    });
    await db.member.create({
      data: { id: newId("member"), projectId: actor.projectId, userId: user.id, role: "owner" },
    });
    const ada: Actor = { ...actor, subject: { kind: "user", id: user.id } };
    const webhook = await createTestWebhook(ada, { url, event_types: ["*"] });
    await updateWebhook(ada, webhook.id, { enabled: false });
    await updateWebhook(actor, webhook.id, { event_types: ["instance.*"] });
    await age();
    const event = await emitNow();
    const { at } = await db.webhookChange.findFirstOrThrow({ where: { webhookId: webhook.id, kind: "disabled" } });
    expect((await verdictsOn(event.id)).get(webhook.id)).toMatchObject({
      verdict: "disabled",
      detail: "It had been disabled by Ada.",
      since: at.toISOString(),
    });
  });

  it("hold for a webhook that is changed at the very moment of the event", async () => {
    const webhook = await make();
    const rounds = Array.from({ length: 20 }, async (_, index) => {
      await updateWebhook(actor, webhook.id, { enabled: index % 2 === 0 });
      return emitNow();
    });
    for (const event of await Promise.all(rounds)) {
      const { deliveries } = await getEvent(actor, event.id);
      const verdict = (await verdictsOn(event.id)).get(webhook.id)?.verdict;
      expect(verdict).toBe(deliveries.length === 1 ? "pending" : "disabled");
    }
  });

  it("say that a test goes to one webhook only", async () => {
    const tested = await make();
    const other = await make();
    const event = await testWebhook(actor, tested.id);
    const verdicts = await verdictsOn(event.id);
    expect(verdicts.get(tested.id)).toMatchObject({ verdict: "pending", can_send: true });
    expect(verdicts.get(other.id)).toMatchObject({ verdict: "addressed_to_another", can_send: false });
  });

  it("name the delivery that a strictly ordered one waits behind", async () => {
    const webhook = await make({ ordering: "strict", order_key: "data.instance_id" });
    const first = await emitNow();
    const second = await emitNow();
    const elsewhere = await emitNow({ ...started, data: { instance_id: "i-2" } });
    expect((await verdictsOn(second.id)).get(webhook.id)).toMatchObject({
      verdict: "pending",
      waits_for: "lane",
      waits_behind: first.deliveries[0]?.id,
    });
    for (const free of [first, elsewhere]) {
      expect((await verdictsOn(free.id)).get(webhook.id)).toMatchObject({ waits_for: "worker", waits_behind: null });
    }
  });

  it.each([
    ["max_in_flight", { max_in_flight: 1 }],
    ["max_in_flight", { max_in_flight: 1, ordering: "strict", order_key: "data.instance_id" }],
    ["rate_limit", { rate_limit: 1 }],
    ["back_off", {}],
  ] as const)("say that %s keeps a due delivery while another is under way: %j", async (waitsFor, body) => {
    const webhook = await make(body);
    const events = [await emitNow(), await emitNow({ ...started, data: { instance_id: "i-2" } })];
    const reasons = async () =>
      Promise.all(events.map(async ({ id }) => (await verdictsOn(id)).get(webhook.id)?.waits_for));
    expect((await reasons())[0]).toBe("worker");
    const { deliveries } = await claimDue(pool(), {
      limit: 100,
      after: "",
      known: [{ webhookId: webhook.id, room: 1, trust: "proven" }],
      initialRoom: 0,
      suspectLimit: 0,
      unprovenLimit: 0,
      first: [],
      places: [ALONE],
    });
    expect(deliveries.filter(({ webhookId }) => webhookId === webhook.id)).toHaveLength(1);
    expect((await reasons()).toSorted()).toEqual([null, waitsFor].toSorted());
    // The page of each delivery says the same.
    const details = await Promise.all(events.map((event) => getDelivery(actor, event.deliveries[0]?.id ?? "")));
    expect(details.map(({ waiting }) => waiting?.reason ?? null)).toEqual(await reasons());
  });

  it("call a delivery whose row is gone missing, and sending brings it back", async () => {
    const webhook = await make();
    await age();
    const event = await emitNow();
    await db.$executeRaw`DELETE FROM delivery WHERE event_id = ${event.id}`;
    expect((await verdictsOn(event.id)).get(webhook.id)).toMatchObject({ verdict: "missing", can_send: true });
    await sendEvent(actor, event.id, [webhook.id]);
    expect((await verdictsOn(event.id)).get(webhook.id)).toMatchObject({ verdict: "pending" });
  });

  it("belong to the project, and to those who may see its events", async () => {
    await make();
    const event = await emitNow();
    const stranger = await createTestProject();
    await createTestWebhook(stranger, { url, event_types: ["*"] });
    await expect(listVerdicts(stranger, event.id, new Date())).rejects.toMatchObject({ code: "not_found" });
    expect((await verdictsOn(event.id)).size).toBe(1);
    const viewer = testActor(actor.projectId, "viewer");
    expect(await listVerdicts(viewer, event.id, new Date())).toHaveLength(1);
    const powerless = { ...actor, permissions: new Set([]) };
    await expect(listVerdicts(powerless, event.id, new Date())).rejects.toMatchObject({ code: "forbidden" });
  });
});
