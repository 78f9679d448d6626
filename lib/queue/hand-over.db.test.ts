import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { listen } from "@/lib/db/listen";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { claimNamed } from "@/lib/queue/claim-named";
import { listeningLock, parseHandedOver } from "@/lib/queue/hand-over";
import { beat } from "@/lib/queue/heartbeat";
import type { PumpOptions } from "@/lib/queue/pump";
import { recordingPool, startPump, until, useDeliveries } from "@/lib/queue/testing";
import { DUE_CHANNEL, parseDue } from "@/lib/queue/wake";
import { emit } from "@/lib/webhooks/emit";
import { createTestWebhook } from "@/lib/webhooks/testing";

/** Longer than notifications of one process are apart. */
const QUIET_MS = 20;

const URL = "https://example.com/";

describe("deliveries that are handed over", () => {
  const { actor, emitNow, receiver, settled, opened } = useDeliveries();

  const heard: string[][] = [];

  /** A worker as others see it: it beats, and listens under its lock. */
  const appear = async (onPayload: (payload: string, id: string) => void = () => {}) => {
    const id = randomUUID();
    const payloads: string[] = [];
    heard.push(payloads);
    const ending = new AbortController();
    const gone = new AbortController();
    const hear = (_channel: string, payload: string) => {
      payloads.push(payload);
      onPayload(payload, id);
    };
    const running = Promise.all([
      beat(pool(), gone.signal, { id, trouble: () => null, onPlaces: () => {} }),
      listen([DUE_CHANNEL], hear, { signal: gone.signal, lock: { name: listeningLock(id), until: ending.signal } }),
    ]);
    opened(async () => {
      gone.abort();
      await running;
    });
    await until("it is alive and listens", async () => {
      const { rows } = await pool().query("SELECT 1 FROM worker_beat WHERE id = $1", [id]);
      return rows.length > 0 && !(await isFree(id));
    });
    return { id, payloads, end: () => ending.abort() };
  };

  /** With a pump, as in worker.ts. */
  const start = async (options: Partial<PumpOptions> = {}) => {
    const { recorded, statements } = recordingPool();
    const { pump, stop } = startPump({ pool: recorded, ...options });
    opened(stop);
    const worker = await appear((payload, id) => {
      const handedOver = parseHandedOver(payload);
      if (handedOver === null) pump.hear(parseDue(payload));
      else if (handedOver.to === id) pump.take(handedOver);
    });
    return { ...worker, pump, statements };
  };

  const webhook = (options: object = {}) => createTestWebhook(actor(), { url: URL, event_types: ["*"], ...options });

  /** This process has read the project's webhooks, and notified nobody for a while. */
  const ready = async () => {
    await emitNow();
    await pool().query("DELETE FROM attempt");
    await pool().query("DELETE FROM delivery");
    await sleep(QUIET_MS);
    for (const payloads of heard) payloads.length = 0;
  };

  const leaseOf = async (id: string | undefined) => {
    const { rows } = await pool().query(
      "SELECT attempt_count, lease_token IS NOT NULL AS leased, lease_until > now() + interval '25 s' AS holds FROM delivery WHERE id = $1",
      [id],
    );
    return rows[0];
  };

  const LEASED = { attempt_count: 1, leased: true, holds: true };
  const NOT_LEASED = { attempt_count: 0, leased: false, holds: null };

  it("go out without any claim", async () => {
    const target = await receiver();
    await webhook({ url: target.url() });
    await ready();
    const { statements } = await start();
    // A poll may come between, so not every time.
    await until("one went without", async () => {
      statements.length = 0;
      const before = target.requests.length;
      await emitNow();
      await until("settled", () => statements.includes("settle"));
      await sleep(QUIET_MS);
      expect(target.requests).toHaveLength(before + 1);
      return statements.filter((name) => name !== "add-stats").join() === "settle";
    });
    await settled();
    const { rows } = await pool().query(
      "SELECT DISTINCT d.status, d.attempt_count, a.number, a.http_status FROM delivery d JOIN attempt a ON a.delivery_id = d.id",
    );
    expect(rows).toEqual([{ status: "delivered", attempt_count: 1, number: 1, http_status: 200 }]);
  });

  it("carry what a claim would have read", async () => {
    const { id, payloads } = await appear();
    await webhook({ headers: { "x-own": 'a "quoted" \\\\ value' } });
    await ready();
    const [delivery] = (await emitNow({ text: 'é\n"\\' })).deliveries;
    await until("told", () => payloads.length > 0);
    expect(await leaseOf(delivery?.id)).toEqual(LEASED);
    const handedOver = parseHandedOver(payloads[0] ?? "");
    expect(handedOver).toMatchObject({ to: id, leasedAt: expect.any(Number) });
    await pool().query("UPDATE delivery SET lease_until = NULL, attempt_count = 0");
    const [claimed] = await claimNamed(pool(), [delivery?.id ?? ""]);
    const ofTheClaim = { leaseToken: expect.any(String), waitedMs: 0 };
    expect(handedOver?.deliveries).toEqual([{ ...claimed, ...ofTheClaim }]);
  });

  it("are told with the commit and not before, and not at all without one", async () => {
    const { payloads } = await appear();
    await webhook();
    await ready();
    const event = { type: "instance.started", data: {}, source: "api" } as const;
    const undone = transaction(async (tx) => {
      await emit(tx, actor().projectId, event);
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    await sleep(QUIET_MS);
    const stored = await transaction(async (tx) => {
      const emitted = await emit(tx, actor().projectId, event);
      await sleep(QUIET_MS);
      expect(payloads).toEqual([]);
      return emitted;
    });
    await until("told", () => payloads.length > 0);
    expect(payloads.map((payload) => parseHandedOver(payload)?.deliveries.map((delivery) => delivery.id))).toEqual([
      stored.deliveries.map((delivery) => delivery.id),
    ]);
  });

  it("go to one worker of several, and each arrives once", async () => {
    const target = await receiver();
    for (let n = 0; n < 2; n += 1) await webhook({ url: target.url(`/${n}`) });
    await ready();
    const workers = [await start(), await start()];
    for (let n = 0; n < 30; n += 1) {
      await emitNow();
      await sleep(QUIET_MS);
    }
    await settled();
    await until("all arrived", () => target.requests.length >= 60);
    expect(target.requests).toHaveLength(60);
    const [first, second] = workers.map(({ id }) => workers[0]?.payloads.filter((payload) => handedTo(payload) === id));
    expect(first?.length).toBeGreaterThan(0);
    expect(second?.length).toBeGreaterThan(0);
  });

  it.each<[string, number, object, Record<string, unknown>]>([
    ["belong to a lane", 1, { ordering: "strict" }, {}],
    ["have a webhook with a limit under way", 1, { max_in_flight: 5 }, {}],
    ["have a webhook with a limit per second", 1, { rate_limit: 5 }, {}],
    ["are more than four", 5, {}, {}],
    ["have an event that is too large", 1, {}, { text: "x".repeat(7_000) }],
    [
      "have a webhook whose headers are too large",
      1,
      { headers: { "x-a": "x".repeat(3_000), "x-b": "x".repeat(3_000) } },
      {},
    ],
  ])("are left to claims when they %s", async (_why, count, options, data) => {
    const { payloads } = await appear();
    for (let n = 0; n < count; n += 1) await webhook(options);
    await ready();
    const { deliveries } = await emitNow(data);
    await until("told", () => payloads.length > 0);
    expect(payloads.map(handedTo)).toEqual([undefined]);
    for (const { id } of deliveries) expect(await leaseOf(id)).toEqual(NOT_LEASED);
  });

  it.each(["failing_since = now()", "health = 'probing'", "paused_until = now() + interval '1 hour'"])(
    "are left to claims when one of their webhooks is not well: %s",
    async (change) => {
      const { payloads } = await appear();
      const { id } = await webhook();
      await webhook();
      await ready();
      await pool().query(`UPDATE webhook SET ${change} WHERE id = $1`, [id]);
      const { deliveries } = await emitNow();
      await until("told", () => payloads.length > 0);
      expect(payloads.map(parseDue)).toEqual([expect.arrayContaining(deliveries)]);
      for (const delivery of deliveries) expect(await leaseOf(delivery.id)).toEqual(NOT_LEASED);
    },
  );

  it("fit into a notification, whatever the event and however many its webhooks", async () => {
    const { payloads } = await appear();
    const parts = ["x", 'a"b\\c\n', "é", "\u0001", "日本"];
    let handedOver = 0;
    for (let webhooks = 1; webhooks <= 4; webhooks += 1) {
      await webhook();
      await ready();
      for (const part of parts) {
        // In the body of the payload each delivery has the body again.
        for (let bytes = 5_000 / webhooks; bytes < 7_000 / webhooks; bytes += 211) {
          payloads.length = 0;
          const { deliveries } = await emitNow({ text: part.repeat(bytes / Buffer.byteLength(JSON.stringify(part))) });
          await until("told", () => payloads.length > 0);
          const [payload = ""] = payloads;
          expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
          const isHandedOver = handedTo(payload) !== undefined;
          for (const { id } of deliveries) expect(await leaseOf(id)).toEqual(isHandedOver ? LEASED : NOT_LEASED);
          handedOver += Number(isHandedOver);
          await sleep(6);
        }
      }
    }
    expect(handedOver).toBeGreaterThan(20);
  });

  it("are named as soon as no worker listens any more, although the last one still counts as alive", async () => {
    const { payloads } = await appear();
    const dead = await appear();
    const ending = await appear();
    await webhook();
    await ready();
    // As with kill -9: the connection goes, the row stays.
    await pool().query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
          AND (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 0)`,
      [listeningLock(dead.id)],
    );
    ending.end();
    await until("the lock is free", () => isFree(ending.id));
    payloads.length = 0;
    for (let n = 0; n < 20; n += 1) {
      await emitNow();
      await sleep(QUIET_MS);
    }
    expect(payloads.map(handedTo)).not.toContain(ending.id);
    // It listens again after a while.
    await until("it has its lock again", async () => !(await isFree(dead.id)));
  });

  it("are given back by a worker that has no room, and go out in their turn", async () => {
    const held: ServerResponse[] = [];
    const target = await receiver((_request, response) => {
      if (target.requests.length === 1) held.push(response);
      else response.end();
    });
    await webhook({ url: target.url() });
    await ready();
    const { payloads } = await start({ concurrency: 1 });
    await emitNow();
    await until("the first is under way", () => held.length > 0);
    await sleep(QUIET_MS);
    const second = (await emitNow()).deliveries[0]?.id;
    await until("it was handed over and given back", async () => {
      const lease = await leaseOf(second);
      return payloads.length > 1 && lease.attempt_count === 0 && !lease.leased;
    });
    held[0]?.end();
    await settled();
    const { rows } = await pool().query("SELECT number FROM attempt WHERE delivery_id = $1", [second]);
    expect(rows).toEqual([{ number: 1 }]);
    expect(target.requests).toHaveLength(2);
  });

  it("are given back when they come late, or to a worker that ends", async () => {
    const target = await receiver();
    await webhook({ url: target.url() });
    const { payloads } = await appear();
    await ready();
    const { deliveries } = await emitNow();
    await until("told", () => payloads.length > 0);
    const handedOver = parseHandedOver(payloads[0] ?? "");
    if (!handedOver) throw new Error("It was not handed over.");

    const { recorded, finished } = recordingPool();
    const stopped = startPump({ pool: recorded, lingerMs: 500 });
    // Or that look would take it again.
    await until("the first look is over", () => finished.includes("claim-due"));
    const stopping = stopped.stop();
    stopped.pump.take(handedOver);
    await stopping;
    expect(await leaseOf(deliveries[0]?.id)).toEqual(NOT_LEASED);
    expect(target.requests).toEqual([]);

    await pool().query(
      "UPDATE delivery SET attempt_count = 1, lease_until = now() + interval '30 s', lease_token = $1",
      [handedOver.deliveries[0]?.leaseToken],
    );
    const { pump, stop } = startPump();
    opened(stop);
    pump.take({ ...handedOver, leasedAt: handedOver.leasedAt - 16_000 });
    await settled();
    expect(target.requests).toHaveLength(1);
    const { rows } = await pool().query("SELECT attempt_count FROM delivery");
    expect(rows).toEqual([{ attempt_count: 1 }]);
  });

  it("are no other notifications", () => {
    for (const payload of ["", "[]", "{}", "{", '{"to":"x","leased_at":1,"rows":[{}]}', '[["a","b"]]']) {
      expect(parseHandedOver(payload)).toBeNull();
    }
  });
});

const handedTo = (payload: string) => parseHandedOver(payload)?.to;

async function isFree(workerId: string): Promise<boolean> {
  const { rows } = await pool().query("SELECT pg_try_advisory_xact_lock_shared(hashtextextended($1, 0)) AS free", [
    listeningLock(workerId),
  ]);
  return rows[0].free;
}
