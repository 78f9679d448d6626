import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StreamMessage } from "@/lib/contracts/stream";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { asSeenBy } from "@/lib/live/access";
import {
  announceDeliveries,
  announceEvents,
  announceReceiverRequests,
  announceWebhooksChanged,
} from "@/lib/live/channel";
import { LiveHub } from "@/lib/live/hub";
import { bookHours, giveCredits } from "@/lib/reservations/testing";
import { testActor } from "@/lib/webhooks/testing";

/** Generous: PostgreSQL and this test share the machine with others. */
const PATIENCE = { timeout: 10_000, interval: 20 };

let hub: LiveHub;
let projectId: string;

beforeEach(async () => {
  hub = new LiveHub();
  projectId = await createProject();
  // Whoever comes before it listens is told to read again once it does; after that it only tells what is announced.
  const early: StreamMessage[] = [];
  const leave = hub.subscribe(projectId, { send: (message) => early.push(message), end: () => {} });
  await vi.waitFor(() => expect(early).toEqual([{ kind: "resync" }]), PATIENCE);
  leave();
});

afterEach(() => hub.close());

describe("LiveHub, which tells those who came before it listened to read again and then", () => {
  it("brings the rows that were announced to everybody who watches their project, and to nobody else", async () => {
    const other = await createProject();
    const [first, second, stranger] = [watch(projectId), watch(projectId), watch(other)];
    const ids = await createDeliveries(projectId, 3);
    announceDeliveries(projectId, ids);
    await vi.waitFor(() => expect(deliveriesIn(first).map(({ id }) => id)).toEqual([...ids].reverse()), PATIENCE);
    await vi.waitFor(() => expect(deliveriesIn(second)).toHaveLength(3), PATIENCE);
    expect(deliveriesIn(first)[0]).toMatchObject({ status: "pending", revision: 1, event_type: "instance.started" });
    expect(stranger).toEqual([]);
  });

  it("does not bring rows of another project under this one's name", async () => {
    const other = await createProject();
    const messages = watch(projectId);
    const [foreign] = await createDeliveries(other, 1);
    const [own] = await createDeliveries(projectId, 1);
    announceDeliveries(projectId, [foreign ?? "", own ?? ""]);
    await vi.waitFor(() => expect(deliveriesIn(messages).map(({ id }) => id)).toEqual([own]), PATIENCE);
  });

  it("brings reservations to their project, and tells everybody of the pool", async () => {
    const other = await createProject();
    const [own, stranger] = [watch(projectId), watch(other)];
    const actor = testActor(projectId, "member");
    await db.project.update({ where: { id: projectId }, data: { plan: "premium" } });
    await giveCredits(actor, 1000n);
    const testPool = await createTestPool();
    const booked = await bookHours(actor, testPool.id, [24, 48]);
    const has = (messages: StreamMessage[], kind: StreamMessage["kind"]) => messages.find((one) => one.kind === kind);
    await vi.waitFor(() => {
      expect(has(own, "reservations")).toMatchObject({ reservations: [{ id: booked.id, mine: false }] });
      expect(has(own, "credits_changed")).toBeDefined();
      expect(has(own, "pools_changed")).toEqual({ kind: "pools_changed", pool_ids: [testPool.id] });
      expect(has(stranger, "pools_changed")).toEqual({ kind: "pools_changed", pool_ids: [testPool.id] });
    }, PATIENCE);
    expect(stranger.map(({ kind }) => kind)).toEqual(["pools_changed"]);
    const message = has(own, "reservations");
    expect(message && asSeenBy(actor, message)).toMatchObject({ reservations: [{ id: booked.id, mine: true }] });
  });

  it("gathers what is announced in quick succession", async () => {
    const messages = watch(projectId);
    const ids = await createDeliveries(projectId, 40);
    for (const id of ids) announceDeliveries(projectId, [id, id]);
    await vi.waitFor(() => expect(new Set(deliveriesIn(messages).map(({ id }) => id)).size).toBe(40), PATIENCE);
    expect(messages.length).toBeLessThan(3);
  });

  it("says 'read again' instead of sending very many rows", async () => {
    const messages = watch(projectId);
    announceDeliveries(projectId, await createDeliveries(projectId, 1000));
    await vi.waitFor(() => expect(messages).toContainEqual({ kind: "resync" }), PATIENCE);
    expect(deliveriesIn(messages).length).toBeLessThan(1000);
  });

  it("tells of events that are new, also ones that nobody wanted, and of those whose deliveries went on", async () => {
    const messages = watch(projectId);
    const other = await createProject();
    const [foreign, filtered] = await Promise.all([other, projectId].map(createEvent));
    announceEvents(projectId, [filtered ?? "", foreign ?? ""]);
    const none = { pending: 0, delivered: 0, failed: 0, cancelled: 0, revision: 0 };
    await vi.waitFor(
      () => expect(eventsIn(messages)).toMatchObject([{ id: filtered, filtered: true, delivery_counts: none }]),
      PATIENCE,
    );
    const [id = ""] = await createDeliveries(projectId, 1);
    const { eventId } = await db.delivery.update({ where: { id }, data: { status: "failed", revision: 4 } });
    announceDeliveries(projectId, [id]);
    await vi.waitFor(
      () =>
        expect(eventsIn(messages).at(-1)).toMatchObject({
          id: eventId,
          delivery_counts: { ...none, failed: 1, revision: 4 },
        }),
      PATIENCE,
    );
  });

  it("tells of webhooks and of what the test receiver got", async () => {
    const messages = watch(projectId);
    const requestId = newId("receiverRequest");
    await db.receiver.create({ data: { projectId, token: newId("request") } });
    await db.receiverRequest.create({
      data: {
        id: requestId,
        projectId,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: new TextEncoder().encode("{}"),
        answeredStatus: 200,
        signature: "valid",
      },
    });
    announceWebhooksChanged(projectId);
    announceReceiverRequests(projectId, [requestId]);
    await vi.waitFor(() => {
      expect(messages).toContainEqual({ kind: "webhooks_changed" });
      const received = messages.flatMap((message) => (message.kind === "receiver_requests" ? message.requests : []));
      expect(received.map(({ id, body }) => [id, body])).toEqual([[requestId, "{}"]]);
    }, PATIENCE);
  });

  it("survives the loss of its connection, and says that something may have been missed", async () => {
    const messages = watch(projectId);
    const { rowCount } = await pool().query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dumont-listen' AND datname = current_database()",
    );
    expect(rowCount).toBeGreaterThan(0);
    await vi.waitFor(() => expect(messages).toEqual([{ kind: "resync" }]), PATIENCE);
    const ids = await createDeliveries(projectId, 1);
    announceDeliveries(projectId, ids);
    await vi.waitFor(() => expect(deliveriesIn(messages)).toHaveLength(1), PATIENCE);
  });

  it("sends nothing to those who have left and ends the others when it closes", async () => {
    const left: StreamMessage[] = [];
    const stay = watch(projectId);
    const leave = hub.subscribe(projectId, { send: (message) => left.push(message), end: () => {} });
    leave();
    announceDeliveries(projectId, await createDeliveries(projectId, 1));
    await vi.waitFor(() => expect(deliveriesIn(stay)).toHaveLength(1), PATIENCE);
    expect(left).toEqual([]);

    const ended = vi.fn();
    hub.subscribe(projectId, { send: () => {}, end: ended });
    hub.close();
    expect(ended).toHaveBeenCalledOnce();
    hub.subscribe(projectId, { send: () => {}, end: ended });
    expect(ended).toHaveBeenCalledTimes(2);
  });
});

