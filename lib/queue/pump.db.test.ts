import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { startPump, until, useDeliveries } from "@/lib/queue/testing";
import { INITIAL_LIMIT } from "@/lib/queue/throttle";
import { getDelivery } from "@/lib/webhooks/delivery-queries";
import { retryDelivery } from "@/lib/webhooks/delivery-retry";
import { deleteWebhook, testWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestWebhook } from "@/lib/webhooks/testing";

describe("the pump", () => {
  const { actor, emitNow, emitOne, receiver, pump, settled } = useDeliveries();

  it("delivers the stored bytes, signed so that the libraries of Standard Webhooks and Stripe accept them", async () => {
    const target = await receiver();
    const { secret } = await createTestWebhook(actor(), {
      url: target.url("/hook?a=1"),
      event_types: ["*"],
      headers: { "X-Tenant": "blue", Authorization: "Bearer receiver-token" },
    });
    pump();
    const id = await emitOne({ text: "Grüße, 世界", n: 1.5 });
    await settled();

    const [request] = target.requests;
    if (!request || secret === null) throw new Error("Nothing arrived.");
    expect(target.requests).toHaveLength(1);
    expect(request).toMatchObject({ method: "POST", path: "/hook?a=1" });
    expect(request.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": expect.stringMatching(/^Dumont-Webhooks\/\d/),
      "x-webhook-event": "instance.started",
      "x-webhook-delivery": id,
      "x-webhook-attempt": "1",
      "x-tenant": "blue",
      authorization: "Bearer receiver-token",
    });
    const event = await db.event.findFirstOrThrow({ where: { projectId: actor().projectId } });
    expect(request.body).toBe(event.body);
    expect(request.headers["webhook-id"]).toBe(event.id);

    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    expect(new Webhook(secret).verify(request.body, headers)).toMatchObject({ type: "instance.started" });
    const stripe = new Stripe("sk_test_unused");
    const header = headers["x-webhook-signature"] ?? "";
    expect(stripe.webhooks.constructEvent(request.body, header, secret).type).toBe("instance.started");
  });

  it("records the attempt as it was sent and answered, with credentials masked", async () => {
    const target = await receiver((_request, response) =>
      response.writeHead(201, { "x-seen": "yes" }).end('{"ok":true}'),
    );
    await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      headers: { Authorization: "Bearer canary-token" },
    });
    pump();
    const id = await emitOne();
    await settled();

    const detail = await getDelivery(actor(), id);
    expect(detail).toMatchObject({ status: "delivered", attempt_count: 1, http_status: 201, error_message: null });
    expect(detail.attempts).toMatchObject([
      {
        number: 1,
        trigger: "auto",
        http_status: 201,
        request: { headers: { "x-webhook-delivery": id, Authorization: "••••••" }, body: target.requests[0]?.body },
        remote_address: new URL(target.url()).host,
        response: { headers: { "x-seen": "yes" }, body: '{"ok":true}', truncated: false, total_bytes: 11 },
      },
    ]);
    expect(detail.attempts[0]?.timings.total_ms).toBeGreaterThan(0);
    const stored = await db.$queryRaw<
      { text: string }[]
    >`SELECT a::text AS text FROM attempt a WHERE delivery_id = ${id}`;
    expect(stored[0]?.text).not.toContain("canary-token");
  });

  it("sends no signature when the webhook has no secret", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], secret: null });
    pump();
    await emitOne();
    await settled();
    const names = Object.keys(target.requests[0]?.headers ?? {});
    expect(names).toContain("webhook-id");
    expect(names).not.toContain("webhook-signature");
    expect(names).not.toContain("x-webhook-signature");
  });

  it("gives a failing endpoint exactly the configured attempts, each with its own number and fresh signature", async () => {
    const target = await receiver((_request, response) => response.writeHead(500).end("broken"));
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], retry: { delays_s: [1, 1] } });
    pump();
    const id = await emitOne();
    await settled();

    expect(target.requests.map((request) => request.headers["x-webhook-attempt"])).toEqual(["1", "2", "3"]);
    expect(new Set(target.requests.map((request) => request.headers["x-webhook-delivery"]))).toEqual(new Set([id]));
    expect(new Set(target.requests.map((request) => request.body)).size).toBe(1);
    const gaps = target.requests.slice(1).map((request, index) => request.at - (target.requests[index]?.at ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(950);
    const detail = await getDelivery(actor(), id);
    expect(detail).toMatchObject({
      status: "failed",
      attempt_count: 3,
      max_attempts: 3,
      http_status: 500,
      next_attempt_at: null,
    });
    expect(detail.attempts.map((attempt) => attempt.response?.body)).toEqual(["broken", "broken", "broken"]);
  });

  it("waits 2, 4 and 8 seconds by default", async () => {
    const target = await receiver((_request, response) => response.writeHead(503).end());
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    pump();
    const id = await emitOne();
    for (const seconds of [2, 4, 8]) {
      await until("an attempt", async () => {
        const { status, attempts } = await getDelivery(actor(), id);
        return status === "pending" && attempts.length > 0;
      });
      const { next_attempt_at, attempts } = await getDelivery(actor(), id);
      const last = attempts.at(-1);
      const wait = Date.parse(next_attempt_at ?? "") - Date.parse(last?.started_at ?? "");
      expect(wait).toBeGreaterThanOrEqual(seconds * 1000);
      expect(wait).toBeLessThan(seconds * 1000 + 1500);
      // The waiting itself is the database's clock; the test moves it on.
      await db.delivery.update({ where: { id }, data: { nextAttemptAt: new Date() } });
      const seen = target.requests.length;
      await until(
        "the next attempt",
        async () => target.requests.length > seen && (await getDelivery(actor(), id)).status !== "delivering",
      );
    }
    expect(await getDelivery(actor(), id)).toMatchObject({ status: "failed", attempt_count: 4 });
  });

  it.each([301, 302, 307, 400, 404, 410, 429, 500, 503])(
    "does not take %i for a success, nor follow it",
    async (status) => {
      const elsewhere = await receiver();
      const target = await receiver((_request, response) =>
        response.writeHead(status, { location: elsewhere.url() }).end(),
      );
      await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], retry: { delays_s: [] } });
      pump();
      const id = await emitOne();
      await settled();
      expect(await getDelivery(actor(), id)).toMatchObject({
        status: "failed",
        http_status: status,
        error_code: "http_status",
      });
      expect(elsewhere.requests).toHaveLength(0);
    },
  );

  it("recovers when the endpoint does", async () => {
    let failures = 2;
    const target = await receiver((_request, response) => response.writeHead(failures-- > 0 ? 500 : 204).end());
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], retry: { delays_s: [1, 1, 1] } });
    pump();
    const id = await emitOne();
    await settled();
    expect(await getDelivery(actor(), id)).toMatchObject({ status: "delivered", attempt_count: 3, http_status: 204 });
  });

  it("keeps the first 64 KiB of an answer and says that there was more", async () => {
    const target = await receiver((_request, response) =>
      response.setHeader("content-length", 300_000).end("y".repeat(300_000)),
    );
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    pump();
    const id = await emitOne();
    await settled();
    const [attempt] = (await getDelivery(actor(), id)).attempts;
    expect(attempt?.response).toMatchObject({ truncated: true, total_bytes: 300_000 });
    expect(attempt?.response?.body).toHaveLength(64 * 1024);
  });

  it("shows any bytes that an endpoint answers without choking on them", async () => {
    const target = await receiver((_request, response) => response.end(Buffer.from([0, 255, 254, 0x3c, 0x73])));
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    pump();
    const id = await emitOne();
    await settled();
    expect(await getDelivery(actor(), id)).toMatchObject({ status: "delivered" });
  });

  it("refuses an internal address at the moment of sending, whatever was saved", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], retry: { delays_s: [] } });
    await db.webhook.updateMany({
      where: { projectId: actor().projectId },
      data: { url: "http://169.254.169.254/latest" },
    });
    pump();
    const id = await emitOne();
    await settled();
    expect(await getDelivery(actor(), id)).toMatchObject({
      status: "failed",
      http_status: null,
      error_code: "address_blocked",
    });
  });

  it("sends a finished delivery once more when asked, and marks the attempt as manual", async () => {
    let status = 500;
    const target = await receiver((_request, response) => response.writeHead(status).end());
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], retry: { delays_s: [] } });
    pump();
    const id = await emitOne();
    await settled();

    expect(await retryDelivery(actor(), id)).toMatchObject({ status: "pending", attempt_count: 1, max_attempts: 2 });
    await settled();
    expect(await getDelivery(actor(), id)).toMatchObject({ status: "failed", attempt_count: 2 });

    status = 200;
    await retryDelivery(actor(), id);
    await settled();
    const detail = await getDelivery(actor(), id);
    expect(detail.status).toBe("delivered");
    expect(detail.attempts.map((attempt) => attempt.trigger)).toEqual(["auto", "manual", "manual"]);
  });

  it("holds the deliveries of a disabled webhook back, except its tests, and sends them once it is enabled", async () => {
    const target = await receiver();
    const webhook = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    const waiting = await emitOne();
    await updateWebhook(actor(), webhook.id, { enabled: false });
    expect((await emitNow()).deliveries).toEqual([]);
    pump();
    const test = await testWebhook(actor(), webhook.id);
    await until("the test delivery", () => target.requests.length === 1);
    expect(target.requests[0]?.headers["x-webhook-delivery"]).toBe(test.deliveries[0]?.id);
    expect(await getDelivery(actor(), waiting)).toMatchObject({
      status: "pending",
      attempt_count: 0,
      next_attempt_at: null,
    });
    await expect(retryDelivery(actor(), waiting)).rejects.toMatchObject({ code: "conflict" });

    await updateWebhook(actor(), webhook.id, { enabled: true });
    await settled();
    expect(await getDelivery(actor(), waiting)).toMatchObject({ status: "delivered" });
  });

  it("cancels what waits for a deleted webhook, and what was under way once it fails", async () => {
    const held: (() => void)[] = [];
    const target = await receiver((_request, response) => held.push(() => response.writeHead(500).end()));
    const webhook = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    const first = await emitOne();
    pump({ perWebhook: 1 });
    await until("the first attempt", () => held.length === 1);
    const second = await emitOne();
    await deleteWebhook(actor(), webhook.id);
    held[0]?.();
    await settled();
    for (const id of [first, second]) expect(await getDelivery(actor(), id)).toMatchObject({ status: "cancelled" });
    expect(target.requests).toHaveLength(1);
    await expect(retryDelivery(actor(), second)).rejects.toMatchObject({ code: "conflict" });
  });

  it("never has more requests under way at a webhook than its cap", async () => {
    let underWay = 0;
    let most = 0;
    const target = await receiver((_request, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        response.end();
      }, 20);
    });
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    await Promise.all(Array.from({ length: 40 }, () => emitNow()));
    pump({ perWebhook: 3 });
    await settled();
    expect(most).toBe(3);
    expect(target.requests).toHaveLength(40);
  });

  it("does not let an endpoint that never answers keep the others waiting", async () => {
    const dead = await receiver(() => {});
    const healthy = await receiver();
    await createTestWebhook(actor(), { url: dead.url(), event_types: ["instance.stopped"] });
    await createTestWebhook(actor(), { url: healthy.url(), event_types: ["instance.started"] });
    await Promise.all(Array.from({ length: 60 }, () => emitNow({}, "instance.stopped")));
    pump({ concurrency: 16, perWebhook: 4 });
    await until("the dead endpoint is at its limit", () => dead.requests.length === INITIAL_LIMIT);
    await Promise.all(Array.from({ length: 30 }, () => emitNow()));
    await until("everything healthy arrived", () => healthy.requests.length === 30, 5_000);
    expect(dead.requests).toHaveLength(INITIAL_LIMIT);
  });

  it("sends to a webhook that answers while any number of new ones hang", async () => {
    const target = await receiver((request, response) => {
      if (request.path === "/well") response.end();
    });
    const count = (prefix: string) => target.requests.filter(({ path }) => path.startsWith(prefix)).length;
    const well = await createTestWebhook(actor(), { url: target.url("/well"), event_types: ["instance.stopped"] });
    pump({ concurrency: 8 });
    await emitNow({}, "instance.stopped");
    await settled();
    for (let n = 0; n < 60; n += 1) {
      await createTestWebhook(actor(), { url: target.url(`/hangs/${n}`), event_types: ["instance.started"] });
    }
    await emitNow({}, "instance.started");
    // Slow ones have room for 32, and of the 8 slots those that have not answered yet get 6.
    await until("as many hang as may", () => count("/hangs") === 38);
    for (let n = 2; n <= 5; n += 1) {
      await emitNow({}, "instance.stopped");
      await until("the one that answers has its event", () => count("/well") === n);
    }
    const hanging = await db.delivery.findMany({
      where: { projectId: actor().projectId, webhookId: { not: well.id } },
      select: { id: true },
    });
    expect(await db.attempt.count({ where: { deliveryId: { in: hanging.map(({ id }) => id) } } })).toBe(0);
    expect(count("/hangs")).toBe(38);
  }, 60_000);

  it("finishes what is under way when it is told to stop, and gives back what does not finish", async () => {
    const target = await receiver((request, response) => {
      if (request.path === "/slow") setTimeout(() => response.end(), 800);
    });
    await createTestWebhook(actor(), { url: target.url("/slow"), event_types: ["instance.started"] });
    await createTestWebhook(actor(), { url: target.url("/never"), event_types: ["instance.stopped"] });
    const { stop } = startPump();
    const slow = await emitOne();
    const never = await emitNow({}, "instance.stopped");
    await until("both under way", () => target.requests.length === 2);
    await stop();
    expect(await getDelivery(actor(), slow)).toMatchObject({ status: "delivered" });
    // Not charged: the next worker begins with the first attempt again.
    expect(await getDelivery(actor(), never.deliveries[0]?.id ?? "")).toMatchObject({
      status: "pending",
      attempt_count: 0,
      attempts: [],
    });
  });
});
