import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import { recordingPool, startPump, until, useDeliveries } from "@/lib/queue/testing";
import { INITIAL_LIMIT } from "@/lib/queue/throttle";
import { createTestWebhook } from "@/lib/webhooks/testing";

describe("deliveries that a pump is told of", () => {
  const { actor, emitNow, receiver, settled } = useDeliveries();

  const start = () => {
    const { recorded, statements } = recordingPool();
    const { pump, stop } = startPump({ pool: recorded });
    const count = (name: string) => statements.filter((statement) => statement === name).length;
    return { pump, stop, statements, count };
  };

  it("go out without a look at the table", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    const { pump, stop, statements, count } = start();
    try {
      await until("the first look", () => count("claim-due") > 0);
      // A poll may come between, so not every time: but neither the end of a request nor its result asks for a look.
      await until("one went by name alone", async () => {
        statements.length = 0;
        pump.hear((await emitNow()).deliveries);
        await until("settled", () => count("settle") > 0);
        await sleep(5);
        return statements.filter((name) => name !== "add-stats").join() === "claim-named,settle";
      });
    } finally {
      await stop();
    }
  });

  it("wait for a look where a claim by name would give their webhook more than it may have", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    const { pump, stop, count } = start();
    try {
      const emitted = await Promise.all(Array.from({ length: INITIAL_LIMIT + 1 }, () => emitNow()));
      pump.hear(emitted.flatMap(({ deliveries }) => deliveries));
      await settled();
      expect(count("claim-named")).toBe(0);
      expect(target.requests).toHaveLength(INITIAL_LIMIT + 1);
    } finally {
      await stop();
    }
  });

  it("go out by a look where a claim by name leaves them", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], max_in_flight: 1 });
    const { pump, stop, count } = start();
    try {
      await until("the first look", () => count("claim-due") > 0);
      // A poll may come between the commit and the telling, and then nothing is left to be claimed by name.
      let emitted = 0;
      await until("one was asked for by name in vain", async () => {
        const looks = count("claim-due");
        emitted += 1;
        pump.hear((await emitNow()).deliveries);
        await settled();
        return count("claim-named") > 0 && count("claim-due") > looks;
      });
      expect(target.requests).toHaveLength(emitted);
    } finally {
      await stop();
    }
  });

  it("do not keep others waiting that nobody tells of", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    const silent = (await emitNow()).deliveries.map(({ id }) => id);
    await pool().query("UPDATE delivery SET next_attempt_at = now() + interval '300 ms' WHERE id = ANY ($1)", [silent]);
    const { pump, stop } = start();
    try {
      let telling = true;
      const tellOn = (async () => {
        while (telling) {
          pump.hear((await emitNow()).deliveries);
          await sleep(10);
        }
      })();
      await until("the silent one arrived", () =>
        target.requests.some(({ headers }) => headers["x-webhook-delivery"] === silent[0]),
      );
      telling = false;
      await tellOn;
      await settled();
    } finally {
      await stop();
    }
  });

  it("are each sent once when two pumps are told the same", async () => {
    const target = await receiver();
    for (let n = 0; n < 3; n += 1) await createTestWebhook(actor(), { url: target.url(`/${n}`), event_types: ["*"] });
    const pumps = [start(), start()];
    try {
      for (let round = 0; round < 20; round += 1) {
        const { deliveries } = await emitNow();
        for (const { pump } of pumps) pump.hear(deliveries);
      }
      await settled();
      expect(target.requests).toHaveLength(60);
    } finally {
      await Promise.all(pumps.map(({ stop }) => stop()));
    }
  });
});