function watch(project: string): StreamMessage[] {
  const messages: StreamMessage[] = [];
  hub.subscribe(project, { send: (message) => messages.push(message), end: () => {} });
  return messages;
}

function deliveriesIn(messages: StreamMessage[]) {
  return messages.flatMap((message) => (message.kind === "deliveries" ? message.deliveries : []));
}

function eventsIn(messages: StreamMessage[]) {
  return messages.flatMap((message) => (message.kind === "events" ? message.events : []));
}

async function createEvent(project: string): Promise<string> {
  const id = newId("event");
  const body = { type: "user.login", body: "{}", correlationId: id, source: "api", occurredAt: new Date() };
  await db.event.create({ data: { id, projectId: project, ...body } });
  return id;
}

async function createProject(): Promise<string> {
  const { id } = await db.project.create({ data: { id: newId("project"), name: "Test" } });
  return id;
}

/** @returns ids, oldest first */
async function createDeliveries(project: string, count: number): Promise<string[]> {
  const webhook = await db.webhook.create({
    data: {
      id: newId("webhook"),
      projectId: project,
      url: "https://example.com/hook",
      eventTypes: ["*"],
      retry: { preset: "quick" },
    },
  });
  const rows = Array.from({ length: count }, () => ({ id: newId("delivery"), eventId: newId("event") }));
  await db.event.createMany({
    data: rows.map(({ eventId }) => ({
      id: eventId,
      projectId: project,
      type: "instance.started",
      body: "{}",
      correlationId: eventId,
      source: "test",
      occurredAt: new Date(),
    })),
  });
  await db.delivery.createMany({
    data: rows.map(({ id, eventId }) => ({
      id,
      eventId,
      projectId: project,
      webhookId: webhook.id,
      eventType: "instance.started",
      url: webhook.url,
      maxAttempts: 4,
    })),
  });
  return rows.map(({ id }) => id).sort();
}
