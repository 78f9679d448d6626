import { expect, it } from "vitest";
import { addStats } from "@/lib/statistics/testing";
import { listWebhookHealth } from "@/lib/webhooks/health";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

const NOW = new Date("2026-11-22T10:07:30Z");
const at = (time: string) => new Date(`2026-11-22T${time}Z`);

it("tells success, speed and volume of the last 24 hours for each webhook of the project", async () => {
  const actor = await createTestProject();
  const { projectId } = actor;
  const busy = (await createTestWebhook(actor, { url: "https://example.com/a", event_types: ["*"] })).id;
  const idle = (await createTestWebhook(actor, { url: "https://example.com/b", event_types: ["*"] })).id;
  const stranger = await createTestProject();
  await createTestWebhook(stranger, { url: "https://example.com/c", event_types: ["*"] });
  const slow = [10, 10, 10, 10, 900];
  await addStats(
    { webhookId: busy, projectId, minute: at("10:07:00"), delivered: 5, latencies: slow },
    { webhookId: busy, projectId, minute: at("10:01:00"), failed: 1, attemptsFailed: 5, latencies: slow },
    { webhookId: busy, projectId, minute: new Date("2026-11-21T11:00:00Z"), delivered: 5, latencies: slow },
    { webhookId: busy, projectId, minute: new Date("2026-11-21T10:59:00Z"), delivered: 9, latencies: slow },
  );
  const health = await listWebhookHealth(actor, NOW);
  expect(health.map((entry) => entry.webhook_id).toSorted()).toEqual([busy, idle].toSorted());
  const [first, second] = [busy, idle].map((id) => health.find((entry) => entry.webhook_id === id));
  expect(first).toMatchObject({ delivered: 10, failed: 1, pending: 0, last_attempt: null });
  expect(first?.success_rate).toBeCloseTo(10 / 15);
  expect(first?.p95_ms).toBeGreaterThan(900 / 1.26);
  expect(first?.hours).toHaveLength(24);
  expect(first?.hours.at(-1)).toMatchObject({
    start: at("10:00:00").toISOString(),
    attempts_ok: 5,
    attempts_failed: 5,
  });
  expect(first?.hours[0]).toMatchObject({ delivered: 5, attempts_ok: 5 });
  expect(second).toMatchObject({ delivered: 0, success_rate: null, p95_ms: null });
});
