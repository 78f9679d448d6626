import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
    left.places = [{ workers: 1, rank: 0 }];
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
    begun.places = [{ workers: 1, rank: 0 }];
    await settled();
    expect(target.requests).toHaveLength(2);
  });
});

describe("the heartbeat", () => {
  /** A worker that has beaten once, and goes on until it is told to leave. */
  async function begin() {
    const stopping = new AbortController();
    const heard: Place[][] = [];
    const beating = beat(pool(), stopping.signal, {
      id: randomUUID(),
      trouble: () => null,
      onPlaces: (places) => heard.push(places),
    });
    await until("its first beat", () => heard.length > 0);
    return {
      heard,
      leave: async () => {
        stopping.abort();
        await beating;
      },
    };
  }

  beforeEach(async () => {
    await pool().query("DELETE FROM worker_beat");
    await pool().query("DELETE FROM worker_left");
  });

  it("tells each worker how many there are and how many began before it", async () => {
    const workers = [await begin(), await begin(), await begin()];
    expect(workers.map(({ heard }) => heard[0]?.[0])).toEqual([
      { workers: 1, rank: 0 },
      { workers: 2, rank: 1 },
      { workers: 3, rank: 2 },
    ]);
    await Promise.all(workers.map(({ leave }) => leave()));
    const { rows } = await pool().query("SELECT 1 FROM worker_beat");
    expect(rows).toHaveLength(0);
  });

  it("tells of those that were there between two beats, also of one that has left again", async () => {
    const first = await begin();
    const second = await begin();
    await second.leave();
    await until("the first one's next beat", () => first.heard.length > 1, 10_000);
    expect(first.heard).toEqual([
      [{ workers: 1, rank: 0 }, OUTSIDE],
      [{ workers: 1, rank: 0 }, OUTSIDE, { workers: 1, rank: 0 }, { workers: 2, rank: 0 }],
    ]);
    await first.leave();
  }, 20_000);

  it("lets one of two at most that begin at once believe that it is alone", async () => {
    for (let round = 0; round < 20; round += 1) {
      const workers = await Promise.all([begin(), begin()]);
      expect(workers.filter(({ heard }) => heard[0]?.[0]?.workers === 1).length).toBeLessThanOrEqual(1);
      await Promise.all(workers.map(({ leave }) => leave()));
    }
  });

  it("lets one that was taken for dead begin anew", async () => {
    const silent = await begin();
    await pool().query("UPDATE worker_beat SET beat_at = now() - interval '20 s', started_at = now() - interval '1 h'");
    const other = await begin();
    expect(other.heard[0]?.[0]).toEqual({ workers: 1, rank: 0 });
    await until("the silent one's next beat", () => silent.heard.length > 1, 10_000);
    expect(silent.heard[1]?.[0]).toEqual({ workers: 2, rank: 1 });
    expect(silent.heard[1]).toContainEqual(OUTSIDE);
    await Promise.all([silent.leave(), other.leave()]);
  }, 20_000);

  it("puts a worker outside that cannot tell the others of itself", async () => {
    await pool().query("ALTER TABLE worker_beat RENAME TO worker_beat_elsewhere");
    const cut = await begin();
    await pool().query("ALTER TABLE worker_beat_elsewhere RENAME TO worker_beat");
    expect(cut.heard).toEqual([[OUTSIDE]]);
    await cut.leave();
  });
});
