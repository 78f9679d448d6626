import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { until, useDeliveries } from "@/lib/queue/testing";
import { getDelivery } from "@/lib/webhooks/delivery-queries";
import { retryDelivery } from "@/lib/webhooks/delivery-retry";
import { getWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestWebhook } from "@/lib/webhooks/testing";

describe("the condition of a webhook", () => {
  const { actor, emitNow, emitOne, receiver, pump, settled } = useDeliveries();

  const condition = async (id: string) => {
    const { status, condition } = await getWebhook(actor(), id);
    return { status, ...condition };
  };
  const operational = (type: string) =>
    db.event.findMany({ where: { projectId: actor().projectId, type }, orderBy: { id: "asc" } });
  const makeOlder = (id: string, ms: number) =>
    pool().query("UPDATE webhook SET failing_since = failing_since - make_interval(secs => $2) WHERE id = $1", [
      id,
      ms / 1000,
    ]);

  it("goes to warning, is announced to the others, and recovers with the first success", async () => {
    let answer = 500;
    const target = await receiver((_request, response) => response.writeHead(answer).end());
    const watcher = await receiver();
    const webhook = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["instance.started"],
      retry: { delays_s: [] },
    });
    await createTestWebhook(actor(), { url: watcher.url(), event_types: ["endpoint.*"] });
    pump();
    for (let n = 0; n < 10; n += 1) await emitOne();
    await until("the warning", async () => (await condition(webhook.id)).status === "warning");
    expect(await condition(webhook.id)).toMatchObject({
      consecutive_failures: 10,
      failing_since: expect.any(String),
      last_failure: "Answered 500. Only 2xx counts as delivered.",
    });
    await until("the watcher hears of it", () => watcher.requests.length === 1);
    expect(JSON.parse(watcher.requests[0]?.body ?? "")).toMatchObject({
      type: "endpoint.warning",
      data: { webhook_id: webhook.id, consecutive_failures: 10, stage: "warning" },
    });

    answer = 200;
    await emitOne();
    await until("the recovery", async () => (await condition(webhook.id)).status === "healthy");
    expect(await condition(webhook.id)).toMatchObject({ consecutive_failures: 0, failing_since: null });
    await until("the watcher hears of that", () => watcher.requests.length === 2);
    expect(JSON.parse(watcher.requests[1]?.body ?? "")).toMatchObject({ type: "endpoint.recovered" });
  });

  it("is probed one request at a time once it has failed for long, and drained when a probe succeeds", async () => {
    let answer = 500;
    const target = await receiver((_request, response) => response.writeHead(answer).end());
    const webhook = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      retry: { delays_s: [3600] },
    });
    pump();
    for (let n = 0; n < 10; n += 1) await emitOne();
    await until("the warning", async () => (await condition(webhook.id)).status === "warning");
    await makeOlder(webhook.id, 11 * 60_000);
    await Promise.all(Array.from({ length: 40 }, () => emitNow()));
    await until("probing", async () => (await condition(webhook.id)).status === "probing");
    const { paused_until } = await condition(webhook.id);
    expect(Date.parse(paused_until ?? "") - Date.now()).toBeGreaterThan(20_000);

    const seen = target.requests.length;
    await Promise.all(Array.from({ length: 30 }, () => emitNow()));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(target.requests.length).toBe(seen);
    const nextProbe = () => pool().query("UPDATE webhook SET paused_until = now() WHERE id = $1", [webhook.id]);
    await nextProbe();
    await until("the probe", () => target.requests.length === seen + 1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(target.requests.length).toBe(seen + 1);

    answer = 204;
    // What this process keeps in mind itself of the failed probe passes by itself.
    await until("recovery", async () => {
      await nextProbe();
      return (await condition(webhook.id)).status === "healthy";
    });
    await until("the drain", async () => {
      const due = await db.delivery.count({ where: { webhookId: webhook.id, status: "pending", attemptCount: 0 } });
      return due === 0;
    });
  }, 60_000);

  it("is disabled when it answers 410: what waits is kept, and goes out once it is enabled again", async () => {
    let answer = 410;
    const target = await receiver((_request, response) => response.writeHead(answer).end());
    const webhook = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["instance.started"],
      // Later than the condition is written, however slow the machine.
      retry: { delays_s: [10, 10] },
    });
    pump();
    const id = await emitOne();
    await until("disabled", async () => (await condition(webhook.id)).status === "disabled");
    expect(await condition(webhook.id)).toMatchObject({ disabled_reason: "gone" });
    expect(await getDelivery(actor(), id)).toMatchObject({
      status: "pending",
      attempt_count: 1,
      next_attempt_at: null,
    });
    expect((await emitNow()).deliveries).toEqual([]);
    expect(await operational("endpoint.disabled")).toHaveLength(1);
    expect(await db.webhookChange.findFirst({ where: { webhookId: webhook.id, kind: "disabled" } })).toMatchObject({
      by: "system",
      enabled: false,
    });

    answer = 200;
    await updateWebhook(actor(), webhook.id, { enabled: true });
    await settled();
    expect(await getDelivery(actor(), id)).toMatchObject({ status: "delivered", attempt_count: 2 });
    expect(await condition(webhook.id)).toMatchObject({ status: "healthy", disabled_reason: null });
  });

  it("is disabled after five days of failing", async () => {
    const target = await receiver((_request, response) => response.writeHead(500).end());
    const webhook = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      retry: { delays_s: [3600] },
    });
    await db.webhook.update({
      where: { id: webhook.id },
      data: { health: "warning", failingSince: new Date(Date.now() - 5 * 24 * 3600 * 1000), consecutiveFailures: 20 },
    });
    pump();
    await emitOne();
    await until("disabled", async () => (await condition(webhook.id)).status === "disabled");
    expect(await condition(webhook.id)).toMatchObject({ disabled_reason: "failing" });
  });

  it("obeys Retry-After of 429 and 503 for the delivery and for everything else of the webhook", async () => {
    let answer = 429;
    const target = await receiver((_request, response) => response.writeHead(answer, { "retry-after": "2" }).end());
    const webhook = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      retry: { delays_s: [1] },
      max_in_flight: 1,
    });
    pump();
    const first = await emitOne();
    await until("the pause", async () => (await condition(webhook.id)).paused_until !== null);
    const pausedUntil = Date.parse((await condition(webhook.id)).paused_until ?? "");
    const delivery = await getDelivery(actor(), first);
    const startedAt = Date.parse(delivery.attempts[0]?.started_at ?? "");
    expect(Date.parse(delivery.next_attempt_at ?? "") - startedAt).toBeGreaterThanOrEqual(2_000);
    expect(pausedUntil - startedAt).toBeGreaterThanOrEqual(2_000);

    answer = 200;
    const second = await emitOne();
    await settled();
    const sentAt = Date.parse((await getDelivery(actor(), second)).attempts[0]?.started_at ?? "");
    expect(sentAt).toBeGreaterThanOrEqual(pausedUntil - 100);
    expect(await getDelivery(actor(), first)).toMatchObject({ status: "delivered", attempt_count: 2 });
  });

  it("keeps a pause that was asked for in spite of what was under way, whether that succeeds or fails", async () => {
    const held: ((status: number) => void)[] = [];
    const target = await receiver((_request, response) => held.push((status) => response.writeHead(status).end()));
    const asked = await receiver((_request, response) => response.writeHead(429, { "retry-after": "60" }).end());
    for (const late of [200, 500]) {
      const webhook = await createTestWebhook(actor(), {
        url: target.url(),
        event_types: ["*"],
        retry: { delays_s: [600] },
      });
      const first = await emitOne();
      if (late === 200) pump();
      await until("the first request", () => held.length > 0);
      await db.webhook.update({ where: { id: webhook.id }, data: { url: asked.url() } });
      await emitOne();
      await until("the pause", async () => (await condition(webhook.id)).paused_until !== null);
      const { paused_until } = await condition(webhook.id);
      for (const answer of held.splice(0)) answer(late);
      await until("the late answer", async () => (await getDelivery(actor(), first)).http_status === late);
      // What was seen is written once a second.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect((await condition(webhook.id)).paused_until).toBe(paused_until);
      await db.webhook.update({ where: { id: webhook.id }, data: { deletedAt: new Date() } });
    }
  });

  it("does not hold back what a person sends by hand while it is paused, also in a lane whose turn it is", async () => {
    const target = await receiver();
    const webhook = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], ordering: "strict" });
    const [first, second] = [await emitOne(), await emitOne()];
    await db.webhook.update({ where: { id: webhook.id }, data: { pausedUntil: new Date(Date.now() + 3_600_000) } });
    pump();
    await retryDelivery(actor(), second);
    await retryDelivery(actor(), first);
    await until("both", () => target.requests.length === 2);
    expect(target.requests.map(({ headers }) => headers["x-webhook-delivery"])).toEqual([first, second]);
  });

  it("is not touched by failed tests, and mended by one that succeeds", async () => {
    const { testWebhook } = await import("@/lib/webhooks/service");
    let answer = 500;
    const target = await receiver((_request, response) => response.writeHead(answer).end());
    const webhook = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      retry: { delays_s: [] },
    });
    pump();
    await testWebhook(actor(), webhook.id);
    await settled();
    await db.webhook.update({
      where: { id: webhook.id },
      data: { failingSince: new Date(), consecutiveFailures: 3, pausedUntil: new Date(Date.now() + 3_600_000) },
    });
    answer = 200;
    // By hand, so it goes out in spite of the pause.
    await testWebhook(actor(), webhook.id);
    await until("mended", async () => (await condition(webhook.id)).consecutive_failures === 0);
    expect(await condition(webhook.id)).toMatchObject({ paused_until: null, failing_since: null });
  });

  it("tells once a minute of deliveries that were given up, naming each once", async () => {
    const target = await receiver((_request, response) => response.writeHead(500).end());
    await createTestWebhook(actor(), { url: target.url(), event_types: ["instance.started"], retry: { delays_s: [] } });
    pump();
    const first = await emitOne();
    await until("the report", async () => (await operational("delivery.exhausted")).length === 1);
    const ids = [await emitOne(), await emitOne()];
    await settled();
    const [report] = await operational("delivery.exhausted");
    expect(JSON.parse(report?.body ?? "").data).toMatchObject({ count: 1, delivery_ids: [first] });

    const { recover } = await import("@/lib/queue/recover");
    await recover();
    expect(await operational("delivery.exhausted")).toHaveLength(1);
    await recover(new Date(Date.now() + 61_000));
    const reports = await operational("delivery.exhausted");
    expect(reports).toHaveLength(2);
    const second = JSON.parse(reports[1]?.body ?? "").data;
    expect(second.count).toBe(2);
    expect(new Set(second.delivery_ids)).toEqual(new Set(ids));
  });

  it("keeps to the rate that was set", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], rate_limit: 5 });
    await Promise.all(Array.from({ length: 20 }, () => emitNow()));
    pump();
    await settled();
    const times = target.requests.map((request) => request.at).toSorted((a, b) => a - b);
    // A bucket of five, then five a second: the sixth after it empties, and so on. Coming early would be the failure.
    for (const [index, at] of times.entries()) {
      const earliest = ((index - 5 + 1) / 5) * 1_000;
      // The first may itself have come late, by as much as a busy machine holds it up.
      expect(at - (times[0] ?? 0)).toBeGreaterThanOrEqual(earliest - 500);
    }
  }, 30_000);

  it("counts what was settled per minute", async () => {
    let left = 1;
    const target = await receiver((_request, response) => response.writeHead(left-- > 0 ? 500 : 200).end());
    const webhook = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      retry: { delays_s: [1] },
    });
    pump();
    for (let n = 0; n < 5; n += 1) await emitOne();
    await settled();
    const total = async () => {
      const rows = await db.webhookStat.findMany({ where: { webhookId: webhook.id } });
      const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + pick(row), 0);
      const count = (values: number[]) => values.reduce((all, value) => all + value, 0);
      return {
        delivered: sum((row) => row.delivered),
        failed: sum((row) => row.failed),
        ok: sum((row) => row.attemptsOk),
        bad: sum((row) => row.attemptsFailed),
        latencies: sum((row) => count(row.latency)),
        waits: sum((row) => count(row.queueWait)),
      };
    };
    await until("the counts", async () => (await total()).ok === 5);
    expect(await total()).toEqual({ delivered: 5, failed: 0, ok: 5, bad: 1, latencies: 6, waits: 6 });
  });
});
