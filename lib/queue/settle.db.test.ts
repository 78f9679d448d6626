import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { type Settlement, settle } from "@/lib/queue/settle";
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
});
