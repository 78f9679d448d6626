import { beforeEach, describe, expect, test, vi } from "vitest";
import { GET } from "@/app/api/metrics/route";
import { createKey, createPerson } from "@/lib/accounts/testing";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { Counters } from "@/lib/metrics/counters";
import { expose } from "@/lib/metrics/exposition";
import { readFigures } from "@/lib/metrics/figures";
import { useDeliveries } from "@/lib/queue/testing";
import { bucketOf } from "@/lib/webhooks/histogram";
import { createTestWebhook } from "@/lib/webhooks/testing";

vi.hoisted(() => {
  process.env.METRICS_TOKEN = "a-token-for-prometheus";
});

const MINUTE_MS = 60_000;

/** The text format as Prometheus defines it: a line is a comment, or a name, labels and a number. */
const SAMPLE =
  /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[Nn]a[Nn]|[+-]Inf)$/;

function parse(text: string): { samples: Map<string, number>; types: Map<string, string> } {
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("# HELP ")) continue;
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line);
    if (type) {
      expect(types.has(type[1] ?? ""), `${type[1]} is described twice`).toBe(false);
      types.set(type[1] ?? "", type[2] ?? "");
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw new Error(`Not a line of the format: ${line}`);
    const name = sample[1] ?? "";
    expect(types.get(name) ?? types.get(name.replace(/_(bucket|sum|count)$/, "")), `${name} has a type`).toBeDefined();
    const series = `${name}${sample[2] ? `{${sample[2]}}` : ""}`;
    expect(samples.has(series), `${series} stands there twice`).toBe(false);
    samples.set(series, Number(sample[3]));
  }
  return { samples, types };
}

