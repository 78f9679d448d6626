import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { seedDemo } from "@/lib/demo/seed";
import { getDelivery, listDeliveries } from "@/lib/webhooks/delivery-queries";
import { missedEvents } from "@/lib/webhooks/missed";
import { getOverview } from "@/lib/webhooks/overview";
import { openSecret } from "@/lib/webhooks/secrets";
import { listWebhooks } from "@/lib/webhooks/service";
import { createTestProject } from "@/lib/webhooks/testing";

describe("demo data", () => {
  let actor: Actor;
  const now = new Date();
  beforeAll(async () => {
    actor = await createTestProject();
    await seedDemo(actor.projectId, now);
  });

  it("has a week of deliveries of every outcome, some still to be sent", async () => {
    const groups = await db.delivery.groupBy({ by: ["status"], where: { projectId: actor.projectId }, _count: true });
    const counts = Object.fromEntries(groups.map((group) => [group.status, group._count]));
    expect(Object.keys(counts).toSorted()).toEqual(["cancelled", "delivered", "failed", "pending"]);
    expect(counts.delivered).toBeGreaterThan(1000);
    const due = await db.delivery.count({
      where: { projectId: actor.projectId, status: "pending", nextAttemptAt: { lte: now } },
    });
    expect(due).toBe(0);
    const ids = (await db.delivery.findMany({ where: { projectId: actor.projectId }, select: { id: true } })).map(
      ({ id }) => id,
    );
    const codes = await db.attempt.groupBy({ by: ["errorCode"], where: { deliveryId: { in: ids } } });
    expect(codes.map((code) => code.errorCode)).toEqual(
      expect.arrayContaining([null, "http_status", "timeout", "connect_failed"]),
    );
    expect(await getOverview(actor, now)).toMatchObject({ unaccounted: 0, missing: 0 });
  });

  it("reads like real deliveries: pages, details and signatures that verify", async () => {
    expect((await listWebhooks(actor)).length).toBe(6);
    const { data } = await listDeliveries(actor, { limit: 200, status: ["delivered"] });
    for (const delivery of data.slice(0, 20)) {
      const detail = await getDelivery(actor, delivery.id);
      expect(detail.attempts).toHaveLength(detail.attempt_count);
      const request = detail.attempts[0]?.request;
      const row = await db.webhook.findUniqueOrThrow({ where: { id: delivery.webhook_id } });
      // The judge refuses old timestamps; the signature itself is what counts here.
      const signed = new Webhook(openSecret(row.id, row.secret ?? "")).sign(
        detail.event.id,
        new Date(Number(request?.headers["webhook-timestamp"]) * 1000),
        request?.body ?? "",
      );
      expect(request?.headers["webhook-signature"]).toBe(signed);
    }
  });

  it("has webhooks in every state, each with its cause", async () => {
    const webhooks = new Map((await listWebhooks(actor)).map((webhook) => [webhook.description, webhook]));
    expect(webhooks.get("Cluster orchestrator")).toMatchObject({ status: "healthy" });
    expect(webhooks.get("Data warehouse")).toMatchObject({
      status: "warning",
      condition: { failing_since: expect.any(String), last_failure: expect.stringContaining("500") },
    });
    expect(webhooks.get("Billing")).toMatchObject({ status: "probing" });
    expect(Date.parse(webhooks.get("Billing")?.condition.paused_until ?? "")).toBeGreaterThan(now.getTime());
    const crm = webhooks.get("Old CRM");
    expect(crm).toMatchObject({ status: "disabled", condition: { disabled_reason: "gone" } });
    const changes = await db.webhookChange.findMany({ where: { webhookId: crm?.id ?? "" }, orderBy: { id: "asc" } });
    expect(changes.map(({ kind, by }) => [kind, by === "system"])).toEqual([
      ["created", true],
      ["disabled", true],
    ]);
    expect(changes[1]?.at.toISOString()).toBe(crm?.condition.since);
    const missed = await missedEvents(actor, crm?.id ?? "");
    expect(missed.events).toBeGreaterThan(0);
  });

  it("has statistics that agree with the log", async () => {
    const [counted] = await db.$queryRaw<Record<string, bigint>[]>`
      SELECT sum(delivered) AS delivered, sum(failed) AS failed, sum(attempts_ok) AS ok, sum(attempts_failed) AS bad,
             sum((SELECT sum(n) FROM unnest(latency) n)) AS latency, sum((SELECT sum(n) FROM unnest(queue_wait) n)) AS wait
        FROM webhook_stat WHERE project_id = ${actor.projectId}`;
    const [logged] = await db.$queryRaw<Record<string, bigint>[]>`
      SELECT count(*) FILTER (WHERE a.http_status BETWEEN 200 AND 299) AS ok,
             count(*) FILTER (WHERE a.http_status IS NULL OR a.http_status NOT BETWEEN 200 AND 299) AS bad
        FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.project_id = ${actor.projectId}`;
    const ended = await db.delivery.groupBy({ by: ["status"], where: { projectId: actor.projectId }, _count: true });
    const count = (status: string) => ended.find((group) => group.status === status)?._count ?? 0;
    expect(Number(counted?.ok)).toBe(Number(logged?.ok));
    expect(Number(counted?.bad)).toBe(Number(logged?.bad));
    expect(Number(counted?.latency)).toBe(Number(logged?.ok) + Number(logged?.bad));
    expect(Number(counted?.wait)).toBe(Number(counted?.latency));
    expect([Number(counted?.delivered), Number(counted?.failed)]).toEqual([count("delivered"), count("failed")]);
  });
});
