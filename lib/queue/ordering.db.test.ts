import { describe, expect, it } from "vitest";
import { until, useDeliveries } from "@/lib/queue/testing";
import { getDelivery } from "@/lib/webhooks/delivery-queries";
import { createTestWebhook } from "@/lib/webhooks/testing";

describe("a strictly ordered webhook", () => {
  const { actor, emitNow, emitOne, receiver, pump, settled } = useDeliveries();

  it("keeps the order of each key, through failures and with two workers", async () => {
    let count = 0;
    const accepted: string[] = [];
    const target = await receiver((request, response) => {
      count += 1;
      const fails = count % 7 === 0;
      if (!fails) accepted.push(request.body);
      response.writeHead(fails ? 500 : 200).end();
    });
    await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      ordering: "strict",
      order_key: "data.key",
      retry: { delays_s: [1, 1, 1, 1, 1] },
    });
    pump();
    pump();
    for (let index = 0; index < 30; index += 1) await emitNow({ key: `k${index % 3}`, index });
    await settled(30_000);
    const byKey = Map.groupBy(
      accepted.map((body) => JSON.parse(body).data as { key: string; index: number }),
      (data) => data.key,
    );
    for (const [key, seen] of byKey) {
      const indexes = seen.map((data) => data.index);
      expect(indexes, key).toEqual(indexes.toSorted((a, b) => a - b));
      expect(indexes).toHaveLength(10);
    }
  });

  it("goes on with a lane when its head is given up", async () => {
    const target = await receiver((request, response) =>
      response.writeHead(request.body.includes('"poison"') ? 500 : 200).end(),
    );
    await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      ordering: "strict",
      retry: { delays_s: [1] },
    });
    pump();
    const poison = await emitOne({ name: "poison" });
    const next = await emitOne({ name: "fine" });
    await until("the first attempt", () => target.requests.length === 1);
    expect(await getDelivery(actor(), next)).toMatchObject({ status: "pending", attempt_count: 0 });
    await settled();
    expect(target.requests.map((request) => JSON.parse(request.body).data.name)).toEqual(["poison", "poison", "fine"]);
    expect(await getDelivery(actor(), poison)).toMatchObject({ status: "failed" });
    expect(await getDelivery(actor(), next)).toMatchObject({ status: "delivered" });
  });
});