describe("metrics", () => {
  const { actor, emitNow, receiver, pump, settled } = useDeliveries();

  beforeEach(async () => {
    await db.webhookStat.deleteMany();
    await db.event.deleteMany();
    await db.webhook.deleteMany();
  });

  const scrape = (token?: string) =>
    GET(
      new Request("http://localhost:3000/api/metrics", {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      }),
    );

  test("the token or a key with the scope admin gets in, nobody else", async () => {
    const { projectId } = actor();
    const admin = await createKey(projectId, ["admin"]);
    const other = await createKey(projectId, ["deliveries:read"]);
    expect((await scrape("a-token-for-prometheus")).status).toBe(200);
    expect((await scrape(admin.key)).status).toBe(200);
    for (const token of [undefined, "a-token-for-prometheuss", "x", other.key]) {
      const refused = await scrape(token);
      expect(refused.status).toBe(401);
      expect(await refused.text()).not.toContain("dumont_");
    }
    const { headers } = await createPerson({ isAdmin: true });
    expect((await GET(new Request("http://localhost:3000/api/metrics", { headers }))).status).toBe(401);
  });

  test("say what happened, in Prometheus' format", async () => {
    const before = parse(await (await scrape("a-token-for-prometheus")).text()).samples;
    const good = await receiver();
    const bad = await receiver((_request, response) => {
      response.statusCode = 500;
      response.end();
    });
    await createTestWebhook(actor(), { url: good.url(), event_types: ["instance.started"] });
    await createTestWebhook(actor(), { url: bad.url(), event_types: ["instance.started"], retry: { delays_s: [] } });
    await createTestWebhook(actor(), { url: bad.url(), event_types: ["instance.started"], enabled: false });
    pump();
    for (let n = 0; n < 3; n += 1) await emitNow();
    await settled();
    await vi.waitFor(async () => expect(await db.webhookStat.count()).toBeGreaterThanOrEqual(2), { timeout: 10_000 });
    const response = await scrape("a-token-for-prometheus");
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const { samples, types } = parse(await response.text());
    const rise = (series: string) => (samples.get(series) ?? Number.NaN) - (before.get(series) ?? Number.NaN);
    expect(rise("dumont_events_total")).toBeGreaterThanOrEqual(3);
    await vi.waitFor(async () => {
      const now = parse(await (await scrape("a-token-for-prometheus")).text()).samples;
      const risen = (series: string) => (now.get(series) ?? 0) - (before.get(series) ?? 0);
      expect(risen('dumont_deliveries_ended_total{outcome="delivered"}')).toBeGreaterThanOrEqual(3);
      expect(risen('dumont_deliveries_ended_total{outcome="failed"}')).toBeGreaterThanOrEqual(3);
      expect(risen('dumont_attempts_total{outcome="ok"}')).toBeGreaterThanOrEqual(3);
      expect(risen("dumont_attempt_duration_seconds_count")).toBeGreaterThanOrEqual(6);
    });
    expect(samples.get('dumont_deliveries{status="failed"}')).toBe(3);
    expect(samples.get('dumont_webhooks{status="disabled"}')).toBe(1);
    expect(samples.get('dumont_webhooks{status="healthy"}')).toBeGreaterThanOrEqual(1);
    expect(samples.get("dumont_queue_oldest_due_age_seconds")).toBe(0);
    expect(types.get("dumont_attempt_duration_seconds")).toBe("histogram");
    expect([...samples.keys()].filter((series) => series.includes(actor().projectId))).toEqual([]);
    expect(samples.get("process_resident_memory_bytes")).toBeGreaterThan(0);
  });

  test("the age of the queue is that of the longest due, ordered or not, in whatever project", async () => {
    const { url } = await receiver();
    const unordered = await createTestWebhook(actor(), { url: url(), event_types: ["*"] });
    const strict = await createTestWebhook(actor(), { url: url(), event_types: ["*"], ordering: "strict" });
    for (let n = 0; n < 3; n += 1) await emitNow();
    const age = async () => {
      const now = new Date();
      return parse(await expose(await readFigures(now), now)).samples.get("dumont_queue_oldest_due_age_seconds") ?? 0;
    };
    const makeDue = (webhookId: string, which: "min" | "max", seconds: number) =>
      pool().query(
        `UPDATE delivery SET next_attempt_at = now() - make_interval(secs => $2)
          WHERE id = (SELECT ${which}(id) FROM delivery WHERE webhook_id = $1)`,
        [webhookId, seconds],
      );
    await makeDue(unordered.id, "max", 500);
    expect(await age()).toBeGreaterThanOrEqual(500);
    await makeDue(strict.id, "max", 900);
    expect(await age(), "one behind the head of its lane is not late").toBeLessThan(900);
    await makeDue(strict.id, "min", 900);
    expect(await age()).toBeGreaterThanOrEqual(900);
    const pause = (until: Date | null) => db.webhook.update({ where: { id: strict.id }, data: { pausedUntil: until } });
    await pause(new Date(Date.now() + 60_000));
    expect(await age(), "a pause that the receiver asked for is not lateness").toBeLessThan(900);
    await pause(null);
    expect(await age()).toBeGreaterThanOrEqual(900);
    await pool().query("UPDATE delivery SET lease_until = now() + interval '1 minute'");
    expect(await age(), "what is being sent does not wait").toBe(0);
  });

  test("counters only rise: over minutes that change, minutes that settle, and statistics that are removed", async () => {
    const { url } = await receiver();
    const webhook = await createTestWebhook(actor(), { url: url(), event_types: ["*"] });
    const start = new Date("2026-11-20T12:00:30Z");
    const at = (minutes: number) => new Date(start.getTime() + minutes * MINUTE_MS);
    const add = async (minutes: number, delivered: number) => {
      const minute = new Date(Math.floor(at(minutes).getTime() / MINUTE_MS) * MINUTE_MS);
      const latency = Array.from({ length: 60 }, (_, bucket) => (bucket === bucketOf(40) ? delivered : 0));
      await db.webhookStat.upsert({
        where: { webhookId_minute: { webhookId: webhook.id, minute } },
        create: {
          webhookId: webhook.id,
          minute,
          projectId: actor().projectId,
          delivered,
          attemptsOk: delivered,
          latency,
          queueWait: [],
        },
        update: { delivered: { increment: delivered }, attemptsOk: { increment: delivered } },
      });
    };
    await add(-10, 1000);
    const counters = new Counters(start);
    const delivered = async (minutes: number) => (await counters.read(at(minutes))).delivered;
    expect(await delivered(0), "what was before it is not counted").toBe(0);
    await add(0, 5);
    expect(await delivered(0)).toBe(5);
    await add(0, 2);
    await add(1, 10);
    expect(await delivered(1)).toBe(17);
    expect(await delivered(5)).toBe(17);
    await db.webhookStat.deleteMany();
    expect(await delivered(6), "removed with age").toBe(17);
    await add(6, 3);
    const [one, two] = await Promise.all([delivered(7), delivered(7)]);
    expect([one, two]).toEqual([20, 20]);
    expect((await counters.read(at(7))).latency[bucketOf(40)]).toBe(18);
  });

  test("buckets of the histogram are cumulative, and its sum is near the truth", async () => {
    const times = [3, 40, 40, 900, 20_000];
    const latency = Array.from({ length: 60 }, (_, bucket) => times.filter((ms) => bucketOf(ms) === bucket).length);
    const figures = await readFigures(new Date());
    const { samples } = parse(await expose({ ...figures, totals: { ...figures.totals, latency } }, new Date()));
    const buckets = [...samples].filter(([series]) => series.startsWith("dumont_attempt_duration_seconds_bucket"));
    const counts = buckets.map(([, count]) => count);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(times.length);
    for (const [series, count] of buckets) {
      const bound = Number(/le="(.*)"/.exec(series)?.[1]?.replace("+Inf", "Infinity"));
      const below = times.filter((ms) => ms / 1000 <= bound).length;
      expect(Math.abs(count - below), series).toBeLessThanOrEqual(1);
    }
    const exact = times.reduce((sum, ms) => sum + ms, 0) / 1000;
    const told = samples.get("dumont_attempt_duration_seconds_sum") ?? 0;
    expect(Math.abs(told / exact - 1)).toBeLessThan(0.125);
  });
});
