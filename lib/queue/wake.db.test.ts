import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listen } from "@/lib/db/listen";
import { transaction } from "@/lib/db/transaction";
import { until, useDeliveries } from "@/lib/queue/testing";
import { DUE_CHANNEL, MOST_NAMED, type NamedDelivery, parseDue, wakeWorkers } from "@/lib/queue/wake";
import { emit } from "@/lib/webhooks/emit";
import { createTestWebhook } from "@/lib/webhooks/testing";

const URL = "https://example.com/";

/** Longer than notifications of one process are apart. */
const QUIET_MS = 30;

describe("workers hear of what is due", () => {
  const { actor, emitNow } = useDeliveries();
  let heard: (NamedDelivery[] | null)[];
  let stop: () => Promise<void>;

  beforeEach(async () => {
    heard = [];
    const stopping = new AbortController();
    const listening = listen([DUE_CHANNEL], (_channel, payload) => heard.push(parseDue(payload)), {
      signal: stopping.signal,
    });
    stop = () => {
      stopping.abort();
      return listening;
    };
    await until("listening", async () => {
      wakeWorkers();
      await sleep(QUIET_MS);
      return heard.length > 0;
    });
    await sleep(QUIET_MS);
    heard = [];
  });
  afterEach(() => stop());

  /** This process knows the project's webhooks from then on, and it was quiet for a while. */
  const settle = async () => {
    await emitNow();
    await until("the first was told", () => heard.length > 0);
    await sleep(QUIET_MS);
    heard = [];
  };

  it("by name, with the commit and not before", async () => {
    await createTestWebhook(actor(), { url: URL, event_types: ["*"] });
    await settle();
    const event = await transaction(async (tx) => {
      const emitted = await emit(tx, actor().projectId, { type: "instance.started", data: {}, source: "api" });
      await sleep(QUIET_MS);
      expect(heard).toEqual([]);
      return emitted;
    });
    await until("told", () => heard.length > 0);
    await sleep(QUIET_MS);
    expect(heard).toEqual([event.deliveries]);
  });

  it("of nothing where the transaction was rolled back", async () => {
    await createTestWebhook(actor(), { url: URL, event_types: ["*"] });
    await settle();
    const failing = transaction(async (tx) => {
      await emit(tx, actor().projectId, { type: "instance.started", data: {}, source: "api" });
      throw new Error("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    await sleep(QUIET_MS * 3);
    expect(heard).toEqual([]);
  });

  it("each once where several are emitted at once", async () => {
    await createTestWebhook(actor(), { url: URL, event_types: ["*"] });
    await settle();
    const few = await Promise.all(Array.from({ length: 8 }, () => emitNow()));
    await sleep(QUIET_MS * 3);
    const named = heard.flatMap((deliveries) => deliveries ?? []);
    expect(heard).not.toContain(null);
    expect(named.map(({ id }) => id).sort()).toEqual(few.flatMap((e) => e.deliveries.map(({ id }) => id)).sort());
  });

  it("to look where there are lanes", async () => {
    await createTestWebhook(actor(), { url: URL, event_types: ["*"] });
    await createTestWebhook(actor(), { url: URL, event_types: ["*"], ordering: "strict" });
    await settle();
    await emitNow();
    await until("told", () => heard.length > 0);
    expect(heard).toEqual([null]);
  });

  it("to look where there are more than a notification may name", async () => {
    for (let n = 0; n <= MOST_NAMED; n += 1)
      await createTestWebhook(actor(), { url: `${URL}${n}`, event_types: ["*"] });
    await settle();
    expect((await emitNow()).deliveries).toHaveLength(MOST_NAMED + 1);
    await until("told", () => heard.length > 0);
    expect(heard).toEqual([null]);
  });
});

describe("parseDue", () => {
  it.each(["", "[", "{}", "[1]", '[["dlv_1"]]', JSON.stringify(Array.from({ length: 33 }, () => ["a", "b"]))])(
    "takes what is no list of deliveries for the request to look: %s",
    (payload) => expect(parseDue(payload)).toBeNull(),
  );

  it("reads what is named", () => {
    expect(parseDue('[["dlv_1","wh_1"]]')).toEqual([{ id: "dlv_1", webhookId: "wh_1" }]);
  });
});
