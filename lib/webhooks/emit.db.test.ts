import pg from "pg";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { EVENT_LIMITS } from "@/lib/contracts/events";
import type { PayloadFilter } from "@/lib/contracts/payload-filter";
import type { WebhookFilter } from "@/lib/contracts/webhooks";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { Prisma } from "@/lib/generated/prisma/client";
import { emit, type NewEvent } from "@/lib/webhooks/emit";
import { testWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

/** Counts statements and passes them on; set up before the first connection, which binds the method. */
const sent = vi.spyOn(pg.Client.prototype, "query");

const started = { type: "instance.started", data: { instance_id: "i-1" }, source: "api" } as const;
const url = "https://example.com/hook";

describe("emit", () => {
  let actor: Actor;
  beforeEach(async () => {
    actor = await createTestProject();
  });

  const emitNow = (event: NewEvent = started) => transaction((tx) => emit(tx, actor.projectId, event));

  it("stores the event and one delivery for each webhook that wants it", async () => {
    const wanted = await createTestWebhook(actor, { url, event_types: ["instance.*"] });
    await createTestWebhook(actor, { url, event_types: ["snapshot.completed"] });
    await createTestWebhook(actor, { url, event_types: ["*"], enabled: false });
    const stranger = await createTestProject();
    await createTestWebhook(stranger, { url, event_types: ["*"] });

    const event = await emitNow();

    expect(event.deliveries.map((delivery) => delivery.webhookId)).toEqual([wanted.id]);
    expect(await db.delivery.findMany({ where: { eventId: event.id } })).toMatchObject([
      { projectId: actor.projectId, webhookId: wanted.id, status: "pending", attemptCount: 0, maxAttempts: 4, url },
    ]);
  });

  it("judges the payload as the receiver gets it", async () => {
    const filtered = async (payload: PayloadFilter) =>
      (await createTestWebhook(actor, { url, event_types: ["*"], filter: { payload } })).id;
    const large = await filtered({ "data.gpu_count": { $gte: 8 }, type: "instance.started" });
    const dated = await filtered({ "data.ends_at": { $gt: "2026-12-01T00:00:00.000Z" } });
    const grouped = await filtered({ correlation_id: "deploy-7" });
    await filtered({ "data.gpu_count": { $gte: 64 } });

    const targets = async (event: Partial<NewEvent>) =>
      (await emitNow({ ...started, ...event })).deliveries.map((delivery) => delivery.webhookId).sort();
    expect(await targets({ data: { gpu_count: 8 } })).toEqual([large]);
    expect(await targets({ data: { gpu_count: 7 } })).toEqual([]);
    expect(await targets({ type: "instance.stopped", data: { gpu_count: 8 } })).toEqual([]);
    // A Date is a text once it is sent.
    expect(await targets({ data: { ends_at: new Date("2026-12-04T08:00:00Z") } })).toEqual([dated]);
    expect(await targets({ data: { gpu_count: 8 }, correlationId: "deploy-7" })).toEqual([large, grouped].sort());
  });

  it("obeys a filter from the moment it is changed", async () => {
    const webhook = await createTestWebhook(actor, {
      url,
      event_types: ["*"],
      filter: { payload: { "data.instance_id": "i-2" } },
    });
    expect((await emitNow()).deliveries).toEqual([]);
    const change = (filter: WebhookFilter | null) => updateWebhook(actor, webhook.id, { filter });
    await change({ payload: { "data.instance_id": { $in: ["i-1"] } } });
    expect((await emitNow()).deliveries).toHaveLength(1);
    await change({ payload: { "data.instance_id": { $nin: ["i-1"] } } });
    expect((await emitNow()).deliveries).toEqual([]);
    await change(null);
    expect((await emitNow()).deliveries).toHaveLength(1);
  });

  it("never tells a webhook about its own trouble", async () => {
    const failing = await createTestWebhook(actor, { url, event_types: ["*"] });
    const watching = await createTestWebhook(actor, { url, event_types: ["endpoint.*", "delivery.*"] });
    for (const type of ["endpoint.warning", "delivery.exhausted"]) {
      const event = await emitNow({ type, data: { webhook_id: failing.id }, source: "engine" });
      expect(event.deliveries.map((delivery) => delivery.webhookId)).toEqual([watching.id]);
    }
    // The test button's event names its webhook too, and is no such event.
    expect((await testWebhook(actor, failing.id)).deliveries).toMatchObject([{ webhookId: failing.id }]);
  });

  it("leaves nothing behind when the change that it reports is rolled back", async () => {
    await createTestWebhook(actor, { url, event_types: ["*"] });
    const failing = transaction(async (tx) => {
      await emit(tx, actor.projectId, started);
      throw new Error("the change failed");
    });
    await expect(failing).rejects.toThrow("the change failed");
    expect(await db.event.count({ where: { projectId: actor.projectId } })).toBe(0);
    expect(await db.delivery.count({ where: { projectId: actor.projectId } })).toBe(0);
  });

  it("sends one envelope with id, type, timestamp and data, and the correlation id only if there is one", async () => {
    const occurredAt = new Date("2026-11-21T12:00:00.123Z");
    const plain = await emitNow({ ...started, occurredAt });
    const grouped = await emitNow({ ...started, correlationId: "deploy-7" });
    const bodyOf = async (id: string) => JSON.parse((await db.event.findUniqueOrThrow({ where: { id } })).body);
    expect(await bodyOf(plain.id)).toEqual({
      id: plain.id,
      type: "instance.started",
      timestamp: "2026-11-21T12:00:00.123Z",
      data: { instance_id: "i-1" },
    });
    expect(await bodyOf(grouped.id)).toMatchObject({ correlation_id: "deploy-7" });
    expect(grouped.correlationId).toBe("deploy-7");
  });

  it("accepts data up to the limit and refuses a byte more", async () => {
    const filler = (bytes: number) => ({ text: "x".repeat(bytes - '{"text":""}'.length) });
    await expect(emitNow({ ...started, data: filler(EVENT_LIMITS.dataBytes) })).resolves.toBeDefined();
    await expect(emitNow({ ...started, data: filler(EVENT_LIMITS.dataBytes + 1) })).rejects.toMatchObject({
      code: "payload_too_large",
      errors: [{ field: "data" }],
    });
  });

  it("keeps characters that PostgreSQL cannot store as they are", async () => {
    const event = await emitNow({ ...started, data: { text: "a\u0000b\ud800c" } });
    const { body } = await db.event.findUniqueOrThrow({ where: { id: event.id } });
    expect(JSON.parse(body).data.text).toBe("a\u0000b\ud800c");
  });

  it("numbers the events of a strictly ordered webhook in the order in which they become visible", async () => {
    const webhook = await createTestWebhook(actor, {
      url,
      event_types: ["*"],
      ordering: "strict",
      order_key: "data.instance_id",
    });
    const visible: bigint[] = [];
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        await transaction(async (tx) => {
          await emit(tx, actor.projectId, { ...started, data: { instance_id: `i-${index % 3}` } });
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
        });
        const [last] = await db.$queryRaw<
          { max: bigint }[]
        >`SELECT max(seq) FROM delivery WHERE webhook_id = ${webhook.id}`;
        const count = await db.delivery.count({ where: { webhookId: webhook.id } });
        // No gap below the highest number seen means that no lower one can still appear.
        expect(BigInt(count)).toBeGreaterThanOrEqual(last?.max ?? 0n);
        visible.push(last?.max ?? 0n);
      }),
    );
    const rows = await db.delivery.findMany({ where: { webhookId: webhook.id }, orderBy: { seq: "asc" } });
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 40 }, (_, index) => BigInt(index + 1)));
    expect(new Set(rows.map((row) => row.lane))).toEqual(new Set(["i-0", "i-1", "i-2"]));
  });

  it("takes the same few statements for one webhook as for a hundred", async () => {
    const statements = async () => {
      sent.mockClear();
      await emitNow();
      // The notification of an earlier emit may fall into the count.
      return sent.mock.calls.filter(([query]) => !JSON.stringify(query).includes('"name":"notify"')).length;
    };
    await createTestWebhook(actor, { url, event_types: ["*"] });
    expect(await statements()).toBe(4);
    expect(await statements()).toBe(3);
    await Promise.all(Array.from({ length: 99 }, () => createTestWebhook(actor, { url, event_types: ["*"] })));
    // Those it remembers are not all any more: what it tried with them is done again.
    expect(await statements()).toBe(5);
    expect(await statements()).toBe(3);
  });

  describe("when the webhooks it remembers have changed", () => {
    const targets = async () => {
      const { id, deliveries } = await emitNow();
      expect((await db.event.findUniqueOrThrow({ where: { id } })).deliveryCount).toBe(deliveries.length);
      expect(await db.delivery.count({ where: { eventId: id } })).toBe(deliveries.length);
      return deliveries.map(({ webhookId }) => webhookId).sort();
    };

    it.each([
      ["disabled", "enabled = false"],
      ["deleted", "deleted_at = now()"],
      ["subscribed to something else", "event_types = '{snapshot.completed}'"],
      ["filtered", `filter = '{"environments": ["production"]}'`],
    ])("passes by one that another process has %s, and comes back to it", async (_, change) => {
      const { id } = await createTestWebhook(actor, { url, event_types: ["*"] });
      const other = await createTestWebhook(actor, { url, event_types: ["*"] });
      const before = await db.webhook.findUniqueOrThrow({ where: { id } });
      expect(await targets()).toEqual([id, other.id].sort());
      await pool().query(`UPDATE webhook SET ${change} WHERE id = $1`, [id]);
      expect(await targets()).toEqual([other.id]);
      const { enabled, deletedAt, eventTypes } = before;
      await db.webhook.update({ where: { id }, data: { enabled, deletedAt, eventTypes, filter: Prisma.DbNull } });
      expect(await targets()).toEqual([id, other.id].sort());
    });

    it("sends to the new URL, with the new schedule and in the new order", async () => {
      const { id } = await createTestWebhook(actor, { url, event_types: ["*"] });
      await emitNow();
      await pool().query(
        `UPDATE webhook SET url = 'https://example.com/new', retry = '{"delays_s": [1]}', ordering = 'strict' WHERE id = $1`,
        [id],
      );
      const event = await emitNow();
      expect(await db.delivery.findMany({ where: { eventId: event.id } })).toMatchObject([
        { url: "https://example.com/new", maxAttempts: 2, lane: "", seq: 1n },
      ]);
    });

    it("forgets a change that was seen within a transaction and undone", async () => {
      const { id } = await createTestWebhook(actor, { url, event_types: ["*"] });
      await targets();
      await transaction(async (tx) => {
        await tx.webhook.update({ where: { id }, data: { enabled: false } });
        expect((await emit(tx, actor.projectId, started)).deliveries).toEqual([]);
        throw new Error("undone");
      }).catch(() => {});
      expect(await targets()).toEqual([id]);
    });

    it("never misses a change that was committed before, however many are made at once", async () => {
      const ids = await Promise.all(
        Array.from({ length: 4 }, async () => (await createTestWebhook(actor, { url, event_types: ["*"] })).id),
      );
      await Promise.all(
        ids.map(async (id) => {
          for (let round = 0; round < 20; round += 1) {
            const enabled = round % 2 === 1;
            await pool().query("UPDATE webhook SET enabled = $2 WHERE id = $1", [id, enabled]);
            const { deliveries } = await emitNow();
            // The webhook is this loop's own: nobody else has changed it meanwhile.
            expect(deliveries.some(({ webhookId }) => webhookId === id)).toBe(enabled);
          }
        }),
      );
    });
  });
});
