import { afterEach, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import { beat } from "@/lib/queue/heartbeat";
import { OUTSIDE, type Place, turnAt } from "@/lib/queue/share";
import { startPump, until, useDeliveries } from "@/lib/queue/testing";
import { createTestWebhook } from "@/lib/webhooks/testing";

describe("the limits of a webhook over two workers", () => {
  const { actor, emitNow, receiver, settled } = useDeliveries();
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });

  const worker = (place: Place) => {
    const started = startPump({ place });
    stops.push(started.stop);
    return started.pump;
  };

  it("hold together, whether they can be divided or not", async () => {
    const underWay = new Map<string, number>();
    const most = new Map<string, number>();
    const target = await receiver(({ path }, response) => {
      const now = (underWay.get(path) ?? 0) + 1;
      underWay.set(path, now);
      most.set(path, Math.max(most.get(path) ?? 0, now));
      setTimeout(() => {
        underWay.set(path, (underWay.get(path) ?? 0) - 1);
        response.end();
      }, 30);
    });
    const limits = [1, 1, 1, 2, 3, 5];
    for (const [n, limit] of limits.entries()) {
      await createTestWebhook(actor(), { url: target.url(`/${n}`), event_types: ["*"], max_in_flight: limit });
    }
    await Promise.all(Array.from({ length: 40 }, () => emitNow()));
    for (const rank of [0, 1]) worker({ workers: 2, rank });
    await settled();
    for (const [n, limit] of limits.entries()) expect(most.get(`/${n}`)).toBeLessThanOrEqual(limit);
    expect(target.requests).toHaveLength(40 * limits.length);
  });

  it("let no more requests per second through than one worker would", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], rate_limit: 1 });
    await Promise.all(Array.from({ length: 3 }, () => emitNow()));
    for (const rank of [0, 1]) worker({ workers: 2, rank });
    await settled();
    const times = target.requests.map(({ at }) => at);
    for (const [index, at] of times.entries()) expect(at - (times[0] ?? 0)).toBeGreaterThanOrEqual(index * 1_000 - 500);
  });

  it("are taken over by the worker that is left", async () => {
    const target = await receiver();
    const { id } = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], max_in_flight: 1 });
    const second = [0, 1].find((rank) => turnAt(id, { workers: 2, rank }) === 1) ?? 0;
    const left = worker({ workers: 2, rank: second });
    await emitNow();
    await createTestWebhook(actor(), { url: target.url("/free"), event_types: ["*"] });
    await emitNow();
    await until("the one without a limit is served", () => target.requests.some(({ path }) => path === "/free"));
    expect(target.requests.map(({ path }) => path)).toEqual(["/free"]);
    left.place = { workers: 1, rank: 0 };
    await settled();
    expect(target.requests.map(({ path }) => path)).toEqual(["/free", "/", "/"]);
  });

  it("leave the probes of a failed webhook to one worker", async () => {
    const target = await receiver();
    const { id } = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    await pool().query("UPDATE webhook SET health = 'probing', failing_since = now() WHERE id = $1", [id]);
    await createTestWebhook(actor(), { url: target.url("/free"), event_types: ["*"] });
    await emitNow();
    const [first, second] = [0, 1].toSorted(
      (a, b) => turnAt(id, { workers: 2, rank: a }) - turnAt(id, { workers: 2, rank: b }),
    );
    worker({ workers: 2, rank: second ?? 0 });
    await until("the healthy one is served", () => target.requests.length === 1);
    await emitNow();
    await until("the healthy one is served again", () => target.requests.length === 2);
    expect(target.requests.map(({ path }) => path)).toEqual(["/free", "/free"]);
    worker({ workers: 2, rank: first ?? 0 });
    await settled();
    expect(target.requests.filter(({ path }) => path === "/")).toHaveLength(2);
  });

  it("are left to the others by one that has not heard of them yet", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url("/limited"), event_types: ["*"], rate_limit: 100 });
    await createTestWebhook(actor(), { url: target.url("/free"), event_types: ["*"] });
    await emitNow();
    const begun = worker(OUTSIDE);
    await until("the one without a limit is served", () => target.requests.length === 1);
    expect(target.requests[0]?.path).toBe("/free");
    begun.place = { workers: 1, rank: 0 };
    await settled();
    expect(target.requests).toHaveLength(2);
  });
});

describe("the heartbeat", () => {
  it("tells each worker how many there are and how many began before it", async () => {
    const stopping = new AbortController();
    const heard: Place[] = [];
    const beats: Promise<void>[] = [];
    for (let n = 0; n < 3; n += 1) {
      beats.push(beat(pool(), stopping.signal, { trouble: () => null, onPlace: (place) => heard.push(place) }));
      await until("its first beat", () => heard.length > n);
    }
    expect(heard.slice(0, 3)).toEqual([
      { workers: 1, rank: 0 },
      { workers: 2, rank: 1 },
      { workers: 3, rank: 2 },
    ]);
    stopping.abort();
    await Promise.all(beats);
    const { rows } = await pool().query("SELECT 1 FROM worker_beat");
    expect(rows).toHaveLength(0);
  });
});
