import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { seedDemo } from "@/lib/demo/seed";
import { getDelivery, listDeliveries } from "@/lib/webhooks/delivery-queries";
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
    expect(await getOverview(actor, now)).toMatchObject({ unaccounted: 0 });
  });

  it("reads like real deliveries: pages, details and signatures that verify", async () => {
    expect((await listWebhooks(actor)).length).toBe(5);
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
});
