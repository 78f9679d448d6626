import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { type Settlement, settle } from "@/lib/queue/settle";
import { Settler } from "@/lib/queue/settler";
import { emit } from "@/lib/webhooks/emit";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

describe("settling", () => {
  let actor: Actor;
  let webhookId: string;

  beforeAll(async () => {
    actor = await createTestProject();
    webhookId = (await createTestWebhook(actor, { url: "https://example.com/", event_types: ["*"] })).id;
  });

  const leased = async () => {
    const { deliveries } = await transaction((tx) =>
      emit(tx, actor.projectId, { type: "instance.started", data: {}, source: "platform" }),
    );
    const leaseToken = randomUUID();
    const id = deliveries[0]?.id ?? "";
    await db.delivery.update({
      where: { id },
      data: { attemptCount: 1, leaseToken, leaseUntil: new Date(Date.now() + 30_000) },
    });
    return { id, leaseToken };
  };
  const settlement = (deliveryId: string, leaseToken: string, httpStatus: number): Settlement => ({
    deliveryId,
    leaseToken,
    projectId: actor.projectId,
    webhookId,
    isFailing: false,
    isOrdered: false,
    isForgedTest: false,
    pauseMs: 0,
    outcome: { kind: "delivered" },
    attempt: {
      number: 1,
      trigger: "auto",
      startedAt: new Date(),
      httpStatus,
      errorCode: null,
      errorMessage: null,
      latencyMs: 1,
      timings: {},
      requestHeaders: {},
      responseHeaders: {},
      responseBody: null,
      responseTruncated: false,
      responseBytes: 0,
      remoteAddress: null,
    },
  });

  it("records one attempt of a delivery that is in the batch with the lease it lost and with its own", async () => {
    const { id, leaseToken } = await leased();
    const lost = randomUUID();
    expect(await settle(pool(), [settlement(id, lost, 201), settlement(id, leaseToken, 202)])).toEqual(
      new Set([leaseToken]),
    );
    expect(await db.attempt.findMany({ where: { deliveryId: id } })).toMatchObject([{ number: 1, httpStatus: 202 }]);
  });

  it("leaves a delivery alone whose lease was lost", async () => {
    const { id, leaseToken } = await leased();
    expect(await settle(pool(), [settlement(id, randomUUID(), 200)])).toEqual(new Set());
    expect(await db.delivery.findUniqueOrThrow({ where: { id } })).toMatchObject({ status: "pending", leaseToken });
    expect(await db.attempt.count({ where: { deliveryId: id } })).toBe(0);
  });

  describe("what PostgreSQL refuses to store", () => {
    const SIZE = 40;
    afterEach(() => {
      vi.restoreAllMocks();
    });

    /** Settles a batch in whose middle one is changed. */
    const settleWithOne = async (spoil: (settlement: Settlement) => Settlement) => {
      const logged = vi.spyOn(log, "error");
      const warned = vi.spyOn(log, "warn");
      const leases = await Promise.all(Array.from({ length: SIZE }, leased));
      const batch = leases.map(({ id, leaseToken }) => settlement(id, leaseToken, 200));
      const middle = SIZE / 2;
      const spoilt = batch.map((entry, at) => (at === middle ? spoil(entry) : entry));
      await expect(settle(pool(), spoilt)).rejects.toThrow();
      const reported: string[] = [];
      const settler = new Settler(pool(), {
        onSettled: ({ deliveryId }) => reported.push(deliveryId),
        onWritten: () => {},
      });
      for (const entry of spoilt) settler.add(entry);
      await settler.drain();
      const ids = leases.map(({ id }) => id);
      const statuses = await db.delivery.findMany({ where: { id: { in: ids } }, select: { id: true, status: true } });
      return {
        ids,
        refused: ids[middle] ?? "",
        reported,
        delivered: statuses.filter(({ status }) => status === "delivered").map(({ id }) => id),
        logged: logged.mock.calls.length,
        warned: warned.mock.calls.length,
      };
    };

    it("is recorded without what came over the network, once logged, and the others as they are", async () => {
      const { ids, refused, reported, delivered, logged, warned } = await settleWithOne((spoilt) => ({
        ...spoilt,
        attempt: { ...spoilt.attempt, responseHeaders: { "x-seen": "a\u0000b" }, responseBody: Buffer.from("ok") },
      }));
      expect(delivered.sort()).toEqual([...ids].sort());
      expect(reported.sort()).toEqual([...ids].sort());
      expect(await db.attempt.findMany({ where: { deliveryId: refused } })).toMatchObject([
        { number: 1, httpStatus: 200, responseHeaders: null, responseBody: null, responseTruncated: true },
      ]);
      const others = await db.attempt.findMany({ where: { deliveryId: { in: ids.filter((id) => id !== refused) } } });
      expect(others).toHaveLength(SIZE - 1);
      for (const attempt of others) expect(attempt.responseHeaders).toEqual({});
      expect([logged, warned]).toEqual([1, 0]);
    });

    it("is left to its lease when it is refused even so, and the others are settled", async () => {
      const { ids, refused, reported, delivered, logged } = await settleWithOne((spoilt) => ({
        ...spoilt,
        attempt: { ...spoilt.attempt, number: 2 ** 40 },
      }));
      expect(delivered.sort()).toEqual(ids.filter((id) => id !== refused).sort());
      expect(reported).not.toContain(refused);
      expect(await db.delivery.findUniqueOrThrow({ where: { id: refused } })).toMatchObject({
        status: "pending",
        leaseToken: expect.any(String),
      });
      expect(logged).toBe(2);
    });
  });
});
