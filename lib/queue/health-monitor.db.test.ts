import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { HealthMonitor } from "@/lib/queue/health-monitor";
import type { Settlement } from "@/lib/queue/settle";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

describe("what is seen while earlier sightings are written", () => {
  let actor: Actor;
  let webhookId: string;

  beforeEach(async () => {
    actor = await createTestProject();
    webhookId = (await createTestWebhook(actor, { url: "https://example.com/", event_types: ["*"] })).id;
  });

  const settlement = (outcome: Settlement["outcome"]): Settlement => ({
    deliveryId: "dlv_test",
    leaseToken: "",
    projectId: actor.projectId,
    webhookId,
    isFailing: false,
    isOrdered: false,
    isForgedTest: false,
    pauseMs: 0,
    outcome,
    attempt: {
      number: 1,
      trigger: "auto",
      startedAt: new Date(),
      httpStatus: outcome.kind === "delivered" ? 200 : 500,
      errorCode: null,
      errorMessage: outcome.kind === "delivered" ? null : "Answered 500.",
      latencyMs: 1,
      timings: {},
      requestHeaders: {},
      responseHeaders: null,
      responseBody: null,
      responseTruncated: false,
      responseBytes: null,
      remoteAddress: null,
    },
  });
  const fail = (monitor: HealthMonitor, times: number) => {
    for (let n = 0; n < times; n += 1) monitor.record(settlement({ kind: "retry", inMs: 1000 }));
  };
  const failures = async () => (await db.webhook.findUniqueOrThrow({ where: { id: webhookId } })).consecutiveFailures;

  /** Begins a flush that waits for the webhook's row until the returned function lets it. */
  async function flushSlowly(monitor: HealthMonitor) {
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM webhook WHERE id = ${webhookId} FOR UPDATE`;
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    const flushed = monitor.flush();
    return async () => {
      held.resolve();
      await Promise.all([holding, flushed]);
    };
  }

  it("is counted once, as what is written is", async () => {
    const monitor = new HealthMonitor();
    fail(monitor, 3);
    const finish = await flushSlowly(monitor);
    fail(monitor, 2);
    await finish();
    expect(await failures()).toBe(3);
    await monitor.flush();
    await monitor.flush();
    expect(await failures()).toBe(5);
  });

  it("and a success then ends what is being written", async () => {
    const monitor = new HealthMonitor();
    fail(monitor, 3);
    const finish = await flushSlowly(monitor);
    monitor.record(settlement({ kind: "delivered" }));
    await finish();
    await monitor.flush();
    expect(await failures()).toBe(0);
  });

  it("and nothing is lost when it could not be written", async () => {
    const monitor = new HealthMonitor();
    fail(monitor, 2);
    const unstorable = settlement({ kind: "retry", inMs: 1000 });
    monitor.record({ ...unstorable, attempt: { ...unstorable.attempt, errorMessage: "\u0000" } });
    await expect(monitor.flush()).rejects.toThrow();
    expect(await failures()).toBe(0);
    fail(monitor, 1);
    await monitor.flush();
    expect(await failures()).toBe(4);
  });
});
