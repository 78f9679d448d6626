import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { projectStatistics, webhookStatistics } from "@/lib/statistics/service";
import { addStats } from "@/lib/statistics/testing";
import { deleteWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

const NOW = new Date("2026-11-22T10:07:30Z");
const at = (time: string) => new Date(`2026-11-22T${time}Z`);
const repeat = (count: number, ms: number) => Array.from({ length: count }, () => ms);

describe("statistics", () => {
  let actor: Actor;
  let projectId: string;
  let webhookId: string;
  beforeEach(async () => {
    actor = await createTestProject();
    projectId = actor.projectId;
    webhookId = (await createTestWebhook(actor, { url: "https://example.com/a", event_types: ["*"] })).id;
  });

  const read = (query = {}) => webhookStatistics(actor, webhookId, query, NOW);

  it("adds minutes up into buckets and fills the gaps with zeros", async () => {
    await addStats(
      { webhookId, projectId, minute: at("09:31:00"), delivered: 90, latencies: repeat(90, 20), waits: repeat(90, 2) },
      {
        webhookId,
        projectId,
        minute: at("09:44:00"),
        failed: 2,
        attemptsFailed: 10,
        latencies: repeat(10, 4000),
        waits: repeat(10, 300),
      },
      { webhookId, projectId, minute: at("10:07:00"), delivered: 1, latencies: [20] },
    );
    const answer = await read();
    expect(answer).toMatchObject({ from: "2026-11-21T10:00:00.000Z", to: "2026-11-22T10:15:00.000Z", bucket_s: 900 });
    expect(answer.buckets).toHaveLength(97);
    const busy = answer.buckets.filter((bucket) => bucket.attempts_ok + bucket.attempts_failed > 0);
    expect(busy.map(({ start }) => start)).toEqual(["2026-11-22T09:30:00.000Z", "2026-11-22T10:00:00.000Z"]);
    expect(busy[0]).toMatchObject({
      delivered: 90,
      failed: 2,
      attempts_ok: 90,
      attempts_failed: 10,
      success_rate: 0.9,
    });
    const { latency_ms: latency, queue_wait_ms: wait } = busy[0] ?? {};
    expect(latency?.p50).toBeGreaterThan(20 / 1.26);
    expect(latency?.p50).toBeLessThan(20 * 1.26);
    expect(latency?.p95).toBeGreaterThan(4000 / 1.26);
    expect(latency?.p99).toBeGreaterThanOrEqual(latency?.p95 ?? Number.POSITIVE_INFINITY);
    expect(wait?.p95).toBeGreaterThan(300 / 1.26);
    expect(answer.buckets[0]).toEqual({
      start: "2026-11-21T10:00:00.000Z",
      delivered: 0,
      failed: 0,
      attempts_ok: 0,
      attempts_failed: 0,
      success_rate: null,
      latency_ms: null,
      queue_wait_ms: null,
    });
    expect(answer.totals).toMatchObject({ delivered: 91, failed: 2, attempts_ok: 91, attempts_failed: 10 });
    expect(answer.totals.success_rate).toBeCloseTo(91 / 101);
  });

  it("compares with the stretch before, as far as that is kept", async () => {
    await addStats(
      { webhookId, projectId, minute: new Date("2026-11-21T09:00:00Z"), delivered: 3, latencies: repeat(3, 10) },
      // A day ago this moment had not come yet.
      { webhookId, projectId, minute: new Date("2026-11-21T09:59:00Z"), delivered: 5, latencies: repeat(5, 10) },
      { webhookId, projectId, minute: new Date("2026-11-20T09:44:00Z"), delivered: 7, latencies: repeat(7, 10) },
    );
    expect((await read()).previous).toMatchObject({
      from: "2026-11-20T09:45:00.000Z",
      to: "2026-11-21T09:45:00.000Z",
      attempts_ok: 3,
    });
    expect((await read({ from: "2026-10-23T12:00:00Z" })).previous).toBeNull();
  });

  it("sums over the project, deleted webhooks included, and never over another's", async () => {
    const other = (await createTestWebhook(actor, { url: "https://example.com/b", event_types: ["*"] })).id;
    const stranger = await createTestProject();
    const foreign = (await createTestWebhook(stranger, { url: "https://example.com/c", event_types: ["*"] })).id;
    const minute = at("10:00:00");
    await addStats(
      { webhookId, projectId, minute, delivered: 1, latencies: [5] },
      { webhookId: other, projectId, minute, failed: 1, attemptsFailed: 4, latencies: repeat(4, 5) },
      { webhookId: foreign, projectId: stranger.projectId, minute, delivered: 9, latencies: repeat(9, 5) },
    );
    await deleteWebhook(actor, other);
    expect((await projectStatistics(actor, {}, NOW)).totals).toMatchObject({
      delivered: 1,
      failed: 1,
      attempts_failed: 4,
    });
    expect((await read()).totals).toMatchObject({ delivered: 1, failed: 0 });
    await expect(webhookStatistics(actor, foreign, {}, NOW)).rejects.toMatchObject({ code: "not_found" });
    await expect(webhookStatistics(actor, other, {}, NOW)).rejects.toMatchObject({ code: "not_found" });
  });

  it("has no percentiles of a webhook that did nothing", async () => {
    expect((await read()).totals).toMatchObject({ success_rate: null, latency_ms: null, queue_wait_ms: null });
    expect(await db.webhookStat.count({ where: { projectId } })).toBe(0);
  });
});
