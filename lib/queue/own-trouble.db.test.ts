import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { createEgressPolicy } from "@/lib/net/address";
import { type NameServer, startNameServer } from "@/lib/net/fixtures/name-server";
import { createGuardedClient, type GuardedClient } from "@/lib/net/guarded-request";
import { beat } from "@/lib/queue/heartbeat";
import { startPump, until, useDeliveries } from "@/lib/queue/testing";
import { getDelivery } from "@/lib/webhooks/delivery-queries";
import { createTestWebhook } from "@/lib/webhooks/testing";
import { listVerdicts } from "@/lib/webhooks/verdict-queries";

const NO_NAME_SERVER = "No name server could be reached to look up the host name; the request was not sent.";

describe("trouble of our own", () => {
  const { actor, emitNow, emitOne, receiver, pump, settled } = useDeliveries();
  let nameServer: NameServer;
  let client: GuardedClient;

  beforeEach(async () => {
    nameServer = await startNameServer({ "hook.example.com": { a: ["127.0.0.1"] }, "dead.example.org": "silent" });
    const policy = createEgressPolicy(["127.0.0.0/8"]);
    client = createGuardedClient({ policy, nameServers: [nameServer.address], connectTimeoutMs: 500 });
  });
  afterEach(async () => {
    await client.close();
    nameServer.close();
  });

  /** Each has a single attempt, so that one that is charged is given up. */
  const hook = (url: string) => createTestWebhook(actor(), { url, event_types: ["*"], retry: { delays_s: [] } });
  const error = async (id: string) => (await getDelivery(actor(), id)).error_code;

  it("while the resolver is silent, costs no attempt, says why, and ends with the delivery", async () => {
    const target = await receiver();
    await hook(target.url("/").replace("127.0.0.1", "hook.example.com"));
    nameServer.dropsAll = true;
    const running = startPump({ client });
    const id = await emitOne();
    await until("the delivery is given back", async () => (await error(id)) === "our_side");

    const waiting = await getDelivery(actor(), id);
    expect(waiting).toMatchObject({ status: "pending", attempt_count: 0, error_message: NO_NAME_SERVER, attempts: [] });
    const [verdict] = await listVerdicts(actor(), waiting.event_id, new Date());
    expect(verdict).toMatchObject({
      verdict: "pending",
      detail: `Not sent yet, for a reason on our side: ${NO_NAME_SERVER} It is tried until it can be; this uses up no attempt.`,
    });

    const stop = new AbortController();
    const trouble = async () => (await db.workerBeat.findFirst())?.trouble;
    const beating = beat(pool(), stop.signal, {
      id: randomUUID(),
      trouble: () => running.pump.trouble,
      onPlaces: () => {},
    });
    await until("the heartbeat tells", async () => (await trouble()) === NO_NAME_SERVER);
    stop.abort();
    await beating;

    nameServer.dropsAll = false;
    await settled();
    await running.stop();
    expect(await getDelivery(actor(), id)).toMatchObject({
      status: "delivered",
      attempt_count: 1,
      http_status: 200,
      error_code: null,
      error_message: null,
    });
    expect(target.requests.map(({ headers }) => headers["x-webhook-attempt"])).toEqual(["1"]);
  });

  it("is not what a receiver's own dead name server is", async () => {
    await hook("http://dead.example.org/");
    pump({ client });
    const id = await emitOne();
    await settled();
    expect(await getDelivery(actor(), id)).toMatchObject({
      status: "failed",
      attempt_count: 1,
      error_code: "dns_failed",
    });
  });

  it("with the key that secrets are encrypted with, costs no attempt and does not churn through a backlog", async () => {
    const target = await receiver();
    const { id: webhookId } = await hook(target.url());
    const { secret } = await db.webhook.findUniqueOrThrow({ where: { id: webhookId } });
    await db.webhook.update({ where: { id: webhookId }, data: { secret: `${secret?.slice(0, -8)}AAAAAAAA` } });
    const backlog = 4;
    for (let count = 0; count < backlog; count += 1) await emitNow();
    const deliveries = () => db.delivery.findMany({ where: { webhookId } });
    const since = performance.now();
    pump({ client, perWebhook: 1 });
    await until("all are given back", async () =>
      (await deliveries()).every(({ errorCode }) => errorCode === "secret_unreadable"),
    );
    expect(performance.now() - since).toBeGreaterThan((backlog - 1) * 900);
    for (const delivery of await deliveries()) {
      expect(delivery).toMatchObject({ status: "pending", attemptCount: 0 });
      expect((delivery.nextAttemptAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(30_000);
    }

    await db.webhook.update({ where: { id: webhookId }, data: { secret } });
    // The minute is the database's clock; the test moves it on.
    await db.delivery.updateMany({ where: { webhookId }, data: { nextAttemptAt: new Date() } });
    await settled();
    expect(target.requests).toHaveLength(backlog);
  });
});
